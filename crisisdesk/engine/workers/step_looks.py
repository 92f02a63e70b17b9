"""Looks at what steps wait for and ask, as it stands at this moment: nothing is done by it, and
nothing written down. For a look ahead at a procedure, and beside a run under way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.recovery.ahead import is_look
from crisisdesk.engine.recovery_ports import Done, Hands, Job

log = logging.getLogger(__name__)

States = Callable[[], Mapping[str, str]]
LOOK_S, ALL_S = 5.0, 6.0
AT_ONCE = 8
LATE = "no answer in time; look again"
# What differs between a criterion that is looked at before and the same one afterwards.
_PLACE = frozenset("step_id after needs phase auto when keep within_ms exclusive title".split())


async def looked_at(
    steps: Iterable[Mapping[str, Any]], hands: Hands, states: States, all_s: float = ALL_S
) -> dict[str, Done]:
    """What each step that only looks finds, by its id; the others are left out.

    ``failed`` is what does not hold, ``unknown`` what could not be looked at here and now. The same
    question is asked once. Takes at most ``all_s`` seconds.
    """
    asked = [(step, _question(step)) for step in steps if is_look(step)]
    told: dict[bytes, Done | None] = {}
    room = asyncio.Semaphore(AT_ONCE)

    async def look(step: Mapping[str, Any], question: bytes) -> None:
        async with room:
            told[question] = await _looked(step, hands, states)

    try:
        async with asyncio.timeout(all_s), asyncio.TaskGroup() as group:
            for question, step in {question: step for step, question in asked}.items():
                group.create_task(look(step, question))
    except TimeoutError:
        log.info("%d of %d looks had no answer in time", len(asked) - len(told), len(asked))
    late = Done(outcome="unknown", words=LATE)
    found = {step["step_id"]: told.get(question, late) for step, question in asked}
    return {step_id: done for step_id, done in found.items() if done is not None}


def _question(step: Mapping[str, Any]) -> bytes:
    return canonical_bytes({name: step[name] for name in step if name not in _PLACE})


async def _looked(step: Mapping[str, Any], hands: Hands, states: States) -> Done | None:
    # A run's log may be of another program's making, and its steps without a bound.
    timeout_s = min(LOOK_S, step.get("timeout_ms", LOOK_S * 1_000) / 1_000)
    job = Job(step=step, timeout_s=timeout_s, say=_unheard, states=states)
    try:
        async with asyncio.timeout(LOOK_S):
            return await hands.of(step).look(job)
    except DomainError as error:
        return Done(outcome="unknown", words=str(error)[:500])
    except TimeoutError:
        return Done(outcome="unknown", words=LATE)
    except Exception as error:
        log.exception("step %s (%s) could not be looked at", step["step_id"], step["kind"])
        words = f"it could not be looked at here ({type(error).__name__}); see the log"
        return Done(outcome="unknown", words=words)


def _unheard(_text: str) -> None:
    """A look tells its verdict alone."""
