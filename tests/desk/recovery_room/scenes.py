"""Logs of runs as the tests of the Recovery room need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crisisdesk.desk.recovery_room.reading import RunFound
from crisisdesk.desk.recovery_room.room import RecoveryRoom
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.step_map import StepMap, StepStanding
from crisisdesk.engine.commands import OpenIncident
from crisisdesk.engine.recovery_commands import PublishProcedure

from tests.desk.comms_room.conftest import FileDesk
from tests.domain.recovery.making import PROMOTE, START, Log, made
from tests.store.workload import Station

KLARA, JONAS = "Klára Langová", "Jonas Weber"
NOW = START + 60_000
FREEZE: dict[str, Any] = {
    "id": "freeze",
    "title": "Freeze writes",
    "within": "5m",
    "rollback": {"title": "Lift the freeze"},
}
ASK: dict[str, Any] = {
    "id": "lag",
    "kind": "decision",
    "title": "Is it behind?",
    "answers": ["yes", "no"],
}
GATE: dict[str, Any] = {"id": "gate", "kind": "approval", "title": "Promote db2"}


def log(*steps: dict[str, Any], **fields: Any) -> Log:
    """The log of a run that Klára began, of these steps."""
    fields = {"requires_approval": False, "is_automated": True} | fields
    return Log(made(*(steps or (FREEZE, ASK)), **fields))


def gated() -> Log:
    """One that waits for the approval of a second person since its second second."""
    found = log(GATE)
    found.add("run.approval_asked", step_id="gate", number=1, expires_ms=600_000, at=2)
    return found


def tried(outcome: str) -> Log:
    """One whose automatic step ended like this; "" while it is being done."""
    found = log(PROMOTE)
    found.attempt("promote", outcome)
    return found


def said(*texts: str) -> Log:
    """One whose automatic step is being done and has said these."""
    found = log(PROMOTE)
    name = found.attempt("promote", "")
    for text in texts:
        found.add("run.step_output", step_id="promote", attempt=name, text=text)
    return found


def steps_of(run: Run, now: int = NOW) -> StepMap:
    """How it stands."""
    return StepMap(run, now)


def standing(run: Run, step_id: str, now: int = NOW) -> StepStanding:
    """How one step stands."""
    return StepMap(run, now).standing(step_id)


def found(run: Run, *, is_here: bool = True) -> RunFound:
    """A run as the room has read it."""
    return RunFound(run, "Orders are down", is_here, "" if is_here else "BRNO-2")


class HeldDesk(FileDesk):
    """The `Desk` of one test: reads a real file at once, and keeps commands until the test has
    answered them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.orders: list[tuple[str, Any, Any, Any]] = []
        self.looks: list[tuple[Any, Any, Any]] = []

    def command(self, words: str, call: Any, done: Any = None, refused: Any = None) -> None:
        self.orders.append((words, call, done, refused))

    def look(self, call: Any, done: Any, refused: Any) -> None:
        self.looks.append((call, done, refused))


class Seat:
    """A station with a procedure for an open incident, and the room before its file."""

    def __init__(self, folder: Path) -> None:
        self.station = Station(folder)
        self.desk = HeldDesk(self.station.path)
        self.desk.now = self.station.now_ms
        content = {
            "kind": "procedure",
            "incident_type": "data",
            "requires_approval": False,
            "prerequisites": ["A backup is there"],
            "steps": [{"id": "freeze", "title": "Freeze writes"}],
        }
        self.do(PublishProcedure(name="Fail over", content=content))
        self.do(PublishProcedure(name="Revoke", content=content | {"incident_type": "security"}))
        self.incident = str(
            self.do(OpenIncident(title="Orders", severity="critical", category="data"))
        )

    def do(self, command: Any) -> Any:
        """Give the engine's handlers an order."""
        (answer,) = self.station.do(command)
        assert not isinstance(answer, Exception), answer
        return answer

    def room(self) -> RecoveryRoom:
        """The room, read once."""
        made = RecoveryRoom(self.desk)
        made.read()
        return made
