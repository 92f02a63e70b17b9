"""Looking for lines in logs: so many within a span, or one and then another."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from crisisdesk.domain.detection.conditions import Lines, LineTest
from crisisdesk.domain.detection.leaves import Leaf
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.watching import STALE_MS, WATCHES_MOST, Watch
from crisisdesk.domain.patterns import compiled

# The metric that the series of a rule about lines bears.
LOG = "log"


class _Log:
    """What is kept of one log."""

    __slots__ = ("first_at", "newest", "times", "watch")

    def __init__(self, at: int, *, firing: bool) -> None:
        self.newest = at
        self.times: deque[int] = deque()
        self.first_at: int | None = None
        self.watch = Watch(at, firing=firing)
        if firing:
            self.watch.clear_since = at


class LinesLeaf(Leaf):
    """Lines of logs, each log for itself."""

    def __init__(self, rule_id: str, condition: Lines, told: Collection[str]) -> None:
        super().__init__(rule_id, told)
        self.condition = condition
        self._logs: dict[str, _Log] = {}

    def firing(self) -> Iterable[Series]:
        """The logs for which it holds now."""
        return [_log(name) for name, log in self._logs.items() if log.watch.firing]

    def seen(self) -> Iterable[Series]:
        """The logs that had lines lately."""
        return [_log(name) for name in self._logs]

    def follow(self, name: str, at: int, text: str) -> None:
        """A line. One that comes late counts as if it came with the newest of its log."""
        c = self.condition
        if c.log and compiled(c.log).fullmatch(name) is None:
            return
        log = self._logs.get(name)
        if log is None:
            if len(self._logs) >= WATCHES_MOST:
                self.overfull = True
                return
            log = self._logs[name] = _Log(at, firing=self.is_told(_log(name)))
            for tell in self.known:
                tell(_log(name))
        log.newest = at = max(at, log.newest)
        self._over(name, log, at)
        if self._hits(log, at, text):
            log.watch.clear_since = at
            if not log.watch.firing:
                log.watch.firing = True
                self._tell(_log(name), at, float(max(1, len(log.times))), fires=True)

    def _hits(self, log: _Log, at: int, text: str) -> bool:
        c = self.condition
        if c.line is not None:
            if not c.line.fits(text):
                return False
            log.times.append(at)
            while at - log.times[0] >= c.within_ms or len(log.times) > c.at_least:
                log.times.popleft()
            return len(log.times) >= c.at_least
        if c.without is not None and c.without.fits(text):
            log.first_at = None
        begun = log.first_at
        hit = begun is not None and at - begun <= c.within_ms and _fits(c.then, text)
        if hit:
            log.first_at = None
        if _fits(c.first, text):
            log.first_at = at
        return hit

    def _over(self, name: str, log: _Log, now: int) -> None:
        if log.watch.firing and log.watch.turn(now, 0, self.condition.clear_ms):
            self._tell(_log(name), now, None, fires=False, why="no such line came any more")

    def turn(self, now: int, awake_from: int) -> None:
        """End what has found no line for long enough."""
        for name, log in list(self._logs.items()):
            if log.newest > now + STALE_MS:
                # The clock was set back: what came then counts as come now.
                log.newest, log.first_at = now, None
                log.times.clear()
                log.watch.clear_since = now if log.watch.firing else None
            self._over(name, log, now)
            idle_ms = max(self.condition.within_ms, STALE_MS)
            if not log.watch.firing and now - log.newest > idle_ms:
                del self._logs[name]


def _fits(test: LineTest | None, text: str) -> bool:
    return test is not None and test.fits(text)


def _log(name: str) -> Series:
    return Series("", LOG, (("log", name),) if name else ())
