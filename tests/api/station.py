"""A real station for the tests of its door: engine, store and parsers, in a folder of the test."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from crisisdesk.api.allowance import Allowances
from crisisdesk.api.app import PAGERDUTY_PATH, IntakeRoute, create_app
from crisisdesk.api.auth import Auth
from crisisdesk.api.bounds import Limits
from crisisdesk.api.reads import Reads
from crisisdesk.api.room import TextMessages
from crisisdesk.bootstrap.changing import change_routes, mapped_parse
from crisisdesk.comms.channels import AddressError, channel_of, check_shape, masked
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.bundle import Digest
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.answer_links import AnswerLinks
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.collector_ports import Detection
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Outcome, Outgoing
from crisisdesk.engine.recovery_ports import Hands
from crisisdesk.engine.runtime import Engine, Parts
from crisisdesk.sources import (
    alertmanager_api,
    alertmanager_webhook,
    generic,
    manual,
    pagerduty,
)
from crisisdesk.sources.contact_files import read_contacts
from crisisdesk.sources.probes.registry import Probers
from crisisdesk.sources.rules import IntakeRules
from crisisdesk.store.opening import open_station
from crisisdesk.store.queries import StationReader, StoreUnavailable

DESK = "desk-token-0123456789abcdef"
INTAKE = "intake-token-0123456789abcdef"
OPERATOR = {"X-CrisisDesk-Operator": "Zo%C3%AB%20Ng"}
BEARER = {"authorization": f"Bearer {DESK}"}
BASE = "http://127.0.0.1:9611"


class Outbox:
    """Takes every page; what was handed over can be looked at."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> Outcome:
        self.sent.append(outgoing)
        return Outcome(ok=True, words="250 taken")

    async def aclose(self) -> None: ...


class MemorySecrets:
    """Secrets of one test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class NoBackups:
    """Backups are another room's; this one only says that there are none."""

    def back_up(self) -> None: ...

    def last_backup_ms(self) -> int | None:
        return None


def render(
    delivery: Delivery, _alert: Alert | None, _digest: Digest | None = None, /
) -> tuple[str, str]:
    return delivery.title, delivery.text


class Station:
    """Engine and app on a loop of their own; requests go through the real ASGI application."""

    policy = Policy()
    allowances = Allowances()

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.path = folder / "station.db"
        self.outbox, self.secrets = Outbox(), MemorySecrets()
        self.runner = asyncio.Runner()
        self.limits = limits
        self.run(self._start())

    async def _start(self) -> None:
        parts = Parts(
            journal=open_station(self.path).journal,
            clock=SystemClock(),
            policy=self.policy,
            sender=self.outbox,
            secrets=self.secrets,
            render=render,
            keeper=NoBackups(),
            backup_interval_ms=3_600_000,
            detection=Detection(probers=Probers()),
            hands=self.hands(),
        )
        self.engine = Engine(parts, "Test station")
        await self.engine.start()
        rules = IntakeRules()
        self.app = create_app(
            self.engine,
            Reads(lambda: StationReader(self.path), StoreUnavailable),
            intakes=intakes(rules),
            manual=lambda body, _now: manual.parse(body, rules, new_key=new_key),
            addresses=self,
            contact_files=read_contacts,
            ear=self.engine.heartbeats,
            lookout=self.engine.collector,
            runner=self.engine.runner,
            board=self.engine.presence,
            allowances=self.allowances,
            auth=Auth(desk_token=DESK, intake_tokens=(INTAKE,)),
            limits=self.limits,
            answers=self.links(),
            texts=self.texts(),
            mapped_changes=mapped_parse(rules),
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=True), base_url=BASE
        )

    def hands(self) -> Hands | None:
        """What does automatic steps; nothing unless a test says so."""
        return None

    def links(self) -> AnswerLinks | None:
        """What reads links of pages; a station has none unless its settings say so."""
        return None

    def texts(self) -> TextMessages | None:
        """What takes text messages that come in."""
        return None

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def check(self, url: str) -> tuple[str, str]:
        try:
            check_shape(url)
        except AddressError as error:
            raise Malformed("url", str(error), "send another address") from None
        return channel_of(url), masked(url)

    def keep(self, method_id: str, url: str) -> None:
        self.secrets.set(f"method:{method_id}", url)

    def forget(self, method_id: str) -> None:
        self.secrets.delete(f"method:{method_id}")

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """A request of the desk, as its operator."""
        headers = {**BEARER, **OPERATOR, **how.pop("headers", {})}
        answer: httpx.Response = self.run(self.http.request(method, path, headers=headers, **how))
        return answer

    def bare(self, method: str, path: str, **how: Any) -> httpx.Response:
        """A request with the headers given and no others."""
        answer: httpx.Response = self.run(self.http.request(method, path, **how))
        return answer

    def raised(self, **fields: Any) -> dict[str, Any]:
        """An alert raised by hand."""
        answer = self.ask(
            "POST", "/crisis/alerts/", json={"title": "Disk full", "severity": "low", **fields}
        )
        assert answer.status_code == 201, answer.text
        alert: dict[str, Any] = answer.json()
        return alert

    def head(self) -> int:
        """The last log position on disk."""
        reader = StationReader(self.path)
        try:
            return reader.head_pos()
        finally:
            reader.close()

    def reader(self, question: Callable[[StationReader], Any]) -> Any:
        """Ask the file itself."""
        reader = StationReader(self.path)
        try:
            return question(reader)
        finally:
            reader.close()

    def close(self) -> None:
        self.run(self._stop())
        self.runner.close()

    async def _stop(self) -> None:
        await self.http.aclose()
        self.app.state.room.close()
        await self.engine.stop()


def new_key() -> str:
    return uuid.uuid4().hex


def intakes(rules: IntakeRules) -> dict[str, IntakeRoute]:
    """The ways in, as a station has them."""
    return {
        "/intake/alertmanager": IntakeRoute(
            parse=lambda body, _now: alertmanager_webhook.parse(body, rules),
            source=alertmanager_api.SOURCE,
        ),
        "/api/v2/alerts": IntakeRoute(
            parse=lambda body, now: alertmanager_api.parse(body, rules, now_ms=now),
            source=alertmanager_api.SOURCE,
        ),
        PAGERDUTY_PATH: IntakeRoute(
            parse=lambda body, _now: pagerduty.parse(body, rules, new_key=new_key),
            source=pagerduty.SOURCE,
            refusal=pagerduty.refusal,
            key_in_body=True,
        ),
        "/intake/generic/plain": IntakeRoute(parse=partial(_generic, rules), source="generic"),
        **change_routes(rules),
    }


def _generic(rules: IntakeRules, body: bytes, _now: int) -> Any:
    return generic.parse(body, rules)
