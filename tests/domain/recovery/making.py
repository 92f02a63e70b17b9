"""Procedures and runs for the tests of recovery, told in as few words as possible."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import fold
from crisisdesk.domain.recovery.expanding import expanded
from crisisdesk.domain.recovery.procedure import Procedure, checked_procedure, procedure_of

PRAGUE, BERLIN = "a" * 32, "b" * 32
START = 1_770_861_902_000
KLARA, JONAS, PRIYA = "Klára Langová", "Jonas Weber", "Priya Nair"
PROMOTE = {"id": "promote", "kind": "command", "title": "Promote", "command": "/bin/promote"}


def made(*steps: dict[str, Any], name: str = "Fail over", **fields: Any) -> Procedure:
    """A procedure of these steps; steps need no title."""
    told = [{"title": step["id"].capitalize(), **step} for step in steps]
    content = checked_procedure(name, {"kind": "procedure", "steps": told, **fields})
    return procedure_of(name, content)


class Log:
    """The log of one run, event by event; two stations may write."""

    def __init__(self, procedure: Procedure, **arguments: str) -> None:
        known = {procedure.name: procedure}
        self.events: list[Event] = []
        steps, given = expanded(procedure, arguments, known)
        self.add(
            "run.started",
            title=procedure.name,
            procedure=procedure.name,
            policy="POL-1",
            arguments=given,
            rollback=procedure.rollback,
            steps=steps,
        )

    def add(
        self,
        kind: str,
        *,
        by: Any = KLARA,
        at: Any = None,
        origin: Any = PRAGUE,
        **body: Any,
    ) -> Event:
        """One more event, ``at`` seconds after the start; a second after the last, if not said.

        Who, when and where are no part of the body, whatever it is made of.
        """
        n = len(self.events)
        wall = START + (n if at is None else at) * 1_000
        event = Event(
            origin=origin,
            seq=n + 1,
            hlc=n + 1,
            id=f"{n + 1:032x}",
            agg="RUN-1",
            kind=kind,
            actor=by,
            wall_ms=wall,
            body=body,
        )
        self.events.append(event)
        return event

    @property
    def run(self) -> Run:
        """The state now."""
        state = fold(self.events)
        assert isinstance(state, Run)
        return state

    def approve(self, step_id: str = "approve", by: str = JONAS, **more: Any) -> Event:
        """Ask and approve."""
        self.add("run.approval_asked", step_id=step_id, number=1, expires_ms=600_000)
        told = {"step_id": step_id, "number": 1, "binding": self.run.binding, **more}
        return self.add("run.approval_given", by=by, **told)

    def attempt(self, step_id: str, outcome: str = "ok") -> str:
        """Claim a step and end it; the attempt's id."""
        one = self.add("run.step_claimed", step_id=step_id, claim="", deadline=START + 999_999)
        if outcome == "unknown":
            self.add("run.step_unknown", step_id=step_id, attempt=one.id, why="the engine ended")
        elif outcome:
            told = {"step_id": step_id, "attempt": one.id, "outcome": outcome}
            self.add("run.step_finished", words="exit code", **told)
        return one.id
