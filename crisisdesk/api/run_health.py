"""The route that looks at a run's criteria and waits as they stand now, while it is under way."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id
from crisisdesk.api.room import InRoom
from crisisdesk.api.runs import needed_run
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.watching import limit_of, watched
from crisisdesk.engine.recovery_ports import Hands
from crisisdesk.engine.workers.step_looks import looked_at

router = APIRouter(prefix="/crisis/recovery", tags=["recovery"])

Now = Literal["holds", "does_not_hold", "not_known"]
# What the end of a look says of what was looked at.
NOW_OF: dict[str, Now] = {"ok": "holds", "failed": "does_not_hold", "unknown": "not_known"}
_NO_HANDS = Hands(executors={})


class WatchedOut(Out):
    """One criterion or wait: what was found (``value``, "" where nothing was), what it is held
    against (``limit``), and the verdict in ``words``."""

    step_id: str
    title: str
    kind: str
    phase: Literal["main", "after"]
    source: Annotated[str, Field(description="The source that is waited for, else empty.")]
    now: Now
    value: str
    limit: str
    words: str


class RunHealthOut(Out):
    """All that is watched of a run, as it stood at ``looked_at``; none once it has ended."""

    looked_at: Time
    results: list[WatchedOut]


@router.get("/runs/{run}/health/", responses=errors(404))
async def health_of_run(room: InRoom, run: Id) -> RunHealthOut:
    """Look at its criteria and at what it waits for; nothing is written down and nothing done."""
    now = room.door.now_ms()
    steps = watched(await needed_run(room, run), now)
    runner = room.runner
    if runner is None:
        found = await looked_at(steps, _NO_HANDS, dict)
    else:
        found = await looked_at(steps, runner.hands, runner.states)
    return RunHealthOut(
        looked_at=iso(now),
        results=[
            WatchedOut(
                step_id=step["step_id"],
                title=step["title"],
                kind=kind_of(step),
                phase=step["phase"],
                source=step.get("source", ""),
                now=NOW_OF[done.outcome],
                value=done.value,
                limit=limit_of(step),
                words=done.words,
            )
            for step in steps
            if (done := found.get(step["step_id"])) is not None
        ],
    )
