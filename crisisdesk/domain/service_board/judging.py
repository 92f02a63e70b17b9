"""How each service stands: judged of its open alerts and of the sources that watch it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from crisisdesk.domain.context.catalogue import Service
from crisisdesk.domain.context.services import NONE, Services
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.service_board.causes import causes
from crisisdesk.domain.service_board.hushed import Hush, hushed
from crisisdesk.domain.service_board.watching import SourceLine
from crisisdesk.domain.silence import Silence

MEDIUM, CRITICAL = 2, 4
_BY_RANK = 5


class ServiceState(StrEnum):
    """How a service stands, the worst first. NO_DATA: nothing here looks at it."""

    DOWN = "down"
    DEGRADED = "degraded"
    UNSURE = "not sure"
    NO_DATA = "no data"
    OK = "ok"


RANK: dict[ServiceState, int] = {state: rank for rank, state in enumerate(ServiceState)}
_DOUBTFUL = (State.STALE, State.FAILING, State.UNSURE)
UNWELL = (ServiceState.DOWN, ServiceState.DEGRADED)


class AlertTally(NamedTuple):
    """Open alerts of one service and severity (rank 1 to 5): how many, how many of them nobody
    has, and since when (UTC ms). ``is_blind`` ones say no more than that nothing can be found
    out."""

    service: str
    severity: int
    count: int  # type: ignore[assignment]
    unowned: int
    since: int
    is_blind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known. ``watched_by`` names the sources whose series bear a service's name,
    ``quiet`` counts the open alerts of a service that page nobody now, ``lately`` are services that
    had an alert not long ago."""

    services: Services = NONE
    alerts: Sequence[AlertTally] = ()
    sources: Sequence[SourceLine] = ()
    watched_by: Mapping[str, Collection[str]] = field(default_factory=dict)
    silences: Sequence[Silence] = ()
    quiet: Mapping[str, int] = field(default_factory=dict)
    lately: Collection[str] = ()


class ServiceLine(NamedTuple):
    """One service as it stands. ``alerts`` counts open ones by severity, low first; ``since`` (UTC
    ms) is from when on it is not well, None where it is. ``because`` are the services at the root
    of it that are not well, each with how it stands. ``hush`` is what keeps all its pages quiet."""

    name: str
    state: ServiceState
    alerts: tuple[int, ...] = (0,) * _BY_RANK
    unowned: int = 0
    quiet: int = 0
    since: int | None = None
    watchers: tuple[SourceLine, ...] = ()
    because: tuple[tuple[str, ServiceState], ...] = ()
    hush: Hush | None = None
    owner: str = ""
    tier: str = ""
    runbook: str = ""
    is_described: bool = False

    @property
    def open(self) -> int:
        """How many alerts are open."""
        return sum(self.alerts)

    @property
    def worst(self) -> int:
        """The severity (rank) of its worst open alert; 0 for none."""
        return max((rank for rank, count in enumerate(self.alerts, 1) if count), default=0)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is paged for it now: silenced as a whole, or all its alerts are."""
        return self.hush is not None or 0 < self.open <= self.quiet


class Board(NamedTuple):
    """All services, the worst first; ``unplaced`` open alerts are of no service."""

    lines: tuple[ServiceLine, ...] = ()
    unplaced: int = 0

    def counts(self) -> dict[ServiceState, int]:
        """How many services stand how, the worst first; states without any are left out."""
        found = dict.fromkeys(ServiceState, 0)
        for line in self.lines:
            found[line.state] += 1
        return {state: number for state, number in found.items() if number}


def service_board(facts: Facts, now_ms: int) -> Board:
    """The board at ``now_ms``."""
    tallies = _by_service(facts.alerts)
    unplaced = sum(one.count for one in tallies.pop("", ()))
    watchers = _watchers(facts)
    listed, topology = facts.services.catalogue.services, facts.services.topology
    names = {*listed, *topology.names(), *tallies, *watchers, *facts.lately} - {""}
    judged = {
        name: _judged(tallies.get(name, ()), watchers.get(name, ()), now_ms) for name in names
    }
    unwell = {name: RANK[state] for name, (state, _) in judged.items() if state in UNWELL}
    silent = [name for name, (state, _) in judged.items() if state is ServiceState.NO_DATA]
    roots = causes(unwell, silent, topology)
    hushes = hushed(names, facts.silences, now_ms)
    lines = [
        _line(name, judged[name], tallies.get(name, ()), listed.get(name))._replace(
            quiet=facts.quiet.get(name, 0),
            watchers=watchers.get(name, ()),
            because=tuple((root, judged[root][0]) for root in roots.get(name, ())),
            hush=hushes.get(name),
        )
        for name in names
    ]
    return Board(tuple(sorted(lines, key=_order)), unplaced)


def _by_service(alerts: Iterable[AlertTally]) -> dict[str, list[AlertTally]]:
    found: dict[str, list[AlertTally]] = {}
    for one in alerts:
        found.setdefault(one.service, []).append(one)
    return found


def _watchers(facts: Facts) -> dict[str, tuple[SourceLine, ...]]:
    """The sources of each service: those declared to be about it, and those whose series are."""
    by_id = {line.source.source_id: line for line in facts.sources}
    found: dict[str, dict[str, SourceLine]] = {}
    for line in facts.sources:
        if line.source.service:
            found.setdefault(line.source.service, {})[line.source.source_id] = line
    for service, ids in facts.watched_by.items():
        for source_id in ids:
            if source_id in by_id:
                found.setdefault(service, {})[source_id] = by_id[source_id]
    return {
        service: tuple(sorted(lines.values(), key=lambda w: (w.source.name, w.source.source_id)))
        for service, lines in found.items()
    }


def _judged(
    alerts: Sequence[AlertTally], watchers: Sequence[SourceLine], now_ms: int
) -> tuple[ServiceState, int | None]:
    """How it stands, and since when (None where it is well, or nothing is known)."""
    critical = [one.since for one in alerts if one.severity >= CRITICAL and not one.is_blind]
    down = [line.since for line in watchers if line.state is State.DOWN]
    if critical or down:
        told = [one.since for one in alerts if not one.is_blind]
        return ServiceState.DOWN, min(critical or told or down)
    lesser = [one.since for one in alerts if one.severity >= MEDIUM and not one.is_blind]
    if lesser:
        return ServiceState.DEGRADED, min(lesser)
    blind = [one.since for one in alerts if one.is_blind]
    looking = [line for line in watchers if line.state is not State.PAUSED]
    good = [line for line in looking if line.state in (State.UP, State.ELSEWHERE)]
    doubtful = [line.since for line in looking if line.state in _DOUBTFUL]
    failing = any(line.state is State.FAILING for line in looking)
    if failing or (doubtful and not good) or (blind and not good):
        return ServiceState.UNSURE, min([*doubtful, *blind], default=now_ms)
    return (ServiceState.OK if good else ServiceState.NO_DATA), None


def _line(
    name: str,
    judged: tuple[ServiceState, int | None],
    alerts: Sequence[AlertTally],
    told: Service | None,
) -> ServiceLine:
    state, since = judged
    counts = [0] * _BY_RANK
    for one in alerts:
        counts[one.severity - 1] += one.count
    return ServiceLine(
        name=name,
        state=state,
        alerts=tuple(counts),
        unowned=sum(one.unowned for one in alerts),
        since=since,
        owner="" if told is None else told.owner or told.team,
        tier="" if told is None else told.tier,
        runbook="" if told is None else told.runbook,
        is_described=told is not None,
    )


def _order(line: ServiceLine) -> tuple[object, ...]:
    """The worst first; of the same those that page before quiet ones, then by severity, by whether
    somebody has it, by tier, and the longest first."""
    return (
        RANK[line.state],
        line.is_quiet,
        -line.worst,
        line.unowned == 0,
        line.tier == "",
        len(line.tier),
        line.tier,
        line.since or 0,
        line.name,
    )
