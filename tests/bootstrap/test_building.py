"""A station put together: what settings come to, and the wires between the concrete parts."""

from __future__ import annotations

import pytest

from crisisdesk.bootstrap.building import (
    INTAKE_TOKEN,
    RESOLVE_TIMEOUT_MS,
    KeptAddresses,
    intake_routes,
    intake_rules,
    intake_token,
    policy_of,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Secrets
from crisisdesk.engine.workers.pager import secret_name
from crisisdesk.settings.model import Settings

from tests.engine.workers.live import MemorySecrets

NOW_MS = 1_800_000_000_000


def settings(**parts: object) -> Settings:
    return Settings.model_validate({"station_name": "North", **parts})


def test_the_policy_is_what_the_settings_say() -> None:
    policy = policy_of(
        settings(
            delivery={"deadline_s": 3.5, "max_attempts": 7, "backoff_s": 2.0},
            paging_severities=(Severity.EMERGENCY,),
            sla={"ack_minutes": {"high": 10.0}, "prealarm_share": 0.5},
            acks={"hold_minutes": {"high": 1.5, "low": 3.0}, "ask_minutes": 0.0},
        )
    )
    retry = policy.retry
    assert (retry.deadline_ms, retry.max_attempts, retry.backoff_ms) == (3_500, 7, 2_000)
    assert policy.paging_severities == {Severity.EMERGENCY}
    assert policy.sla.deadline(Severity.HIGH, NOW_MS) == NOW_MS + 600_000
    assert policy.sla.prealarm(Severity.HIGH, NOW_MS) == NOW_MS + 300_000
    assert policy.hold.span(Severity.HIGH, NOW_MS) == (NOW_MS + 90_000, None)
    assert policy.hold.span(Severity.MEDIUM, NOW_MS) is None
    assert policy.hold.offer_ms == 600_000


def test_every_way_in_is_there() -> None:
    routes = intake_routes(settings())
    assert {"/intake/alertmanager", "/api/v2/alerts", "/v2/enqueue"} <= routes.keys()
    assert any(path.startswith("/intake/generic/") for path in routes)


def test_a_firing_alert_without_an_end_stands_for_the_resolve_timeout() -> None:
    body = b'[{"labels": {"alertname": "Disk"}}]'
    [signal] = intake_routes(settings())["/api/v2/alerts"].parse(body, NOW_MS).signals
    assert signal.ends_at == NOW_MS + RESOLVE_TIMEOUT_MS


def test_a_stations_own_words_for_severities_win() -> None:
    rules = intake_rules(settings(severity_words={" Page ": Severity.EMERGENCY}))
    assert rules.severity("PAGE") == Severity.EMERGENCY


def test_a_stations_own_format_is_taken_in() -> None:
    own = {"key": "id", "title": "what", "severity": "how_bad", "action": "state"}
    route = intake_routes(settings(intake={"meter": own}))["/intake/generic/meter"]
    body = b'{"id": "7", "what": "Too hot", "how_bad": "critical", "state": "open"}'
    [signal] = route.parse(body, NOW_MS).signals
    assert (signal.source, signal.key, signal.title) == ("meter", "7", "Too hot")
    assert (route.source, signal.severity) == ("meter", Severity.CRITICAL)


def test_the_intake_token_is_made_once() -> None:
    secrets: Secrets = MemorySecrets()
    token = intake_token(secrets)
    assert len(token) >= 32
    assert intake_token(secrets) == token == secrets.get(INTAKE_TOKEN)


def test_addresses_are_kept_where_secrets_are_and_forgotten() -> None:
    secrets = MemorySecrets()
    addresses = KeptAddresses(secrets)
    url = "webhooks://example.org/page?token=s3cret"
    assert addresses.check(url) == ("webhook", "webhooks://example.org/…")
    addresses.keep("m1", url)
    assert secrets.get(secret_name("m1")) == url
    addresses.forget("m1")
    assert secrets.get(secret_name("m1")) is None


def test_an_address_that_cannot_work_is_refused_without_being_repeated() -> None:
    with pytest.raises(Malformed) as refused:
        KeptAddresses(MemorySecrets()).check("gopher://s3cret.example.org/")
    assert refused.value.field == "url"
    assert "s3cret" not in str(refused.value)


def test_what_flaps_is_as_the_settings_say() -> None:
    policy = policy_of(settings(quieting={"flap_changes": 6, "stays_minutes": 2.5, "settle_s": 5}))
    assert (policy.damping.changes, policy.damping.within_ms) == (6, 1_800_000)
    assert (policy.damping.stays_ms, policy.damping.again_ms) == (150_000, 3_600_000)
    assert policy.settle_ms == 5_000
