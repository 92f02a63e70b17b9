"""Many messages at once: as many under way as allowed, never more than those in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from crisisdesk.engine.ports import Outcome, Outgoing, Sender

ATTEMPTS = 3
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0

OnOutcome = Callable[[Outgoing, Outcome], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How a bulk sending ended: messages taken, refused for good, and given up after attempts."""

    sent: int = 0
    refused: int = 0
    given_up: int = 0


async def send_many(
    outgoings: Iterable[Outgoing] | AsyncIterable[Outgoing],
    sender: Sender,
    concurrency: int,
    on_outcome: OnOutcome,
    *,
    attempts: int = ATTEMPTS,
) -> Tally:
    """Send each once, and again up to ``attempts`` times while trying again may help.

    The next message is drawn when a place is free, so an endless source is served in constant
    memory. Pauses are the provider's wish, else double from 1 s, at most 60 s. ``on_outcome`` gets
    each message's last outcome, in the order they end; what it or the source raises ends the whole.
    Keep ``concurrency`` below the places of the lane, so that pages find one.
    """
    if concurrency < 1 or attempts < 1:
        raise ValueError("send_many needs at least one place and one attempt")
    source = _drawn(outgoings)
    drawing = asyncio.Lock()
    counts = {"sent": 0, "refused": 0, "given_up": 0}

    async def work() -> None:
        while True:
            async with drawing:
                outgoing = await anext(source, None)
            if outgoing is None:
                return
            outcome = await _send_patiently(outgoing, sender, attempts)
            kind = "sent" if outcome.ok else "given_up" if outcome.retryable else "refused"
            counts[kind] += 1
            on_outcome(outgoing, outcome)

    async with asyncio.TaskGroup() as places:
        for number in range(concurrency):
            places.create_task(work(), name=f"bulk {number}")
    return Tally(**counts)


async def _drawn(
    outgoings: Iterable[Outgoing] | AsyncIterable[Outgoing],
) -> AsyncIterator[Outgoing]:
    if isinstance(outgoings, AsyncIterable):
        async for outgoing in outgoings:
            yield outgoing
    else:
        for outgoing in outgoings:
            yield outgoing


async def _send_patiently(outgoing: Outgoing, sender: Sender, attempts: int) -> Outcome:
    outcome = await sender.send(outgoing)
    for number in range(attempts - 1):
        if outcome.ok or not outcome.retryable:
            return outcome
        wish = outcome.retry_after_s
        pause = FIRST_PAUSE_S * 2**number if wish is None else wish
        await asyncio.sleep(min(pause, LONGEST_PAUSE_S))
        outcome = await sender.send(outgoing)
    return outcome
