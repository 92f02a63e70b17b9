"""What open incidents name, and what is suspected to be out: kept in memory for each page's choice.

Each page asks; so the few open incidents and their alerts are loaded once and follow the workbench,
and what is measured is measured anew only after a while.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.fold import State
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.outages import Naming, naming
from crisisdesk.engine.ports import Journal

# A measure reads the deliveries of every contact method: not for each of 500 alerts a second.
MEASURED_FOR_MS = 30_000


class _Attached(NamedTuple):
    """What is asked of an alert in an incident."""

    incident_id: str
    service: str
    place: str
    status: str


class ChannelsAtHand:
    """The present state of each; used by one workbench."""

    def __init__(self, journal: Journal) -> None:
        self._incidents = {i.incident_id: i for i in journal.open_incidents()}
        self._alerts = {a.alert_id: _attached(a) for a in journal.attached_alerts()}
        self._named: list[Naming] | None = None
        self._suspected: tuple[int, frozenset[str]] | None = None
        # How each waiting page stood when it was looked at for another way; only saves looks.
        self.looked_at: dict[str, tuple[object, ...]] = {}

    def keep(self, aggregate: str, state: State | None) -> None:
        """Its state is this one now; None: there is no such thing yet."""
        if isinstance(state, Alert):
            told = _attached(state) if state.is_open and state.incident_id else None
            if told != self._alerts.get(aggregate):
                self._named = None
                if told is None:
                    del self._alerts[aggregate]
                else:
                    self._alerts[aggregate] = told
        elif isinstance(state, Incident) and state.is_open:
            self._incidents[aggregate], self._named = state, None
        elif isinstance(state, Incident) or state is None:
            gone = (self._incidents.pop(aggregate, None), self._alerts.pop(aggregate, None))
            if any(gone):
                self._named = None

    def named(self) -> list[Naming]:
        """What each open incident names."""
        if self._named is None:
            affected: dict[str, list[tuple[str, str, str]]] = {}
            for alert_id, one in self._alerts.items():
                incident = self._incidents.get(one.incident_id)
                # One that was taken off again keeps the id of the incident it was in.
                if incident is not None and alert_id in incident.alerts:
                    affected.setdefault(one.incident_id, []).append(one[1:])
            self._named = [
                naming(i.incident_id, i.title, i.category, i.created_at, affected.get(name, ()))
                for name, i in self._incidents.items()
            ]
        return self._named

    def suspected(self, now_ms: int, measure: Callable[[], frozenset[str]]) -> frozenset[str]:
        """What ``measure`` finds, as it did within the last while."""
        known = self._suspected
        if known is None or not 0 <= now_ms - known[0] < MEASURED_FOR_MS:
            known = self._suspected = (now_ms, measure())
        return known[1]


def _attached(alert: Alert) -> _Attached:
    return _Attached(alert.incident_id, alert.service, alert.place, alert.status)
