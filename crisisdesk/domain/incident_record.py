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

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, apply
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.ladder import LadderStep, ladder
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
    """How the incident stood: its state, its ladder, its entries (oldest first) and its alerts."""

    incident: Incident
    steps: tuple[LadderStep, ...]
    entries: tuple[TimelineEntry, ...]
    alerts: tuple[Alert, ...]
    updates: dict[str, IncidentUpdate]


class IncidentRecord:
    """All facts of one incident, its updates and its alerts, laid out once and cut many times.

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
        self._states = {agg: self._folded(log) for agg, log in logs.items()}
        self._alerts = {
            agg: self._place[first]
            for agg, first in _first_attached(self._own).items()
            if agg in logs
        }
        # Each entry in its present place, with the place of the fact from which it is shown.
        self._entries = [
            (self._shown_from(entry), entry)
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
        own = [event for event in self._own if self._place[event.order] < cut]
        alerts = (self._state(agg, cut) for agg in incident.alerts)
        updates = (self._state(agg, cut) for agg in self._versions)
        return Standing(
            incident=incident,
            steps=ladder(incident, own),
            entries=self._entries_until(cut),
            alerts=tuple(a for a in alerts if isinstance(a, Alert)),
            updates={u.update_id: u for u in updates if isinstance(u, IncidentUpdate)},
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

    def _state(self, aggregate: str, cut: int) -> State | None:
        places, states = self._states.get(aggregate, ([], []))
        found = bisect_right(places, cut - 1)
        return states[found - 1] if found else None

    def _shown_from(self, entry: TimelineEntry) -> int:
        """An alert's facts are part of the record from when it was attached."""
        return max(self._place[entry.order], self._alerts.get(entry.subject, 0))

    def _versions_of(self, log: list[Event]) -> list[tuple[int, TimelineEntry]]:
        """What an entry that a person wrote was from each of its edits on."""
        versions: list[tuple[int, TimelineEntry]] = []
        state: State | None = None
        for number, event in enumerate(log, start=1):
            state = apply(state, event)
            if isinstance(state, IncidentUpdate):
                versions.append((self._place[event.order], update_entry(state, log[:number])))
        return versions

    def _entries_until(self, cut: int) -> tuple[TimelineEntry, ...]:
        shown = []
        for place, entry in self._entries:
            if place >= cut:
                continue
            versions = self._versions.get(entry.update_id)
            if versions is None or versions[-1][0] < cut:
                shown.append(entry)
            else:
                shown.append(next(v for at, v in reversed(versions) if at < cut))
        return in_order(shown)


def _first_attached(own: list[Event]) -> dict[str, tuple[int, str, int]]:
    """Which fact attached each alert first."""
    first: dict[str, tuple[int, str, int]] = {}
    for event in own:
        for alert_id in attachments([event]):
            first.setdefault(alert_id, event.order)
    return first
