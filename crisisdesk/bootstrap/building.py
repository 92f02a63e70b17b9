"""Puts a station's engine together out of the concrete classes."""

from __future__ import annotations

import secrets as entropy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from crisisdesk.api.allowance import Allowances
from crisisdesk.api.app import PAGERDUTY_PATH, IntakeRoute, create_app
from crisisdesk.api.auth import Auth
from crisisdesk.api.bounds import Limits
from crisisdesk.api.reads import Reads
from crisisdesk.bootstrap.answering import answering
from crisisdesk.bootstrap.changing import change_routes, mapped_parse
from crisisdesk.bootstrap.detecting import detection
from crisisdesk.bootstrap.recovering import hands
from crisisdesk.bootstrap.storing import open_store
from crisisdesk.comms.beacon import HttpBeacon
from crisisdesk.comms.digest import render_digest
from crisisdesk.comms.render import PageFacts, render_page
from crisisdesk.comms.senders import (
    AddressError,
    SealedSender,
    Senders,
    channel_of,
    check_url,
    masked,
)
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.anomaly import new_detector
from crisisdesk.domain.asking import answer_words, lead_of, lines_of
from crisisdesk.domain.bundle import Digest
from crisisdesk.domain.canonical import use_encoder, use_parser
from crisisdesk.domain.delivery import Delivery, RetryPolicy
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.holding import HoldPolicy
from crisisdesk.domain.severity import DEFAULT_SEVERITY_WORDS, Severity
from crisisdesk.domain.sla import SlaPolicy
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.intake import Intake, Parsed
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Clock, Renderer, Secrets, Sender
from crisisdesk.engine.runtime import Engine, Parts
from crisisdesk.engine.workers.pager import secret_name
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places
from crisisdesk.settings.playbooks import shipped_plans
from crisisdesk.sources import alertmanager_api, alertmanager_webhook, generic, manual, pagerduty
from crisisdesk.sources.contact_files import read_contacts
from crisisdesk.sources.mapping import BUILT_IN, GenericMapping, own_format
from crisisdesk.sources.rules import IntakeRules
from crisisdesk.store.backup import BackupKeeper
from crisisdesk.store.queries import StationReader, StoreUnavailable

INTAKE_TOKEN = "token:intake"
RESOLVE_TIMEOUT_MS = 5 * 60_000


# Twilio and Opsgenie can be asked what became of a message; of others on these channels nothing is
# heard, and what is not confirmed in time goes to the contact's next method as well.
CONFIRMED_CHANNELS = frozenset({"sms", "voice", "opsgenie"})


def policy_of(settings: Settings) -> Policy:
    """The engine's policy from the station's settings."""
    return Policy(
        sla=SlaPolicy(
            ack_ms={s: settings.sla.ack_ms(s) for s in Severity},
            prealarm_ms={s: settings.sla.prealarm_ms(s) for s in Severity},
        ),
        retry=RetryPolicy(
            max_attempts=settings.delivery.max_attempts,
            deadline_ms=round(settings.delivery.deadline_s * 1000),
            backoff_ms=round(settings.delivery.backoff_s * 1000),
        ),
        paging_severities=frozenset(settings.paging_severities),
        confirm_channels=CONFIRMED_CHANNELS,
        hold=HoldPolicy(
            hold_ms={s: settings.acks.hold_ms(s) for s in Severity},
            ask_ms=round(settings.acks.ask_minutes * 60_000),
            offer_ms=round(settings.acks.hand_off_minutes * 60_000),
        ),
        damping=settings.quieting.damping(),
        settle_ms=round(settings.quieting.settle_s * 1000),
        loop_every_ms=round(settings.loop_test.every_s * 1000),
        loop_costly_ms=round(settings.loop_test.costly_every_s * 1000),
        loop_within_ms=round(settings.loop_test.within_s * 1000),
        playbooks=shipped_plans(),
    )


def intake_routes(settings: Settings) -> dict[str, IntakeRoute]:
    """Every intake path with its parser bound to the station's rules."""
    rules = intake_rules(settings)

    def from_api(body: bytes, now_ms: int) -> Parsed:
        parsed = alertmanager_api.parse(body, rules, now_ms=now_ms)
        for one in parsed.signals:
            # Alertmanager's resolve_timeout: a firing alert without an end stands this long.
            if one.ends_at is None:
                one.ends_at = now_ms + RESOLVE_TIMEOUT_MS
        return parsed

    def from_pagerduty(body: bytes, _now_ms: int) -> Parsed:
        return pagerduty.parse(body, rules, new_key=partial(entropy.token_hex, 16))

    routes = {
        "/intake/alertmanager": IntakeRoute(
            parse=lambda body, _now_ms: alertmanager_webhook.parse(body, rules),
            source="alertmanager",
        ),
        "/api/v2/alerts": IntakeRoute(parse=from_api, source="alertmanager"),
        PAGERDUTY_PATH: IntakeRoute(
            parse=from_pagerduty,
            source="pagerduty",
            refusal=pagerduty.refusal,
            key_in_body=True,
        ),
    }
    routes |= change_routes(rules)
    mappings = dict(BUILT_IN)
    for name, own in settings.intake.items():
        mappings[name] = own_format(name, own.model_dump())
    for name, mapping in mappings.items():
        routes[f"/intake/generic/{name}"] = IntakeRoute(
            parse=_generic_intake(rules, mapping), source=mapping.source
        )
    return routes


def _generic_intake(rules: IntakeRules, mapping: GenericMapping) -> Intake:
    return lambda body, _now_ms: generic.parse(body, rules, mapping=mapping)


def intake_rules(settings: Settings) -> IntakeRules:
    """How foreign words and shapes are read here."""
    words = {w.strip().lower(): s for w, s in settings.severity_words.items()}
    return IntakeRules(
        severity_words={**DEFAULT_SEVERITY_WORDS, **words},
        default_severity=settings.default_severity,
        max_body_bytes=settings.max_body_bytes,
        # A Prometheus 3 sends label names in any UTF-8; refusing them would lose its alerts.
        utf8_label_names=True,
    )


def manual_intake(settings: Settings) -> Intake:
    """The parser of alerts that people raise."""
    rules = intake_rules(settings)

    def parse(body: bytes, _now_ms: int) -> Parsed:
        return manual.parse(body, rules, new_key=partial(entropy.token_hex, 8))

    return parse


def page_renderer(station: Callable[[], str]) -> Renderer:
    """Words of a page from what is known of its alert, or of all alerts that it tells of.

    ``station`` says what this station is called now.
    """

    def render(
        delivery: Delivery, alert: Alert | None, digest: Digest | None = None
    ) -> tuple[str, str]:
        if digest is not None:
            return render_digest(digest, delivery.channel, station())
        if alert is None:
            return delivery.title, delivery.text
        asked = lead_of(delivery.reason)
        how = f"crisisdesk alert ack {alert.alert_id}, or A at the desk"
        facts = PageFacts(
            severity=alert.severity,
            title=alert.title,
            alert_id=alert.alert_id,
            service=alert.service,
            place=alert.place,
            station=station(),
            since_ms=alert.detected_at,
            deadline_ms=None if asked else alert.sla_deadline,
            acknowledge=answer_words(delivery.reason, alert.alert_id) if asked else how,
            note=delivery.note,
            possible_repeat=delivery.unknown > 0,
            lead=asked,
            hand=" ".join(lines_of(delivery.reason, alert)),
        )
        return render_page(facts)

    return render


class KeptAddresses:
    """Implements `api.room.MethodAddresses` on the station's secrets."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def check(self, url: str) -> tuple[str, str]:
        """The channel and the masked form of an address that can work."""
        try:
            check_url(url)
        except AddressError as error:
            remedy = "see the help page Paging for the form of addresses"
            raise Malformed("url", str(error), remedy) from error
        return channel_of(url), masked(url)

    def keep(self, method_id: str, url: str) -> None:
        """Keep it where secrets live."""
        self._secrets.set(secret_name(method_id), url)

    def forget(self, method_id: str) -> None:
        """Forget it."""
        self._secrets.delete(secret_name(method_id))


def intake_token(secrets: Secrets) -> str:
    """The token that senders use; made at the first start."""
    token = secrets.get(INTAKE_TOKEN)
    if token is None:
        token = entropy.token_urlsafe(32)
        secrets.set(INTAKE_TOKEN, token)
    return token


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An engine that is not started yet, and the application that serves it."""

    engine: Engine
    app: Any
    reads: Reads
    desk_token: str
    senders: Sender


def build(
    places: Places,
    settings: Settings,
    secrets: Secrets,
    *,
    clock: Clock | None = None,
) -> Built:
    """Open the store and put everything together; must run on the loop that will serve it.

    Raises `store.errors.StoreError` in words.
    """
    clock = clock or SystemClock()
    # Seven times as fast as the domain's own, with the same bytes; a test compares the two.
    use_encoder(partial(orjson.dumps, option=orjson.OPT_SORT_KEYS))
    use_parser(orjson.loads)
    address = None
    if settings.hub.url:
        # A station that stands alone starts without loading what speaks to a hub.
        from crisisdesk.bootstrap.fleet import FleetParts, address_of

        address = address_of(settings.hub, secrets)
    stored = open_store(places, settings, clock, address)
    opened = stored.opened
    fleet = None
    if address is not None:
        fleet = FleetParts(
            places,
            settings,
            secrets,
            clock,
            address,
            station_id=opened.station_id,
            spool=stored.spool,
        )
    answers = answering(settings, secrets, clock)
    senders: Sender = SealedSender() if settings.sealed else Senders(clock)
    seen = detection(places, settings, intake_rules(settings), clock)
    engine = Engine(
        Parts(
            journal=opened.journal,
            clock=clock,
            policy=policy_of(settings),
            sender=senders,
            confirmer=senders if isinstance(senders, Senders) else None,
            beacon=None if settings.sealed else HttpBeacon(),
            weekly=None if settings.sealed else settings.reachability.weekly(),
            loops=settings.loop_test.enabled and not settings.sealed,
            secrets=secrets,
            render=page_renderer(lambda: engine.names.name),
            keeper=BackupKeeper(
                places.store,
                places.backups,
                clock,
                hours_kept=settings.backup.keep_hourly,
                days_kept=settings.backup.keep_daily,
            ),
            backup_interval_ms=settings.backup.interval_minutes * 60_000,
            planner=stored.planner,
            reserve=stored.ballast,
            notices=stored.problems,
            hub=None if fleet is None else fleet.make(),
            offers=answers.links,
            inboxes=answers.inboxes,
            detection=seen,
            new_detector=new_detector,
            hands=None if settings.sealed else hands(settings.recovery, secrets),
        ),
        settings.station_name,
    )
    if fleet is not None:
        fleet.on_addresses = engine.forget_addresses
        fleet.board = engine.presence
    desk_token = entropy.token_urlsafe(32)
    reads = Reads(partial(StationReader, places.store, settings.quieting.damping), StoreUnavailable)
    app = create_app(
        engine,
        reads,
        intakes=intake_routes(settings),
        manual=manual_intake(settings),
        addresses=KeptAddresses(secrets),
        contact_files=read_contacts,
        auth=Auth(desk_token=desk_token, intake_tokens=(intake_token(secrets),)),
        hosts=(settings.host, *settings.names),
        limits=Limits(body_bytes=settings.max_body_bytes),
        ear=engine.heartbeats,
        lookout=engine.collector,
        answers=answers.links,
        texts=answers.texts,
        recorded=seen.samples,
        new_detector=new_detector,
        mapped_changes=mapped_parse(intake_rules(settings)),
        runner=engine.runner,
        allowances=Allowances(settings.intake_limits),
        board=engine.presence,
    )
    return Built(engine=engine, app=app, reads=reads, desk_token=desk_token, senders=senders)
