"""The routes of sources: what is declared, how it stands, changes to it, and looking once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import Out, Severity, Time
from crisisdesk.api.times import iso_or_none
from crisisdesk.domain.detection.reading import Reading
from crisisdesk.domain.detection.source import (
    DUTY,
    EVERY_MS,
    FAILURES,
    LONGEST_MS,
    LONGEST_TIMEOUT_MS,
    MOST_FAILURES,
    SECOND_MS,
    SERVICE_LIMIT,
    SHORTEST_TIMEOUT_MS,
    TIMEOUT_MS,
    TYPE_LIMIT,
    Source,
    storable,
)
from crisisdesk.domain.errors import NotFound
from crisisdesk.engine.collector_ports import Lookout
from crisisdesk.engine.source_commands import DeclareSource, PauseSource, RemoveSource

if TYPE_CHECKING:
    from crisisdesk.engine.workers.watched import Standing

router = APIRouter(prefix="/crisis/sources", tags=["sources"])

Every = Annotated[int, Field(ge=1, le=LONGEST_MS // SECOND_MS)]
Timeout = Annotated[int, Field(ge=SHORTEST_TIMEOUT_MS, le=LONGEST_TIMEOUT_MS)]
# Whoever asks waits for the end of the look, and no longer than this.
TestTimeout = Annotated[int, Field(ge=SHORTEST_TIMEOUT_MS, le=8_000)]
Failures = Annotated[int, Field(ge=1, le=MOST_FAILURES)]
Service = Annotated[str, Field(max_length=SERVICE_LIMIT)]
Type = Annotated[str, Field(min_length=1, max_length=TYPE_LIMIT)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Where = Literal["duty", "each"]
# Of what one look measured so many values are shown.
MOST_SHOWN = 1_000


class SourceNew(Order):
    """A source to declare: looked at every ``every_s`` seconds for ``timeout_ms`` at most; down
    after ``failures`` looks in a row. ``settings`` are those of its ``type``. ``where``: "duty",
    the station on duty looks; "each", every station for itself."""

    name: Name
    type: Type
    settings: dict[str, Any]
    every_s: Every = EVERY_MS // SECOND_MS
    timeout_ms: Timeout = TIMEOUT_MS
    failures: Failures = FAILURES
    severity: Severity = "critical"
    service: Service = ""
    where: Where = "duty"


class SourceChange(Order):
    """What to change; what is left out stays. ``settings`` replace all of them."""

    name: Name | None = None
    settings: dict[str, Any] | None = None
    every_s: Every | None = None
    timeout_ms: Timeout | None = None
    failures: Failures | None = None
    severity: Severity | None = None
    service: Service | None = None
    where: Where | None = None
    paused: bool | None = None


class SourceTest(Order):
    """A look at something that is not declared."""

    type: Type
    settings: dict[str, Any]
    timeout_ms: TestTimeout = TIMEOUT_MS


class SourceOut(Out):
    """One source as this station knows it. ``freshness`` and ``next_at`` are null where this
    station does not look at it; ``words`` are those of the last look here."""

    source_id: str
    name: str
    type: str
    settings: dict[str, Any]
    every_s: int
    timeout_ms: int
    failures: int
    severity: Severity
    service: str
    where: Where
    state: Literal["new", "up", "failing", "down", "not sure", "no reading", "paused", "elsewhere"]
    freshness: Literal["fresh", "late", "stale"] | None
    words: str
    looked_at: Time | None
    took_ms: int | None
    usable_at: Time | None
    next_at: Time | None
    changed_by: str


class SourcesOut(Out):
    """All that are declared, by name."""

    results: list[SourceOut]


class SampleOut(Out):
    """One measured value; as text, for it may be infinite or not a number."""

    series: str
    value: str


class LineOut(Out):
    """One line of a log."""

    name: str
    text: str


class ReadingOut(Out):
    """What one look found; of samples and lines the first thousand, of ``signals`` how many."""

    verdict: Literal["up", "down", "not sure"]
    words: str
    took_ms: int
    samples: list[SampleOut]
    lines: list[LineOut]
    signals: int


def source_out(standing: Standing) -> SourceOut:
    """One as it is told."""
    one, reading = standing.source, standing.reading
    return SourceOut(
        source_id=one.source_id,
        name=one.name,
        type=one.type,
        settings=dict(one.settings),
        every_s=one.every_ms // SECOND_MS,
        timeout_ms=one.timeout_ms,
        failures=one.failures,
        severity=one.severity,  # type: ignore[arg-type]
        service=one.service,
        where=one.where,  # type: ignore[arg-type]
        state=str(standing.state),  # type: ignore[arg-type]
        freshness=None if standing.freshness is None else str(standing.freshness),  # type: ignore[arg-type]
        words="" if reading is None else reading.words,
        looked_at=None if reading is None else iso_or_none(reading.at),
        took_ms=None if reading is None else reading.took_ms,
        usable_at=iso_or_none(standing.usable_at),
        next_at=iso_or_none(standing.next_at),
        changed_by=one.by.removeprefix("operator:"),
    )


def reading_out(reading: Reading) -> ReadingOut:
    """One look as it is told."""
    return ReadingOut(
        verdict=str(reading.verdict),  # type: ignore[arg-type]
        words=reading.words,
        took_ms=reading.took_ms,
        samples=[
            SampleOut(series=str(s.series), value=f"{s.value:.10g}")
            for s in reading.samples[:MOST_SHOWN]
        ],
        lines=[LineOut(name=one.name, text=one.text) for one in reading.lines[:MOST_SHOWN]],
        signals=len(reading.signals),
    )


def _lookout(room: Room) -> Lookout:
    """What looks; raises NotFound at a station that does not."""
    if room.lookout is None:
        raise NotFound("sources", "are not looked at by this station", "ask another one")
    return room.lookout


async def _standing(room: Room, source_id: str = "") -> list[Standing]:
    lookout = _lookout(room)
    await lookout.refresh()
    return lookout.standing(source_id)


async def _needed(room: Room, source_id: str) -> Standing:
    """How it stands; raises NotFound."""
    for standing in await _standing(room, source_id):
        return standing
    raise NotFound("source_id", f"no source {source_id!r} on this station", "list them first")


@router.get("/", responses=errors(404))
async def list_sources(room: InRoom) -> SourcesOut:
    """Every source and how it stands now."""
    return SourcesOut(results=[source_out(standing) for standing in await _standing(room)])


@router.post("/", status_code=201, responses=errors(404, 409))
async def declare_source(room: InRoom, operator: Operator, order: SourceNew) -> SourceOut:
    """Declare one; its settings are checked, nothing is looked at yet."""
    command = DeclareSource(
        name=order.name,
        type=order.type,
        settings=_lookout(room).checked(order.type, storable(order.settings)),
        every_ms=order.every_s * SECOND_MS,
        timeout_ms=order.timeout_ms,
        failures=order.failures,
        severity=order.severity,
        service=order.service,
        where=order.where,
    )
    source_id = await room.do(command, operator)
    return source_out(await _needed(room, source_id))


@router.post("/test/", responses=errors(404))
async def look_once(room: InRoom, operator: Operator, order: SourceTest) -> ReadingOut:
    """Look once, now and from this station; nothing is declared, kept or reported."""
    source = Source(
        source_id="SRC-TEST",
        version_id="",
        name=order.type,
        type=order.type,
        settings=storable(order.settings),
        every_ms=EVERY_MS,
        timeout_ms=order.timeout_ms,
        failures=1,
        severity="low",
        service="",
        where=DUTY,
        paused=False,
        since=0,
        by=operator,
    )
    return reading_out(await _lookout(room).look_once(source))


@router.patch("/{source}/", responses=errors(404, 409))
async def change_source(
    room: InRoom, source: Id, operator: Operator, order: SourceChange
) -> SourceOut:
    """Change what is said, pause it, or go on with it. The version before stays in the log."""
    order.refuse_null()
    one = (await _needed(room, source)).source
    given = order.given()
    if paused := "paused" in given:
        given.pop("paused")
    if given:
        if "every_s" in given:
            given["every_ms"] = given.pop("every_s") * SECOND_MS
        settings = storable(given.pop("settings", one.settings))
        kept = {
            "name": one.name,
            "every_ms": one.every_ms,
            "timeout_ms": one.timeout_ms,
            "failures": one.failures,
            "severity": one.severity,
            "service": one.service,
            "where": one.where,
        }
        checked = _lookout(room).checked(one.type, settings)
        command = DeclareSource(
            source_id=source, type=one.type, settings=checked, **{**kept, **given}
        )
        await room.do(command, operator)
    if paused and order.paused is not None:
        await room.do(PauseSource(source_id=source, paused=order.paused), operator)
    return source_out(await _needed(room, source))


@router.delete("/{source}/", status_code=204, responses=errors(404))
async def remove_source(room: InRoom, source: Id, operator: Operator) -> Response:
    """Take it away; its alerts end."""
    await room.do(RemoveSource(source_id=source), operator)
    return Response(status_code=204)
