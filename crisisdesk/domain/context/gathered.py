"""The context of one alert, put together of what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.context.host_facts import HostKnown
from crisisdesk.domain.context.impact import Impact, assess_impact
from crisisdesk.domain.context.measured import Measured
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.context.similar import Similar
from crisisdesk.domain.detection.reading import Line

HOUR_MS = 3_600_000
CHANGE_HOURS, MOST_HOURS = 24, 7 * 24
NEAR_EDGES, NEAR_LIMIT = 2, 200
CHANGES_TOLD, NEIGHBOURS_TOLD, LINES_TOLD = 5, 5, 5


class Near(NamedTuple):
    """A service close by: how far, and in words how it hangs together with the alert's."""

    service: str
    distance: int
    words: str


class RecentChange(NamedTuple):
    """A change, of which service close by it was (`Near`; distance 0 is the alert's own), and how
    long before the alert it happened (ms, negative: after it)."""

    change: RecordedChange
    near: Near
    before_ms: int


class Neighbour(NamedTuple):
    """An open alert of a service close by. ``severity`` is its rank, ``since`` UTC ms."""

    near: Near
    alert_id: str
    severity: int
    title: str
    since: int


class RunbookFound(NamedTuple):
    """A runbook's address and why it is offered."""

    url: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that is known around one alert. "" and empty where nothing is; ``measured_words`` say why
    no series is shown, ``host_words`` that nothing is known of a host that is named.
    ``fired_before`` counts its earlier epochs; ``problems`` say what of the catalogue could not be
    used."""

    alert_id: str
    services: tuple[str, ...] = ()
    owner: str = ""
    team: str = ""
    tier: str = ""
    dashboard: str = ""
    is_known: bool = False
    runbooks: tuple[RunbookFound, ...] = ()
    changes: tuple[RecentChange, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    similar: tuple[Similar, ...] = ()
    fired_before: int = 0
    impact: Impact = field(default_factory=Impact)
    measured: tuple[Measured, ...] = ()
    measured_words: str = ""
    lines: tuple[Line, ...] = ()
    host: HostKnown | None = None
    host_words: str = ""
    problems: tuple[str, ...] = ()
    change_hours: int = CHANGE_HOURS


class Read(NamedTuple):
    """What was read for it from the station's file and from the samples."""

    own_changes: Sequence[RecordedChange]
    near_changes: Sequence[RecordedChange]
    neighbours: Sequence[Neighbour]
    similar: Sequence[Similar]
    measured: Sequence[Measured]
    measured_words: str
    lines: Sequence[Line] = ()
    host: HostKnown | None = None
    host_words: str = ""


def began(alert: Alert) -> int:
    """When it began: as its source says, when that is before it was seen here."""
    return min(alert.starts_at or alert.detected_at, alert.detected_at)


def nearby(services: Services, names: Sequence[str]) -> dict[str, Near]:
    """The services within `NEAR_EDGES` of these, the nearest first, at most `NEAR_LIMIT`."""
    steps = [
        *((s, f"{s.user} needs it") for s in services.topology.upstream(names, NEAR_EDGES)),
        *((s, f"needs {s.needed}") for s in services.topology.downstream(names, NEAR_EDGES)),
    ]
    steps.sort(key=lambda step: step[0].distance)
    found: dict[str, Near] = {}
    for step, words in steps:
        if len(found) == NEAR_LIMIT:
            break
        found.setdefault(step.service, Near(step.service, step.distance, words))
    return found


def put_together(
    alert: Alert,
    services: Services,
    near: dict[str, Near],
    read: Read,
    now_ms: int,
    hours: int = CHANGE_HOURS,
) -> Context:
    """The context of an alert at ``now_ms``."""
    names = services.of(alert)
    listed = services.catalogue.services
    known = [listed[name] for name in names if name in listed]
    rows = services.rows_for(alert)
    until = now_ms if alert.resolved_at is None else alert.resolved_at
    topology = services.topology
    return Context(
        alert_id=alert.alert_id,
        services=tuple(names),
        owner=_first([*(one.owner for one in known), *(row.owner for row in rows)]),
        team=_first([*(one.team for one in known), *(row.team for row in rows)]),
        tier=_first(one.tier for one in known),
        dashboard=_first(one.dashboard for one in known),
        is_known=bool(known or rows),
        runbooks=tuple(_runbooks(alert, services, names)),
        changes=tuple(_changes(alert, names, near, read)),
        neighbours=tuple(
            sorted(read.neighbours, key=lambda n: (n.near.distance, -n.severity, n.since))
        )[:NEIGHBOURS_TOLD],
        similar=tuple(read.similar),
        fired_before=alert.epoch_no - 1,
        impact=assess_impact(names, services.catalogue, topology, began(alert), until),
        measured=tuple(read.measured),
        measured_words=read.measured_words,
        lines=tuple(read.lines)[-LINES_TOLD:],
        host=read.host,
        host_words=read.host_words,
        problems=services.catalogue.problems,
        change_hours=hours,
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _runbooks(alert: Alert, services: Services, names: Sequence[str]) -> list[RunbookFound]:
    """The most particular first: what the alert brings, what is said of its like, its service's."""
    listed = services.catalogue.services
    brought = alert.annotations.get("runbook_url", "").strip()
    found = [
        *((url, "of this alert") for url in services.runbooks_by_matchers(alert)),
        *((row.runbook, "by its labels") for row in services.rows_for(alert)),
        *((listed[n].runbook, f"of {n}") for n in names if n in listed),
    ]
    if brought.lower().startswith(("http://", "https://")):
        found.insert(0, (brought, "named by its source"))
    unique: dict[str, str] = {}
    for url, because in found:
        if url:
            unique.setdefault(url, because)
    return [RunbookFound(url, because) for url, because in unique.items()]


def _changes(
    alert: Alert, names: Sequence[str], near: dict[str, Near], read: Read
) -> list[RecentChange]:
    """Those of its own first, then those of the nearest; of the same distance the newest first."""
    at = began(alert)
    own = names[0] if names else alert.place
    found: dict[str, RecentChange] = {}
    for change in read.own_changes:
        whose = change.service or change.source or own
        found[change.change_id] = RecentChange(change, Near(whose, 0, ""), at - change.at)
    for change in read.near_changes:
        of = near.get(change.service) or near.get(change.source)
        if of is not None:
            found.setdefault(change.change_id, RecentChange(change, of, at - change.at))
    told = sorted(found.values(), key=lambda c: (c.near.distance, -c.change.at, c.change.change_id))
    return told[:CHANGES_TOLD]
