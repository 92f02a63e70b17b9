"""Hands that a test directs, and procedures for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Stored
from crisisdesk.engine.recovery_ports import Done, Hands, Job

from tests.engine.foreign import chain, event

# About the year 2035.
LATER = 2_051_222_400_000 << 16

COMMAND: dict[str, Any] = {"kind": "command", "title": "Promote", "command": "/bin/promote"}


def content(*steps: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A procedure's content; steps need no title."""
    told = [{"title": step["id"].capitalize(), **step} for step in steps]
    return {
        "kind": "procedure",
        "steps": told,
        "is_automated": True,
        "requires_approval": False,
        **fields,
    }


def moved(run_id: str) -> list[Stored]:
    """Another station takes a run to itself, later than all that this one has written."""
    return chain(event(agg=run_id, kind="run.moved", body={}, hlc=LATER))


class TestHands:
    """An executor that does what the test says of each step; counts every execution."""

    __test__ = False

    def __init__(self, does: Callable[[str], Done] | None = None) -> None:
        self.does = does or (lambda _step: Done(outcome="ok", words="done"))
        self.begun: list[str] = []
        self.looked: list[str] = []
        self.said: tuple[str, ...] = ()
        # Cleared: what begins waits until it is set.
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.stopped = 0

    def hands(self) -> Hands:
        """For every automatic kind."""
        return Hands(executors=dict.fromkeys(("command", "http", "sql", "wait"), self))

    def check(self, step: Mapping[str, Any]) -> str:
        if step.get("command") == "/bin/forbidden":
            raise Malformed("command", "is forbidden", "use another one")
        return "would do it"

    def entry(self, step: Mapping[str, Any]) -> str:
        return f"test {step['kind']}"

    async def look(self, job: Job) -> Done | None:
        if job.step["kind"] == "command":
            return None
        self.looked.append(str(job.step["step_id"]))
        await self.may_end.wait()
        return self.does(str(job.step["step_id"]))

    async def execute(self, job: Job) -> Done:
        self.check(job.step)
        self.begun.append(str(job.step["step_id"]))
        for text in self.said:
            job.say(text)
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return self.does(str(job.step["step_id"]))

    async def aclose(self) -> None:
        """Nothing is open."""
