"""A desk whose engine and reader answer within the call, on real states and real domain rules.

The engine's part is played by the command handlers' own events: orders are taken down, and a test
writes what the engine would have written. What the room does with the answers is real.
"""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.room import Refusal
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.context.topology import Topology
from crisisdesk.domain.correlation.alike import Alike, alike
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, fold
from crisisdesk.domain.image import image_in
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.playbook.content import Role
from crisisdesk.domain.severity import IncidentSeverity
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.store.queries import IncidentRow, LogEntry, Page

from tests.domain.incident_log import INCIDENT, LogBook

NOW_AFTER = 35 * 60_000


class Reader:
    """The reader's questions, answered from a log in memory."""

    def __init__(self, log: LogBook) -> None:
        self.log = log

    def _state(self, aggregate: str) -> State | None:
        return fold(self.log.of(aggregate))

    def incident(self, incident_id: str) -> Any:
        return self._state(incident_id)

    def alike_of(self, incident_id: str, _viewer: str) -> tuple[Alike, ...]:
        found = (self._state(name) for name in self.incident(incident_id).alerts)
        attached = [one for one in found if isinstance(one, Alert)]
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "alert.fired")
        states = [self._state(name) for name in names]
        return alike(attached, (s for s in states if isinstance(s, Alert)), {})

    def alert(self, alert_id: str) -> Any:
        return self._state(alert_id)

    def candidate(self, candidate_id: str) -> Any:
        return self._state(candidate_id)

    def candidates(self) -> list[Candidate]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "candidate.proposed")
        states = [self._state(name) for name in names]
        return [s for s in states if isinstance(s, Candidate) and s.is_open]

    def members(self, candidate: Candidate) -> list[Alert]:
        states = [self._state(name) for name in candidate.alerts]
        return [s for s in states if isinstance(s, Alert)]

    def parts(self, _incidents: list[Any]) -> dict[str, list[Any]]:
        return {}

    def seen_parts(self, incident: Incident, viewer: str) -> list[Incident]:
        parts = self.parts([incident]).get(incident.incident_id, [])
        return [one for one in parts if one.may_see(viewer)]

    def seen_ids(self, incident: Incident, viewer: str) -> set[str]:
        parts = self.seen_parts(incident, viewer)
        return {incident.incident_id, *(one.incident_id for one in parts)}

    def whole_incident(self, incident: Any) -> Any:
        return incident

    def tasks_of(self, incident_id: str) -> list[Any]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "task.added")
        states: list[Any] = [self._state(name) for name in names]
        return [s for s in states if s.incident_id == incident_id]

    def decisions_of(self, incident_id: str) -> list[Any]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "decision.logged")
        states: list[Any] = [self._state(name) for name in names]
        return [s for s in states if s.incident_id == incident_id]

    def followed_plan(self, _incident: Incident) -> None:
        return None

    def roles_to_fill(self, _incident: Incident) -> tuple[Role, ...]:
        return ()

    def open_tasks(self) -> list[Any]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "task.added")
        states: list[Any] = [self._state(name) for name in names]
        led = (s for s in states if s.is_open and self._state(s.incident_id).is_open)  # type: ignore[union-attr]
        return sorted(led, key=lambda s: (s.due_at is None, s.due_at, s.task_id))

    def offering_incidents(self) -> list[Incident]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "incident.opened")
        found = [s for s in map(self._state, names) if isinstance(s, Incident)]
        return [one for one in found if one.handovers]

    def policies(self) -> list[Any]:
        return []

    def updates_of(self, incident_id: str) -> list[IncidentUpdate]:
        return [u for u in self.log.updates() if u.incident_id == incident_id]

    def images_of(self, incident_ids: list[str]) -> dict[str, Any]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "image.added")
        states: dict[str, Any] = {name: self._state(name) for name in names}
        return {n: s for n, s in states.items() if s.incident_id in incident_ids}

    def image_data(self, image_id: str) -> bytes | None:
        told = [e for e in self.log.of(image_id) if e.kind == "image.added"]
        return image_in(told[0]).data if told else None

    def services(self) -> Services:
        catalogue = self.log.catalogue
        return Services(catalogue, Topology(catalogue.edges()))

    def page_incidents(self, *_asked: Any) -> Page[Incident]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "incident.opened")
        states = [self._state(name) for name in names]
        found = [s for s in states if isinstance(s, Incident)]
        return Page(items=found, next=None)

    def runs(self, *, incident_id: str, every: bool) -> list[Run]:
        names = dict.fromkeys(e.agg for e in self.log.events if e.kind == "run.started")
        runs = [s for s in map(self._state, names) if isinstance(s, Run)]
        return [r for r in runs if r.incident_id == incident_id and (every or r.ended_at is None)]

    def log_entries(
        self,
        aggregates: list[str],
        limit: int = 500,
        before_pos: int | None = None,
        without_kind: str = "",
    ) -> list[LogEntry]:
        found = [
            LogEntry(pos, event)
            for pos, event in enumerate(self.log.events, start=1)
            if event.agg in aggregates
            and event.kind != without_kind
            and (before_pos is None or pos < before_pos)
        ]
        return found[-limit:]


class Client:
    """Takes orders down and gives ``answers`` to them, by their names."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answers: dict[str, dict[str, Any]] = {"add_task": {"task_id": "TSK-000000000009"}}

    def __getattr__(self, name: str) -> Any:
        def take(*args: Any, **fields: Any) -> dict[str, Any]:
            self.orders.append((name, args, fields))
            return self.answers.get(name, {"incident_id": INCIDENT})

        return take


class StandInDesk:
    """The `Desk` of one test."""

    def __init__(self, log: LogBook, now_ms: int) -> None:
        self.log, self.now = log, now_ms
        self.client = Client()
        self.refuse_with: Refusal | None = None
        self.away = False
        self.held: list[Any] | None = None
        self.said: list[tuple[str, str]] = []
        self.shown: list[str] = []
        self.undos: list[tuple[str, Any]] = []

    def now_ms(self) -> int:
        return self.now

    def operator(self) -> str:
        return "Klára Langová"

    def engine_away(self) -> bool:
        return self.away

    def command(self, words: str, call: Any, done: Any = None, refused: Any = None) -> None:
        def answer() -> None:
            refusal, self.refuse_with = self.refuse_with, None
            if refusal is not None:
                refused(refusal)
            else:
                result = call(self.client)
                if done is not None:
                    done(result)

        if self.held is None:
            answer()
        else:
            self.held.append(answer)

    def look(self, call: Any, done: Any, refused: Any) -> None:
        raise AssertionError("the incidents room asks the engine nothing")

    def ask(self, question: Any, answer: Any) -> None:
        answer(question(Reader(self.log)))

    def say(self, title: str, body: str = "", severity: str = "", icon: str = "") -> None:
        self.said.append((title, body))

    def offer_undo(self, title: str, undo: Any) -> None:
        self.undos.append((title, undo))

    def show_thing(self, aggregate_id: str) -> None:
        self.shown.append(aggregate_id)

    def open_room(self, key: int) -> None:
        raise AssertionError("the incidents room opens no other by its number")

    def remember(self, key: str, value: Any) -> None:
        raise AssertionError("the incidents room remembers nothing")

    def remembered(self, key: str, default: Any) -> Any:
        return default


def incident_rows(log: LogBook) -> list[IncidentRow]:
    """The rows that the store's projection of this log would hold."""
    ids = dict.fromkeys(e.agg for e in log.events if e.kind == "incident.opened")
    rows = []
    for incident_id in ids:
        state = fold(log.of(incident_id))
        assert isinstance(state, Incident)
        rows.append(
            IncidentRow(
                incident_id=incident_id,
                pos=len(log.events),
                status=str(state.status),
                severity=IncidentSeverity(state.severity).rank,
                title=state.title,
                commander=state.commander,
                created_at=state.created_at,
                resolved_at=state.resolved_at,
            )
        )
    return rows


def change_of(log: LogBook, events: list[Event] | None = None) -> Change:
    """The change that a reader would hand over: everything, or what these events touched."""
    touched = frozenset(e.agg for e in events or ())
    return Change(
        incidents=incident_rows(log),
        full=events is None,
        touched=touched,
        updates_changed=any(name.startswith("U-") for name in touched),
        head_pos=len(log.events),
    )
