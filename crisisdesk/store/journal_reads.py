"""What the engine's decisions ask of the station's file, on the thread that writes it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.event import Event, unseal
from crisisdesk.domain.fold import TYPES, State
from crisisdesk.domain.incident import DONE_STATUSES, Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.silence import Silence
from crisisdesk.domain.station import Station
from crisisdesk.engine.ports import DueMethod
from crisisdesk.store import due
from crisisdesk.store.projections import table_of
from crisisdesk.store.queries.deliveries import read_uses
from crisisdesk.store.states import decode

_CHUNK = 500
# Dismissed candidates that are remembered for their rest.
DISMISSED_KEPT = 500
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
_DONE = ",".join(f"'{status.value}'" for status in DONE_STATUSES)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


class JournalReads(ABC):
    """The questions of `engine.ports.Journal`; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: due.Values = ()) -> list[Any]:
        """All rows, read outside a transaction; raises StoreFailed."""

    def load(self, aggregates: Iterable[str]) -> dict[str, State]:
        """The states of those that exist, some hundreds a query."""
        wanted: dict[tuple[str, str], list[str]] = {}
        for aggregate in aggregates:
            if (place := table_of(aggregate)) is not None:
                wanted.setdefault(place, []).append(aggregate)
        found: dict[str, State] = {}
        for (table, kind), names in wanted.items():
            for start in range(0, len(names), _CHUNK):
                chunk = tuple(names[start : start + _CHUNK])
                marks = ",".join("?" * len(chunk))
                sql = f"SELECT agg, state FROM {table} WHERE agg IN ({marks})"  # noqa: S608
                for aggregate, data in self._rows(sql, chunk):
                    found[aggregate] = decode(TYPES[kind], data)
        return found

    def contacts(self) -> list[Contact]:
        """All contacts that were not removed."""
        rows = self._rows("SELECT state FROM contact WHERE removed=0")
        return [decode(Contact, data) for (data,) in rows]

    def silences(self) -> list[Silence]:
        """All silences that were not lifted."""
        rows = self._rows("SELECT state FROM silence WHERE active=1")
        return [decode(Silence, data) for (data,) in rows]

    def open_incidents(self) -> list[Incident]:
        """All incidents that are being led."""
        sql = f"SELECT state FROM incident WHERE status NOT IN ({_marks(DONE_STATUSES)})"  # noqa: S608
        return [decode(Incident, data) for (data,) in self._rows(sql, DONE_STATUSES)]

    def attached_alerts(self) -> list[Alert]:
        """All open alerts that belong to an incident."""
        wanted = f"incident_id != '' AND status IN ({_marks(OPEN_STATUSES)})"
        sql = f"SELECT state FROM alert WHERE {wanted}"  # noqa: S608
        return [decode(Alert, data) for (data,) in self._rows(sql, OPEN_STATUSES)]

    def uses(self, method_ids: Sequence[str], now_ms: int) -> dict[str, Use]:
        """What the log shows of each of these contact methods."""
        return read_uses(lambda sql, values: self._rows(sql, tuple(values)), method_ids, now_ms)

    def due_alerts(self, now_ms: int, limit: int) -> list[str]:
        """Alerts whose next moment has come, soonest first."""
        sql = "SELECT agg FROM alert WHERE next_due<=? ORDER BY next_due LIMIT ?"
        return [agg for (agg,) in self._rows(sql, (now_ms, limit))]

    def due_holds(self, now_ms: int, limit: int) -> list[str]:
        """Alerts whose holder is to be asked or decided, soonest first."""
        return due.holds(self._rows, now_ms, limit)

    def unheld(self, severities: Sequence[str], limit: int) -> list[str]:
        """Alerts of these severities that somebody has without an end."""
        return due.unheld(self._rows, [SEVERITY_RANK[severity] for severity in severities], limit)

    def operators(self) -> list[str]:
        """Who sits at the desks of all stations."""
        found = (decode(Station, data) for (data,) in self._rows("SELECT state FROM station"))
        return sorted({station.operator for station in found if station.operator})

    def policies(self) -> list[PolicyVersion]:
        """All published versions that were not withdrawn."""
        found = [decode(PolicyVersion, data) for (data,) in self._rows("SELECT state FROM policy")]
        return [version for version in found if version.withdrawn_at is None]

    def recent_alerts(self, within_ms: int, limit: int) -> list[Alert]:
        """The newest open alerts, oldest first."""
        sql = (
            f"SELECT state FROM alert WHERE status IN ({_OPEN}) AND detected_at > "  # noqa: S608
            "(SELECT max(detected_at) FROM alert) - ? ORDER BY detected_at DESC, agg LIMIT ?"
        )
        found = [decode(Alert, data) for (data,) in self._rows(sql, (within_ms, limit))]
        return found[::-1]

    def candidates(self) -> list[Candidate]:
        """Open candidates, the dismissed ones, and those with an incident that is not over."""
        sql = (
            "SELECT c.state FROM candidate AS c LEFT JOIN incident AS i "  # noqa: S608
            "ON i.agg=c.incident_id WHERE c.status='open' OR (c.status='accepted' AND "
            f"coalesce(i.status,'') NOT IN ({_DONE})) OR c.agg IN (SELECT agg FROM candidate "
            "WHERE status='dismissed' ORDER BY proposed_at DESC LIMIT ?) ORDER BY c.agg"
        )
        rows = self._rows(sql, (DISMISSED_KEPT,))
        return [decode(Candidate, data) for (data,) in rows]

    def due_escalations(self, now_ms: int, limit: int) -> list[str]:
        """Escalations whose next moment has come, soonest first."""
        sql = "SELECT agg FROM escalation WHERE next_due<=? ORDER BY next_due LIMIT ?"
        return [agg for (agg,) in self._rows(sql, (now_ms, limit))]

    def due_tasks(self, now_ms: int, limit: int) -> list[str]:
        """Tasks that are overdue and were not told of, soonest first."""
        return due.tasks(self._rows, now_ms, limit)

    def open_tasks(self, incident_id: str) -> list[str]:
        """The tasks of an incident that are still to be done."""
        return due.open_tasks(self._rows, incident_id)

    def due_decisions(self, now_ms: int, limit: int) -> list[str]:
        """Decisions that are to be looked at again and did not ring yet, soonest first."""
        return due.decisions(self._rows, now_ms, limit)

    def due_handovers(self, now_ms: int, limit: int) -> list[str]:
        """Incidents in which an offer to hand a role over has run out, soonest first."""
        return due.handovers(self._rows, now_ms, limit)

    def merged_incidents(self, limit: int) -> list[str]:
        """Incidents that are part of one that is itself part of another."""
        return due.merged(self._rows, limit)

    def open_alerts(self) -> list[Alert]:
        """All alerts that are open."""
        marks = ",".join("?" * len(OPEN_STATUSES))
        sql = f"SELECT state FROM alert WHERE status IN ({marks})"  # noqa: S608
        return [decode(Alert, data) for (data,) in self._rows(sql, OPEN_STATUSES)]

    def open_runs(self, since_ms: int) -> list[Run]:
        """Runs that have not ended, or ended since then."""
        sql = "SELECT state FROM run WHERE ended_at IS NULL OR ended_at > ?"
        return [decode(Run, data) for (data,) in self._rows(sql, (since_ms,))]

    def quieted_by(self, name: str, limit: int | None = None) -> list[str]:
        """Escalations that a silence or an alert keeps quiet."""
        sql = "SELECT agg FROM escalation WHERE quiet_by=? AND quiet_by!='' ORDER BY agg LIMIT ?"
        return [agg for (agg,) in self._rows(sql, (name, -1 if limit is None else limit))]

    def quieting(self) -> list[str]:
        """What keeps any escalation quiet, each once."""
        sql = "SELECT DISTINCT quiet_by FROM escalation WHERE quiet_by!=''"
        return [quiet_by for (quiet_by,) in self._rows(sql)]

    def unattended(self, severities: Sequence[str], limit: int) -> list[str]:
        """Active alerts of these severities that no escalation will look at."""
        marks = ",".join("?" * len(severities))
        sql = (
            f"SELECT agg FROM alert AS a WHERE status='active' AND severity IN ({marks}) "  # noqa: S608
            "AND NOT EXISTS (SELECT 1 FROM escalation AS e WHERE e.alert_id=a.agg "
            "AND e.next_due IS NOT NULL) ORDER BY detected_at LIMIT ?"
        )
        ranks = [SEVERITY_RANK[severity] for severity in severities]
        return [agg for (agg,) in self._rows(sql, (*ranks, limit))]

    def due_deliveries(
        self, method_id: str, now_ms: int, limit: int, *, urgent: bool = False
    ) -> list[str]:
        """Deliveries of one method whose moment has come, soonest first."""
        return due.deliveries(self._rows, method_id, now_ms, limit, urgent=urgent)

    def waiting_for(self, alert_id: str, method_id: str) -> list[str]:
        """Deliveries of one alert by one method that have not ended."""
        sql = (
            "SELECT agg FROM delivery WHERE alert_id=? AND method_id=? AND next_due IS NOT NULL "
            "ORDER BY agg"
        )
        return [agg for (agg,) in self._rows(sql, (alert_id, method_id))]

    def due_methods(self, now_ms: int) -> list[DueMethod]:
        """Methods with something due, and when messages went to them lately."""
        return due.methods(self._rows, now_ms)

    def carried_by(self, delivery_id: str, status: str, limit: int) -> list[str]:
        """Deliveries that go or went in this one's message."""
        return due.carried_by(self._rows, delivery_id, status, limit)

    def codes(self, since_ms: int) -> list[tuple[int, str]]:
        """The codes in text messages since then, each with its delivery."""
        return due.codes(self._rows, since_ms)

    def due_questions(self, now_ms: int, limit: int) -> list[str]:
        """Sent deliveries whose provider is to be asked, soonest first."""
        return due.questions(self._rows, now_ms, limit)

    def next_due(self) -> int | None:
        """The soonest due moment of alerts and deliveries."""
        sql = (
            "SELECT min(m) FROM (SELECT min(next_due) AS m FROM alert WHERE next_due IS NOT NULL "
            "UNION ALL SELECT min(hold_due) FROM alert WHERE hold_due IS NOT NULL "
            "UNION ALL SELECT min(next_due) FROM delivery WHERE next_due IS NOT NULL "
            "UNION ALL SELECT min(next_due) FROM task WHERE next_due IS NOT NULL "
            "UNION ALL SELECT min(next_due) FROM incident WHERE next_due IS NOT NULL "
            "UNION ALL SELECT min(next_due) FROM decision WHERE next_due IS NOT NULL)"
        )
        soonest: int | None = self._rows(sql)[0][0]
        return soonest

    def marks(self, origins: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """(seq, hash) where the log of each of these origins ends."""
        wanted = set(origins)
        rows = self._rows("SELECT origin, seq, hash FROM origin_head")
        return {origin: (seq, digest) for origin, seq, digest in rows if origin in wanted}

    def last_hlcs(self, aggregates: Iterable[str]) -> dict[str, int]:
        """The greatest hlc of each aggregate that has events."""
        names = list(aggregates)
        found: dict[str, int] = {}
        for start in range(0, len(names), _CHUNK):
            chunk = tuple(names[start : start + _CHUNK])
            marks = ",".join("?" * len(chunk))
            for table in ("event", "base"):
                sql = f"SELECT agg, max(hlc) FROM {table} WHERE agg IN ({marks}) GROUP BY agg"  # noqa: S608
                for aggregate, last in self._rows(sql, chunk):
                    found[aggregate] = max(last, found.get(aggregate, 0))
        return found

    def story(self, aggregate: str) -> tuple[State | None, list[Event]]:
        """What compacted events left of it, and all events since."""
        base = None
        place = table_of(aggregate)
        if place is not None:
            for (data,) in self._rows("SELECT state FROM base WHERE agg=?", (aggregate,)):
                base = decode(TYPES[place[1]], data)
        rows = self._rows("SELECT raw, body FROM event WHERE agg=? ORDER BY pos", (aggregate,))
        return base, [unseal(raw, body) for raw, body in rows]
