"""Alerts of a system that tells only which are firing now: when is one that is missing over?

Missing from one answer says little: a system that was started a moment ago knows none until they
are sent to it again, and one that is started over and over would end everything each time. So an
alert is over once it was missing from two answers in a row, of a run of the system that has been
seen for long enough. Losing sight of the system ends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction

# A firing alert is told again after this long, so that one that was lost or ended here comes back.
REPEAT_MS = 300_000
ALERTS_LIMIT = 1_000
_RUNS_KEPT = 8
_GONE_KEPT = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """What one answer said: what fires and counts, the keys of what exists but is quiet on purpose,
    which run of which instance answered ("" when that is not told), and whether all that it said
    could be read: what could not may be what is missing. ``ended`` are those that it says itself
    are over. ``source`` is whose alerts they are."""

    firing: Sequence[Signal]
    quiet: frozenset[str]
    run: str
    is_whole: bool = True
    ended: Sequence[Signal] = ()
    source: str = "alertmanager"


@dataclass(frozen=True, slots=True)
class Judged:
    """The signals to take in, the bookmark for the next look, how many that are missing are still
    held to be firing, and how many are too many to be minded."""

    signals: list[Signal]
    bookmark: dict[str, object]
    held: int
    beyond: int


class _Known(NamedTuple):
    """An alert that was told: as what, when last, since when it is missing (0: it is not)."""

    state: str
    told_at: int
    missing_since: int


class _Memory:
    """What a bookmark holds: ``alerts`` key -> [state, told at, missing since], ``gone`` key ->
    start of the occurrence that was ended here, ``runs`` run -> when it was first seen."""

    def __init__(self, bookmark: Mapping[str, object]) -> None:
        self.alerts: dict[str, _Known] = {}
        for key, value in _table(bookmark, "alerts").items():
            if _is_known(value):
                self.alerts[key] = _Known(*value)
        self.gone = _numbers(bookmark, "gone")
        self.runs = _numbers(bookmark, "runs")

    def end(self, key: str) -> None:
        """One of the alerts is over."""
        known = self.alerts.pop(key)
        self.gone.pop(key, None)
        self.gone[key] = _start_of(known.state)

    def bookmark(self) -> dict[str, object]:
        """As it is kept until the next look, the oldest left out where it would grow."""
        runs = sorted(self.runs.items(), key=lambda item: item[1])[-_RUNS_KEPT:]
        return {
            "alerts": {key: list(known) for key, known in self.alerts.items()},
            "gone": dict(list(self.gone.items())[-_GONE_KEPT:]),
            "runs": dict(runs),
        }


def judge(bookmark: Mapping[str, object], seen: Seen, *, now: int, settle_ms: int) -> Judged:
    """What of an answer is news after the answers that ``bookmark`` sums up."""
    memory = _Memory(bookmark)
    first = memory.runs.setdefault(seen.run, now)
    # Where a run is not told, what is missing waits for as long as a new run would.
    is_settled = not seen.run or now - first >= settle_ms or len(memory.runs) == 1
    wait_ms = 0 if seen.run else settle_ms
    signals, beyond = _told(memory, seen, now)
    signals += _ended(memory, seen, is_first=not bookmark)
    present = seen.quiet | {signal.key for signal in seen.firing}
    held = 0
    for key in [key for key in memory.alerts if key not in present]:
        known = memory.alerts[key]
        since = known.missing_since
        if since and is_settled and seen.is_whole and now - since >= wait_ms:
            memory.end(key)
            signals.append(_over(key, seen.source))
        else:
            memory.alerts[key] = known._replace(missing_since=since or now)
            held += 1
    return Judged(signals, memory.bookmark(), held, beyond)


def _told(memory: _Memory, seen: Seen, now: int) -> tuple[list[Signal], int]:
    """The firing ones that are new, worse or due again; those held quiet are not missing."""
    signals: list[Signal] = []
    beyond = 0
    for key in seen.quiet & memory.alerts.keys():
        memory.alerts[key] = memory.alerts[key]._replace(missing_since=0)
    for signal in seen.firing:
        state, known = f"{signal.severity}@{signal.starts_at or 0}", memory.alerts.get(signal.key)
        if known is None and len(memory.alerts) >= ALERTS_LIMIT:
            beyond += 1
        elif known is not None and known.state == state and now - known.told_at < REPEAT_MS:
            memory.alerts[signal.key] = known._replace(missing_since=0)
        else:
            memory.alerts[signal.key] = _Known(state, now, 0)
            signals.append(_anew(signal, memory.gone))
    return signals, beyond


def _ended(memory: _Memory, seen: Seen, *, is_first: bool) -> list[Signal]:
    """Of those that are told to be over the ones that were told to fire. At the first look, when
    nothing is remembered, all: one may have been raised by the station that looked before."""
    signals: list[Signal] = []
    for signal in seen.ended:
        if signal.key in memory.alerts:
            memory.end(signal.key)
        elif not is_first or len(signals) >= ALERTS_LIMIT:
            continue
        signals.append(signal)
    return signals


def _anew(signal: Signal, gone: Mapping[str, int]) -> Signal:
    """An occurrence that was held to be over and goes on counts as a new one: by its old start the
    alert would be taken for a late report of what has ended."""
    if signal.starts_at is not None and gone.get(signal.key) == signal.starts_at:
        return replace(signal, starts_at=None)
    return signal


def _over(key: str, source: str) -> Signal:
    return Signal(
        source=source,
        key=key,
        action=SignalAction.RESOLVE,
        severity=Severity.LOW,
        title=key,
        note="no longer among the firing alerts",
    )


def _start_of(state: str) -> int:
    return int(state.rpartition("@")[2])


def _is_known(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[0], str)
        and value[0].rpartition("@")[2].isdecimal()
        and type(value[1]) is int
        and type(value[2]) is int
    )


def _table(bookmark: Mapping[str, object], name: str) -> Mapping[str, Any]:
    value = bookmark.get(name)
    return value if isinstance(value, dict) else {}


def _numbers(bookmark: Mapping[str, object], name: str) -> dict[str, int]:
    return {key: n for key, n in _table(bookmark, name).items() if type(n) is int}
