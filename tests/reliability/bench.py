"""A station in memory: the engine's own workbench and handlers over a journal of lists.

Nothing here folds by itself: what a state is, the workbench decides, as it does over a file.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.event import GENESIS, Event, Sealed, Stored
from crisisdesk.domain.fold import State, state_bytes
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.silence import Silence
from crisisdesk.domain.task import Task
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import DueMethod, Head
from crisisdesk.engine.workbench import Entropy, Workbench

START = 1_770_861_902_000


class MemoryJournal:
    """What a workbench asks of a journal, answered from lists."""

    short_of_space = ""

    def __init__(self, origin: str, station_id: str) -> None:
        self.station_id = station_id
        self.origin = origin
        self.sealed: list[Sealed] = []
        self.told: dict[str, list[Event]] = {}
        self.states: dict[str, State] = {}
        self.ends: dict[str, tuple[int, bytes]] = {}
        self.spoilt: list[tuple[Event, str]] = []
        self.hlc = 0

    def head(self) -> Head:
        seq, digest = self.ends.get(self.origin, (0, GENESIS))
        return Head(origin=self.origin, seq=seq, hash=digest, hlc=self.hlc, pos=len(self.sealed))

    def load(self, aggregates: Iterable[str]) -> dict[str, State]:
        return {a: self.states[a] for a in aggregates if a in self.states}

    def contacts(self) -> list[Contact]:
        return [s for s in self.states.values() if isinstance(s, Contact) and not s.removed]

    def silences(self) -> list[Silence]:
        return [s for s in self.states.values() if isinstance(s, Silence) and s.active]

    def open_incidents(self) -> list[Incident]:
        return [s for s in self.states.values() if isinstance(s, Incident) and s.is_open]

    def attached_alerts(self) -> list[Alert]:
        alerts = [s for s in self.states.values() if isinstance(s, Alert)]
        return [a for a in alerts if a.incident_id and a.is_open]

    def uses(self, method_ids: Sequence[str], now_ms: int) -> dict[str, Use]:
        return {}

    def due_alerts(self, now_ms: int, limit: int) -> list[str]:
        return [a for a, s in self._due(Alert) if s.next_due <= now_ms][:limit]

    def policies(self) -> list[PolicyVersion]:
        found = [s for s in self.states.values() if isinstance(s, PolicyVersion)]
        return [version for version in found if version.withdrawn_at is None]

    def recent_alerts(self, within_ms: int, limit: int) -> list[Alert]:
        found = [s for s in self.states.values() if isinstance(s, Alert)]
        since = max((a.detected_at for a in found), default=0) - within_ms
        recent = [a for a in found if a.is_open and a.detected_at > since]
        return sorted(recent, key=lambda a: a.detected_at)[-limit:]

    def candidates(self) -> list[Candidate]:
        return [s for s in self.states.values() if isinstance(s, Candidate)]

    def due_escalations(self, now_ms: int, limit: int) -> list[str]:
        return [a for a, s in self._due(Escalation) if s.next_due <= now_ms][:limit]

    def due_tasks(self, now_ms: int, limit: int) -> list[str]:
        return [a for a, s in self._due(Task) if s.next_due <= now_ms][:limit]

    def open_tasks(self, incident_id: str) -> list[str]:
        tasks = (s for s in self.states.values() if isinstance(s, Task) and s.is_open)
        return sorted(t.task_id for t in tasks if t.incident_id == incident_id)

    def due_decisions(self, now_ms: int, limit: int) -> list[str]:
        return [a for a, s in self._due(Decision) if s.next_due <= now_ms][:limit]

    def due_handovers(self, now_ms: int, limit: int) -> list[str]:
        return [a for a, s in self._due(Incident) if s.next_due <= now_ms][:limit]

    def merged_incidents(self, limit: int) -> list[str]:
        found = [s for s in self.states.values() if isinstance(s, Incident)]
        return sorted(i.incident_id for i in found if i.merged_into)[:limit]

    def open_alerts(self) -> list[Alert]:
        return [s for s in self.states.values() if isinstance(s, Alert) and s.is_open]

    def open_runs(self, since_ms: int) -> list[Run]:
        runs = [s for s in self.states.values() if isinstance(s, Run)]
        return [r for r in runs if r.ended_at is None or r.ended_at > since_ms]

    def quieted_by(self, name: str, limit: int | None = None) -> list[str]:
        return [e.escalation_id for e in self._escalations() if e.quiet_by == name][:limit]

    def quieting(self) -> list[str]:
        return sorted({e.quiet_by for e in self._escalations() if e.quiet_by})

    def unattended(self, severities: Sequence[str], limit: int) -> list[str]:
        attended = {e.alert_id for e in self._escalations() if e.next_due is not None}
        alerts = [s for s in self.states.values() if isinstance(s, Alert) and s.status == "active"]
        found = [a for a in alerts if a.severity in severities and a.alert_id not in attended]
        return [a.alert_id for a in sorted(found, key=lambda a: a.detected_at)][:limit]

    def _escalations(self) -> list[Escalation]:
        return [s for s in self.states.values() if isinstance(s, Escalation)]

    def due_deliveries(
        self, method_id: str, now_ms: int, limit: int, *, urgent: bool = False
    ) -> list[str]:
        due = [(a, s) for a, s in self._due(Delivery) if s.method_id == method_id]
        fit = [a for a, s in due if s.next_due <= now_ms and (s.is_urgent or not urgent)]
        return fit[:limit]

    def waiting_for(self, alert_id: str, method_id: str) -> list[str]:
        due = [(a, s) for a, s in self._due(Delivery) if s.method_id == method_id]
        return sorted(a for a, s in due if s.alert_id == alert_id)

    def due_methods(self, now_ms: int) -> list[DueMethod]:
        due = {s.method_id: s.channel for _a, s in self._due(Delivery) if s.next_due <= now_ms}
        sent = [s for s in self.states.values() if isinstance(s, Delivery) and s.message_at]
        return [
            DueMethod(
                method_id=method,
                channel=channel,
                messages=tuple(s.message_at or 0 for s in sent if s.method_id == method),
                channel_messages=tuple(s.message_at or 0 for s in sent if s.channel == channel),
            )
            for method, channel in sorted(due.items())
        ]

    def carried_by(self, delivery_id: str, status: str, limit: int) -> list[str]:
        states = [s for s in self.states.values() if isinstance(s, Delivery)]
        found = [s.delivery_id for s in states if (s.into, s.status) == (delivery_id, status)]
        return found[:limit]

    def codes(self, since_ms: int) -> list[tuple[int, str]]:
        found = [s for s in self.states.values() if isinstance(s, Delivery) and s.code]
        return [(s.code, s.delivery_id) for s in found if (s.message_at or 0) > since_ms]

    def next_due(self) -> int | None:
        return min((s.next_due for k in (Alert, Delivery) for _a, s in self._due(k)), default=None)

    def _due(self, kind: type[Any]) -> list[tuple[str, Any]]:
        found = [(a, s) for a, s in self.states.items() if isinstance(s, kind)]
        return sorted((p for p in found if p[1].next_due is not None), key=lambda p: p[1].next_due)

    def marks(self, origins: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        return {o: self.ends[o] for o in origins if o in self.ends}

    def last_hlcs(self, aggregates: Iterable[str]) -> dict[str, int]:
        return {a: max(e.hlc for e in self.told[a]) for a in aggregates if a in self.told}

    def story(self, aggregate: str) -> tuple[State | None, list[Event]]:
        return None, list(self.told.get(aggregate, ()))

    def append(
        self,
        sealed: list[Sealed],
        states: dict[str, tuple[State, int]],
        spoilt: list[tuple[Event, str]],
    ) -> int:
        for one in sealed:
            self.sealed.append(one)
            self.told.setdefault(one.event.agg, []).append(one.event)
            self.ends[one.event.origin] = (one.event.seq, one.hash)
            self.hlc = max(self.hlc, one.event.hlc)
        self.states |= {agg: state for agg, (state, _last) in states.items()}
        self.spoilt += spoilt
        return len(self.sealed)


def as_stored(sealed: Sealed) -> Stored:
    """What goes from one station to another."""
    return Stored(
        origin=sealed.event.origin,
        seq=sealed.event.seq,
        raw=sealed.raw,
        body=sealed.body,
        salt=sealed.salt,
        hash=sealed.hash,
    )


class MemoryStation:
    """One station; its clock is off by ``skew_ms`` and it does not know."""

    def __init__(self, name: str, number: int, seed: int = 1, skew_ms: int = 0) -> None:
        self.name = name
        self.skew_ms = skew_ms
        self.random = random.Random(seed * 100 + number)
        self.journal = MemoryJournal(f"{number:032x}", f"S-{number:08d}")
        journal: Any = self.journal
        self.bench = Workbench(journal, Policy(), Entropy(self.random.randbytes))

    def do(self, command: c.Command, now_ms: int, actor: str = "") -> Any:
        """Its result, or the refusal; kept before this returns."""
        self.bench.begin(actor or self.name, now_ms + self.skew_ms)
        try:
            result = HANDLERS[type(command)](command, self.bench)
        except DomainError as refused:
            self.bench.take_back()
            return refused
        self._keep()
        return result

    def emit(
        self, aggregate: str, kind: str, body: dict[str, Any], now_ms: int, actor: str = ""
    ) -> Event:
        """One event for which there is no command yet."""
        self.bench.begin(actor or self.name, now_ms + self.skew_ms)
        event = self.bench.emit(aggregate, kind, body)
        self._keep()
        return event

    def _keep(self) -> None:
        if self.bench.sealed:
            bench = self.bench
            pos = self.journal.append(bench.sealed, bench.touched, list(bench.spoilt))
            bench.settle(pos)

    def get(self, aggregate: str) -> Any:
        """The state it shows."""
        return self.journal.states.get(aggregate)

    def lacks(self, other: MemoryStation) -> list[Stored]:
        """What ``other`` has and this one has not, in the order in which ``other`` got it."""
        ends = {origin: seq for origin, (seq, _hash) in self.journal.ends.items()}
        return [
            as_stored(s) for s in other.journal.sealed if s.event.seq > ends.get(s.event.origin, 0)
        ]

    def pull(self, other: MemoryStation, now_ms: int, limit: int = 1_000_000) -> int:
        """Take over at most ``limit`` events of another station; how many were new."""
        batch = self.lacks(other)[:limit]
        if not batch:
            return 0
        absorbed = self.do(c.Absorb(events=batch), now_ms)
        assert not absorbed.quarantined, absorbed
        return int(absorbed.events)

    def vector(self) -> dict[str, int]:
        """How much of every origin's log it holds."""
        return {origin: seq for origin, (seq, _hash) in self.journal.ends.items()}

    def bytes(self) -> dict[str, bytes]:
        """Every state's canonical bytes."""
        return {a: state_bytes(s) for a, s in sorted(self.journal.states.items())}
