"""What is said of a service and of a source, the same on every screen."""

from __future__ import annotations

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.detection.source import Freshness
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.queue_order import SEVERITY_NAME
from crisisdesk.domain.service_board.judging import Board, ServiceLine, ServiceState
from crisisdesk.domain.service_board.watching import SourceCount, SourceLine


def alert_words(line: ServiceLine) -> str:
    """Its open alerts: ``2 critical, 1 high``; "" for none."""
    counts = enumerate(line.alerts, 1)
    told = [f"{count} {SEVERITY_NAME[rank]}" for rank, count in counts if count]
    return ", ".join(reversed(told))


def nobody_words(line: ServiceLine) -> str:
    """How many of its open alerts nobody has; "" for none."""
    if not line.unowned:
        return ""
    if line.unowned < line.open:
        return f"{line.unowned} that nobody has"
    return "nobody has it" if line.open == 1 else "nobody has them"


def because_words(line: ServiceLine) -> str:
    """What it needs that is not well; "" for nothing."""
    if not line.because:
        return ""
    down = [name for name, state in line.because if state is ServiceState.DOWN]
    names = down or [name for name, _state in line.because]
    told = " and ".join(names)
    how = ServiceState.DOWN if down else line.because[0][1]
    if down and line.state is ServiceState.DOWN:
        return f"because {told} {'is' if len(names) == 1 else 'are'} down"
    return f"needs {told}, which {'is' if len(names) == 1 else 'are'} {how}"


def quiet_words(line: ServiceLine, now_ms: int) -> str:
    """What keeps its pages quiet; "" for nothing."""
    if line.hush is not None:
        left = span_words(line.hush.until - now_ms)
        reason = f": {line.hush.reason}" if line.hush.reason else ""
        return f"silenced for {left}{reason}"
    if line.quiet:
        return "all kept quiet" if line.is_quiet else f"{line.quiet} kept quiet"
    return ""


def watch_words(line: ServiceLine, now_ms: int) -> str:
    """Who looks at it, and what is wrong with that."""
    looking = [w for w in line.watchers if w.state is not State.PAUSED]
    if not looking:
        return "all its sources are paused" if line.watchers else "nothing here looks at it"
    if any(w.state is State.UNSURE for w in looking):
        return "what its sources found cannot be read"
    total = f"{len(looking)} source{'s'[: len(looking) != 1]}"
    stale = [w for w in looking if w.state is State.STALE]
    late = [w for w in looking if w not in stale and w.freshness(now_ms) is Freshness.LATE]
    if stale:
        return f"{len(stale)} of {total} silent" if len(looking) > 1 else "its source is silent"
    if late:
        return f"{len(late)} of {total} late" if len(looking) > 1 else "its source is late"
    if all(w.state is State.ELSEWHERE for w in looking):
        return f"{total} at another station"
    return f"{total}, first look to come" if _all_new(looking) else total


def _all_new(looking: list[SourceLine]) -> bool:
    return all(w.state is State.NEW for w in looking)


def why_words(line: ServiceLine, now_ms: int) -> str:
    """Why it stands as it does, the weightiest first: ``because db is down, 2 critical, nobody
    has them``."""
    down = [w.source.name for w in line.watchers if w.state is State.DOWN]
    failing = [w.source.name for w in line.watchers if w.state is State.FAILING]
    quiet = quiet_words(line, now_ms)
    told = [
        because_words(line),
        quiet if line.is_quiet else "",
        alert_words(line),
        nobody_words(line),
        "" if line.is_quiet else quiet,
        f"{', '.join(down)} found it down" if down and not line.open else "",
        f"the last look of {', '.join(failing)} failed" if failing else "",
    ]
    found = [words for words in told if words]
    # That its sources are as they should be is worth saying only where nothing else is.
    if not found or not _is_watched_well(line, now_ms):
        found.append(watch_words(line, now_ms))
    return ", ".join(found)


def _is_watched_well(line: ServiceLine, now_ms: int) -> bool:
    """Whether somebody looks at it and nothing of that is late."""
    looking = [w for w in line.watchers if w.state is not State.PAUSED]
    bad = (State.STALE, State.UNSURE)
    late = any(w.freshness(now_ms) is Freshness.LATE for w in looking)
    return bool(looking) and not late and not any(w.state in bad for w in looking)


def unwell_words(board: Board) -> str:
    """How many are not well; where all are, how many stand how."""
    counts = board.counts()
    well = (ServiceState.NO_DATA, ServiceState.OK)
    told = [f"{number} {state}" for state, number in counts.items() if state not in well]
    return ", ".join(told) or count_words(board)


def count_words(board: Board) -> str:
    """How many stand how: ``1 down, 2 degraded, 28 ok``; "" for no service."""
    return ", ".join(f"{number} {state}" for state, number in board.counts().items())


def look_words(line: SourceLine, now_ms: int) -> str:
    """When a source found something out last, and how often it is looked at: ``last look 14 s ago,
    every 10 s``."""
    every = f"every {span_words(line.source.every_ms)}"
    if line.state is State.PAUSED:
        return f"paused, {every}"
    if not line.is_here:
        return f"another station looks, {every}"
    if line.state is State.UNSURE:
        return f"its looks cannot be read, {every}"
    if line.last is None:
        return f"no look yet, {every}"
    return f"last look {span_words(max(0, now_ms - line.last.at))} ago, {every}"


def freshness_words(count: SourceCount) -> str:
    """How many sources are fresh: ``14 fresh, 1 stale``; "" for no source."""
    told = [
        f"{number} {word}"
        for number, word in (
            (count.fresh, "fresh"),
            (count.late, "late"),
            (count.stale, "stale"),
            (count.elsewhere, "elsewhere"),
        )
        if number
    ]
    return ", ".join(told)
