"""The record of an incident as it stood at any minute: the same facts, cut off at that moment.

A fact counts from the moment at which it was written, not from when it is said to have happened:
what was noted late was not known then. Facts stand in the fold's canonical order, and each counts
from the latest moment of those before it, so that a station whose clock was behind changes no
state that was shown already.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, aggregate_type, apply
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_parts import alerts_of, parts_of
from crisisdesk.domain.ladder import LadderStep, ladder
from crisisdesk.domain.task import Task
from crisisdesk.domain.timeline import (
    TimelineEntry,
    attachments,
    build_timeline,
    by_aggregate,
    in_order,
    update_entry,
)
from crisisdesk.domain.update import IncidentUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the incident stood: its state, its ladder, its entries (oldest first), its alerts, its
    tasks and decisions; of its parts as well, from when they were merged."""

    incident: Incident
    steps: tuple[LadderStep, ...]
    entries: tuple[TimelineEntry, ...]
    alerts: tuple[Alert, ...]
    updates: dict[str, IncidentUpdate]
    tasks: tuple[Task, ...] = ()
    decisions: tuple[Decision, ...] = ()


class _Home(NamedTuple):
    """An incident that something is of, from the place ``begin`` to ``end``; None: it still is."""

    incident_id: str
    begin: int = 0
    end: int | None = None

    def ended(self, incident_id: str, place: int) -> _Home:
        """The same, over at ``place`` where it is of that incident and was not over before."""
        over = self.incident_id == incident_id and self.end is None
        return self._replace(end=place) if over else self

    def holds(self, cut: int) -> bool:
        """Whether it is after the first ``cut`` facts."""
        return self.begin < cut and (self.end is None or cut <= self.end)


class IncidentRecord:
    """All facts of one incident, of its updates, tasks, decisions, alerts and runs, and of its
    parts, those among them that were of it only for a while, laid out once and cut many times.

    Building folds each aggregate once; ``at`` then only looks up. Events may come in any order and
    more than once; ``updates`` are the entries as they stand now.
    """

    def __init__(
        self, incident_id: str, updates: Sequence[IncidentUpdate], events: Iterable[Event]
    ) -> None:
        self.incident_id = incident_id
        logs = by_aggregate(events)
        ordered = sorted((e for log in logs.values() for e in log), key=lambda e: e.order)
        self._place = {event.order: at for at, event in enumerate(ordered)}
        self._since = list(accumulate((event.at_ms for event in ordered), max))
        self._own = logs.get(incident_id, [])
        self._of_type: dict[str, list[str]] = {}
        for agg, log in logs.items():
            self._of_type.setdefault(aggregate_type(log[0].kind), []).append(agg)
        self._states = {agg: self._folded(log) for agg, log in logs.items()}
        self._homes = self._homes_of(logs)
        self._entries = [
            (self._place[entry.order], entry)
            for entry in build_timeline(incident_id, updates, ordered)
        ]
        self._versions = {
            update.update_id: self._versions_of(logs.get(update.update_id, []))
            for update in updates
        }

    @property
    def began(self) -> int:
        """When it was declared, UTC ms."""
        return self._since[self._place[self._own[0].order]] if self._own else 0

    def at(self, at_ms: int | None) -> Standing | None:
        """How it stood at the end of that millisecond (UTC); None before it was declared.

        Asked for None it stands with everything that is known: the clock of another station may
        be a little ahead.
        """
        cut = len(self._since) if at_ms is None else bisect_right(self._since, at_ms)
        incident = self._state(self.incident_id, cut)
        if not isinstance(incident, Incident):
            return None
        parts = self._parts(incident, cut)
        shown = {self.incident_id, *(part.incident_id for part in parts)}
        own = [event for event in self._own if self._place[event.order] < cut]
        alerts = (self._state(agg, cut) for agg in alerts_of(incident, parts))
        updates = self._standing_of("update", cut, shown)
        tasks = self._standing_of("task", cut, shown)
        decisions = self._standing_of("decision", cut, shown)
        return Standing(
            incident=incident,
            steps=ladder(incident, own),
            entries=self._entries_until(cut, shown),
            alerts=tuple(a for a in alerts if isinstance(a, Alert)),
            updates={u.update_id: u for u in updates if isinstance(u, IncidentUpdate)},
            tasks=tuple(t for t in tasks if isinstance(t, Task)),
            decisions=tuple(d for d in decisions if isinstance(d, Decision)),
        )

    # -- how it is laid out ---------------------------------------------------------------

    def _folded(self, log: list[Event]) -> tuple[list[int], list[State | None]]:
        """The places at which the state of an aggregate changed, and what it was from there."""
        places: list[int] = []
        states: list[State | None] = []
        state: State | None = None
        for event in log:
            after = apply(state, event)
            if after != state:
                places.append(self._place[event.order])
                states.append(after)
            state = after
        return places, states

    def _homes_of(self, logs: dict[str, list[Event]]) -> dict[str, list[_Home]]:
        """Of each aggregate the incidents that it is of, with the places from and to which it is.

        An alert's facts are part of the record from when it was attached until it was taken off.
        """
        homes: dict[str, list[_Home]] = {}
        for agg in self._of_type.get("incident", ()):
            homes.setdefault(agg, []).append(_Home(agg))
            for event in logs[agg]:
                place = self._place[event.order]
                for alert_id in attachments([event]):
                    homes.setdefault(alert_id, []).append(_Home(agg, place))
                if event.kind == "incident.alert_unlinked":
                    gone = str(event.body.get("alert_id", ""))
                    homes[gone] = [home.ended(agg, place) for home in homes.get(gone, ())]
        for of in ("update", "task", "decision", "run"):
            for agg in self._of_type.get(of, ()):
                home = str(logs[agg][0].body.get("incident_id", self.incident_id))
                homes[agg] = [_Home(home)]
        return homes

    def _versions_of(self, log: list[Event]) -> list[tuple[int, TimelineEntry]]:
        """What an entry that a person wrote was from each of its edits on."""
        versions: list[tuple[int, TimelineEntry]] = []
        state: State | None = None
        for number, event in enumerate(log, start=1):
            state = apply(state, event)
            if isinstance(state, IncidentUpdate):
                versions.append((self._place[event.order], update_entry(state, log[:number])))
        return versions

    # -- how it is cut --------------------------------------------------------------------

    def _state(self, aggregate: str, cut: int) -> State | None:
        places, states = self._states.get(aggregate, ([], []))
        found = bisect_right(places, cut - 1)
        return states[found - 1] if found else None

    def _parts(self, incident: Incident, cut: int) -> list[Incident]:
        """The incidents that were parts of it then."""
        states = (self._state(agg, cut) for agg in self._of_type.get("incident", ()))
        known = {one.incident_id: one for one in states if isinstance(one, Incident)}
        return parts_of(incident, known.values(), known.get) if len(known) > 1 else []

    def _standing_of(self, of: str, cut: int, shown: set[str]) -> list[State | None]:
        aggregates = self._of_type.get(of, ())
        return [self._state(agg, cut) for agg in aggregates if self._is_shown(agg, cut, shown)]

    def _is_shown(self, aggregate: str, cut: int, shown: set[str]) -> bool:
        homes = self._homes.get(aggregate, ())
        return any(home.incident_id in shown and home.holds(cut) for home in homes)

    def _entries_until(self, cut: int, shown: set[str]) -> tuple[TimelineEntry, ...]:
        of_it = {agg for agg in self._homes if self._is_shown(agg, cut, shown)}
        found = []
        for place, entry in self._entries:
            if place >= cut or entry.subject not in of_it:
                continue
            versions = self._versions.get(entry.update_id)
            if versions is None or versions[-1][0] < cut:
                found.append(entry)
            else:
                found.append(next(v for at, v in reversed(versions) if at < cut))
        return in_order(found)
