"""Waiting with a deadline, fairly to a process that was stopped meanwhile.

A process that slept through the deadline wakes with both the end of its time and the answer at the
door. `asyncio.timeout` takes the deadline first, and a page that was delivered would be sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# Enough for what lies in the socket already to be read.
LOOK_AGAIN_S = 0.25


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``; raises TimeoutError when it has not come ``seconds`` from now.

    What is there when the time is found to be up still counts. Work that is given up is cancelled
    and has ended when this returns.
    """
    task = asyncio.get_running_loop().create_task(work)
    try:
        for patience in (seconds, LOOK_AGAIN_S):
            done, _ = await asyncio.wait({task}, timeout=patience)
            if done:
                return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    raise TimeoutError
