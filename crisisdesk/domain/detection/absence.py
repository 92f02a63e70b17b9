"""Missing what gave samples and gives none any more, or never gave any."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crisisdesk.domain.detection.conditions import Absence
from crisisdesk.domain.detection.leaves import FOREVER, Leaf
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.watching import SERIES_MOST


class AbsenceLeaf(Leaf):
    """Series that stop giving samples, or never give any."""

    def __init__(self, rule_id: str, condition: Absence, told: Collection[str], began: int) -> None:
        super().__init__(rule_id, told)
        self.condition = condition
        equal = sorted((m.name, m.value) for m in condition.where if m.op == "=" and m.value)
        self.expected = Series("", condition.metric, tuple(equal))
        self._newest: dict[Series, int] = {self.expected: began}
        self._missing: dict[Series, None] = {}
        self._due_at = 0
        if self.is_told(self.expected):
            self._missing[self.expected] = None

    def firing(self) -> Iterable[Series]:
        """The series that are missing now."""
        return list(self._missing)

    def follow(self, series: Series, at: int, _value: float) -> None:
        """A sample, newer than all of this series before."""
        if series not in self._newest:
            if len(self._newest) > SERIES_MOST:
                self.overfull = True
                return
            if self.is_told(series):
                self._missing[series] = None
        for one in (series, self.expected):
            if one in self._missing:
                del self._missing[one]
                self._tell(one, at, None, fires=False, why="samples come again")
        self._newest.pop(self.expected, None)
        self._newest[series] = at
        self._due_at = min(self._due_at, at + self.condition.absent_ms)

    def turn(self, now: int, awake_from: int) -> None:
        """Miss what has given nothing for long enough."""
        if now < self._due_at:
            return
        self._due_at = FOREVER
        for series, newest in self._newest.items():
            if series in self._missing:
                continue
            due = max(newest, awake_from) + self.condition.absent_ms
            if now >= due:
                self._missing[series] = None
                self._tell(series, now, None, fires=True)
            else:
                self._due_at = min(self._due_at, due)
