"""Two living stations, one cut off, both at work, reconnected: a file with a real split."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from crisisdesk.domain.station import Station
from crisisdesk.engine import commands as c
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.exchange import replicator
from crisisdesk.store.queries import StationReader

from tests.engine.exchange.living import Ear, Post, until
from tests.reliability.memhub import MemHub
from tests.store.workload import signal

CUT_MS = 798_000
AGO_MS = 1_200_000
KLARA, MATEO, AKI = "Klára Langová", "Mateo Ruiz", "Aki Tanaka"


class TakenBack:
    """The system's clock, some time ago; ``pass_by`` lets time go by."""

    def __init__(self) -> None:
        self._clock, self._ago_ms = SystemClock(), AGO_MS

    def now_ms(self) -> int:
        return self._clock.now_ms() - self._ago_ms

    def boottime(self) -> float:
        return self._clock.boottime()

    def pass_by(self, ms: int) -> None:
        self._ago_ms -= ms


class Story(NamedTuple):
    """The folder of the station that was cut off, and what was worked on."""

    folder: Path
    alerts: list[str]
    incident: str


@contextmanager
def short_splits() -> Iterator[None]:
    """Being cut off for a moment counts, as only a longer time does otherwise."""
    before = replicator.SPLIT_MS
    replicator.SPLIT_MS = 0
    try:
        yield
    finally:
        replicator.SPLIT_MS = before


def tell(folder: Path, *, collide: bool = True) -> Story:
    """Play it; without ``collide`` both work on different things."""
    with short_splits():
        return asyncio.run(_play(folder, collide=collide))


async def _play(folder: Path, *, collide: bool) -> Story:
    ears: list[Ear] = []
    clock = TakenBack()
    hub = MemHub(clock.now_ms)
    brno, praha = posts = [Post(folder, name, hub, ears) for name in ("BRNO-1", "BRNO-2")]
    for post in posts:
        post.clock = clock  # type: ignore[assignment]
        await post.start()
    try:
        alerts, incident = await _before(brno, praha, posts)
        brno.line.cut = True
        await until(lambda: brno.engine.fleet().hub.state == "away", posts)
        clock.pass_by(31_000)
        await (_collide if collide else _apart)(brno, praha, alerts, incident)
        clock.pass_by(CUT_MS - 31_000)
        brno.line.cut = False
        await until(_asker(brno, _rejoined), posts)
        await until(lambda: brno.engine.fleet().hub.state == "up", posts)
    finally:
        for post in posts:
            await post.stop()
    return Story(brno.store.parent, alerts, incident)


async def _before(brno: Post, praha: Post, posts: list[Post]) -> tuple[list[str], str]:
    for post, operator in ((brno, KLARA), (praha, MATEO)):
        await post.do(c.NameStation(name=post.name), operator)
        await post.do(c.ChangeOperator(operator=operator), operator)
        own = post.engine.health().origin
        announced = c.AnnounceStation(
            origin=own, public_key="00" * 32, version="1", duty_rank=None, name=post.name
        )
        await post.do(announced, operator)
    services = ("db-primary", "checkout-api", "edge-fra1", "payments-gw", "search-indexer")
    words = (
        "Replication to db-standby-fra2 stopped",
        "Error rate 12.4 %, limit 2 %",
        "Link fra1–fra2 lost for 43 s",
        "Capture queue 4 120 waiting, limit 500",
        "Queue age 9 min, limit 5",
    )
    signals = [
        signal(n, service=service, title=title, severity="high")
        for n, (service, title) in enumerate(zip(services, words, strict=True))
    ]
    alerts = [str(name) for name in await brno.do(c.TakeIn(signals=signals), "source:test")]
    incident = await brno.do(
        c.OpenIncident(title="Payments are slow", severity="major", commander=""), KLARA
    )
    incident_id = str(getattr(incident, "incident_id", incident))
    await until(_asker(praha, lambda reader: reader.incident(incident_id)), posts)
    return alerts, incident_id


async def _collide(brno: Post, praha: Post, alerts: list[str], incident: str) -> None:
    first, second, third, fourth, fifth = alerts
    for post, who, commander, title in (
        (praha, MATEO, MATEO, "Payments fail in fra1"),
        (brno, KLARA, AKI, "Payments are slow since the link was lost"),
    ):
        changes = {"commander": commander, "title": title}
        await post.do(c.EditIncident(incident_id=incident, changes=changes), who)
        await post.do(c.AcknowledgeAlerts(alert_ids=[first, second], epochs=[]), who)
    await praha.do(c.EditAlert(alert_id=first, changes={"severity": "emergency"}), MATEO)
    await brno.do(c.EditAlert(alert_id=first, changes={"severity": "critical"}), KLARA)
    await brno.do(c.ResolveAlert(alert_id=second, reason="deploy taken back"), KLARA)
    await praha.do(c.NoteAlert(alert_id=second, text="vendor was called"), MATEO)
    await _apart(brno, praha, [third, fourth, fifth], incident)


async def _apart(brno: Post, praha: Post, alerts: list[str], _incident: str) -> None:
    await brno.do(c.AcknowledgeAlerts(alert_ids=[alerts[0]], epochs=[]), KLARA)
    await brno.do(c.NoteAlert(alert_id=alerts[1], text="seen, waiting for the vendor"), KLARA)
    await praha.do(c.ResolveAlert(alert_id=alerts[2], reason="caught up"), MATEO)


def _asker(post: Post, question: Callable[[StationReader], Any]) -> Callable[[], Any]:
    def ask() -> Any:
        reader = StationReader(post.store)
        try:
            return question(reader)
        finally:
            reader.close()

    return ask


def _rejoined(reader: StationReader) -> list[Station]:
    return [station for station in reader.stations() if station.splits]
