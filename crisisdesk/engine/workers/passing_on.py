"""Reports that a source makes itself, taken in as if they had been sent here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crisisdesk.domain.signal import Signal
from crisisdesk.engine.command import Submit
from crisisdesk.engine.commands import TakeIn

# A report that says nothing new is a repeat in the log; one a minute shows that it still holds.
REPEAT_MS = 60_000
MOST_KNOWN = 20_000


class PassingOn:
    """Runs on the engine's loop. Looks repeat what fires at each interval; only what is new, or was
    passed on long ago, goes further."""

    def __init__(self, submit: Submit) -> None:
        self._submit = submit
        self._known: dict[tuple[str, str], tuple[int, Signal, int | None]] = {}

    async def pass_on(self, signals: Sequence[Signal], now: int) -> None:
        """Take in what is new of these. Raises as `Committer.submit` does, with nothing noted."""
        wanted = [signal for signal in signals if self._is_news(signal, now)]
        by_source: dict[str, list[Signal]] = {}
        for signal in wanted:
            by_source.setdefault(signal.source, []).append(signal)
        for source, told in by_source.items():
            await self._submit(TakeIn(signals=told), f"source:{source}")
            for signal in told:
                self._note(signal, now)

    def _is_news(self, signal: Signal, now: int) -> bool:
        known = self._known.get((signal.source, signal.key))
        if known is None:
            return True
        at, last, ends_at = known
        if replace(signal, ends_at=None) != last or not 0 <= now - at < REPEAT_MS:
            return True
        # One that ends by itself when it is not heard of again is renewed at half its time.
        return ends_at is not None and now - at >= (ends_at - at) // 2

    def _note(self, signal: Signal, now: int) -> None:
        key = (signal.source, signal.key)
        self._known.pop(key, None)
        self._known[key] = (now, replace(signal, ends_at=None), signal.ends_at)
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
