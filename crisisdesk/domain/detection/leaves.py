"""One condition at work: what it keeps of series, and when it begins and ends to hold.

Each takes what concerns it in the order of time and is told now and then that time has passed.
What is open when it begins (``told``, keys of alerts) counts as firing from the first value on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Protocol

from crisisdesk.domain.detection.conditions import (
    OPS,
    Anomaly,
    Threshold,
)
from crisisdesk.domain.detection.rule import key_of
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.watching import (
    SERIES_MOST,
    STALE_MS,
    WATCHES_MOST,
    Group,
    Growth,
    Transition,
    Watch,
    group_of,
)

_PER_MS = {"second": 1_000, "minute": 60_000}
FOREVER = 2**62


class Detector(Protocol):
    """Scores one series as it comes."""

    def update(self, when: datetime, value: float) -> float:
        """How strange this value is, from 0 (as ever) to 1."""


# Makes a detector for values between two bounds, or for ones that nobody knows.
NewDetector = Callable[[float | None, float | None], Detector]
Seen = Callable[[Series, int, float], None]


class Leaf(ABC):
    """What all conditions have in common. ``overfull`` says that series were left out."""

    def __init__(self, rule_id: str, told: Collection[str]) -> None:
        self.rule_id = rule_id
        self.told = set(told)
        self.overfull = False
        self.out: list[Transition] = []
        # What composites of this condition want to know: every series that it is about.
        self.known: list[Callable[[Series], None]] = []
        self.on_value: Seen | None = None

    @property
    def by_series(self) -> bool:
        """Whether it holds for series as they come, not for what is made of several."""
        return True

    def seen(self) -> Iterable[Series]:
        """The series that it keeps something of."""
        return self.firing()

    def is_told(self, series: Series) -> bool:
        """Whether its alert was open when this began; asked once."""
        if not self.told:
            return False
        key = key_of(self.rule_id, series)
        if key not in self.told:
            return False
        self.told.discard(key)
        return True

    @abstractmethod
    def firing(self) -> Iterable[Series]:
        """The series for which it holds now."""

    @abstractmethod
    def turn(self, now: int, awake_from: int) -> None:
        """Time has passed. Nobody looked before ``awake_from``."""

    def _tell(
        self, series: Series, at: int, value: float | None, *, fires: bool, why: str = ""
    ) -> None:
        self.out.append(Transition(self.rule_id, series, fires, at, value, why))


class ValueLeaf(Leaf):
    """A value of each series against two bounds: the one to fire, the one to be over."""

    def __init__(self, rule_id: str, condition: Threshold | Anomaly, told: Collection[str]) -> None:
        super().__init__(rule_id, told)
        self.condition = condition
        if isinstance(condition, Anomaly):
            self._compare, self._bound = OPS[">="], condition.score
        else:
            self._compare, self._bound = OPS[condition.op], condition.value
        self.watches: dict[Series, Watch] = {}

    def firing(self) -> Iterable[Series]:
        """The series for which it holds now."""
        return [series for series, watch in self.watches.items() if watch.firing]

    def take(self, series: Series, at: int, value: float) -> bool:
        """A value, newer than all of this series before; whether there is something to wait for."""
        if self.on_value is not None:
            self.on_value(series, at, value)
        holds = self._compare(value, self._bound)
        watch = self.watches.get(series)
        if watch is None:
            if not holds:
                return False
            if len(self.watches) >= WATCHES_MOST:
                self.overfull = True
                return False
            watch = self.watches[series] = Watch(at)
        watch.value = value
        c = self.condition
        still = holds or self._compare(value, c.clear)
        if watch.take(at, holds=holds, still=still, for_ms=c.for_ms, clear_ms=c.clear_ms):
            self._tell(series, at, value, fires=watch.firing)
        if watch.is_idle:
            del self.watches[series]
            return False
        return True

    def adopt(self, series: Series, at: int) -> bool:
        """A series is seen for the first time; whether its alert is open already."""
        if not self.is_told(series):
            return False
        self.watches[series] = Watch(at, firing=True)
        return True

    def turn(self, now: int, awake_from: int) -> None:
        """Fire for what has held long enough, end what gives no samples any more."""
        c = self.condition
        for series, watch in list(self.watches.items()):
            quiet = now - watch.newest
            if quiet <= STALE_MS:
                if watch.turn(now, c.for_ms, c.clear_ms):
                    self._tell(series, now, watch.value, fires=watch.firing)
            elif not watch.firing:
                watch.since = None
            elif now - max(watch.newest, awake_from) >= c.forget_ms:
                watch.firing = False
                watch.since = None
                self._tell(series, now, None, fires=False, why="it gives no samples any more")
            if watch.is_idle:
                del self.watches[series]


class TrackedLeaf(ValueLeaf):
    """A value that is made of more than the newest sample: growth, many series, a score."""

    def __init__(
        self,
        rule_id: str,
        condition: Threshold | Anomaly,
        told: Collection[str],
        new_detector: NewDetector | None = None,
    ) -> None:
        super().__init__(rule_id, condition, told)
        self._new_detector = new_detector
        self._growths: dict[Series, Growth] = {}
        self._detectors: dict[Series, Detector] = {}
        self._groups: dict[Series, Group] = {}
        self._dirty: dict[Series, None] = {}
        self._due_at = FOREVER

    @property
    def by_series(self) -> bool:
        """Whether it holds for series as they come, not for what is made of several."""
        return isinstance(self.condition, Anomaly) or not self.condition.aggregate

    def seen(self) -> Iterable[Series]:
        """The series that it keeps something of."""
        return self.firing() if self.by_series else list(self._groups)

    def follow(self, series: Series, at: int, value: float) -> None:
        """A sample, newer than all of this series before."""
        made = self._made(series, at, value)
        if made is None:
            return
        if isinstance(self.condition, Anomaly) or not self.condition.aggregate:
            self.take(series, at, made)
            return
        labels = group_of(series, self.condition.by)
        whole = Series("", self.condition.metric, labels)
        group = self._groups.get(whole)
        if group is None:
            if len(self._groups) >= SERIES_MOST:
                self.overfull = True
                return
            group = self._groups[whole] = Group(self.condition.aggregate)
            self.adopt(whole, at)
            for tell in self.known:
                tell(whole)
        if len(group) >= SERIES_MOST:
            self.overfull = True
        else:
            group.take(series, at, made)
            self._dirty[whole] = None

    def forget(self, series: Series) -> None:
        """It gives no samples any more."""
        self._growths.pop(series, None)
        self._detectors.pop(series, None)

    def turn(self, now: int, awake_from: int) -> None:
        """The groups that have new values or lost some; then as for any value."""
        due = dict(self._dirty)
        self._dirty.clear()
        if now >= self._due_at:
            due |= {whole: None for whole, group in self._groups.items() if now >= group.due_at}
        for whole in due:
            value = self._groups[whole].value(now)
            if value is None:
                del self._groups[whole]
            else:
                self.take(whole, now, value)
        if due:
            self._due_at = min((g.due_at for g in self._groups.values()), default=FOREVER)
        super().turn(now, awake_from)

    def _made(self, series: Series, at: int, value: float) -> float | None:
        c = self.condition
        if isinstance(c, Anomaly):
            return self._scored(c, series, at, value)
        if not c.rate_ms:
            return value
        if value - value != 0.0:
            return None  # infinite, or not a number: it says nothing of growth
        growth = self._growths.get(series)
        if growth is None:
            if len(self._growths) >= SERIES_MOST:
                self.overfull = True
                return None
            counter = c.rate_of == "counter"
            growth = self._growths[series] = Growth(c.rate_ms, counter=counter)
        return growth.take(at, value, _PER_MS[c.rate_per])

    def _scored(self, c: Anomaly, series: Series, at: int, value: float) -> float | None:
        detector = self._detectors.get(series)
        if detector is None:
            if self._new_detector is None:
                return None
            if len(self._detectors) >= SERIES_MOST:
                self.overfull = True
                return None
            detector = self._detectors[series] = self._new_detector(c.low, c.high)
        return detector.update(datetime.fromtimestamp(at / 1_000, UTC), value)
