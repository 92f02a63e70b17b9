"""When each source was last found up or down, of the samples that every usable look leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from crisisdesk.domain.detection.series import UP
from crisisdesk.domain.service_board.watching import LastLook
from crisisdesk.store.samples.file import SERIES_LIMIT
from crisisdesk.store.samples.packing import Torn
from crisisdesk.store.samples.reading import Rows, SampleQuestions, points_of

_AT_ONCE = 500


class LookQuestions:
    """Questions to one file; what has just come in is taken from ``questions``, which keep it."""

    def __init__(self, rows: Rows, questions: SampleQuestions) -> None:
        self._rows = rows
        self._questions = questions
        # Of a series' newest hour that was read: which hour with how many samples, and the last.
        self._read: dict[int, tuple[int, int, LastLook]] = {}

    def last(self) -> dict[str, LastLook]:
        """Of each source by its id; one without a usable look that is still kept is left out."""
        sql = "SELECT id, source, newest FROM series WHERE metric = ? AND labels = '[]'"
        # Looked at first: what is put in order meanwhile is then found twice, not never.
        fresh = self._arrived()
        known = self._rows(sql, (UP,))
        found = {source: fresh[number] for number, source, _ in known if number in fresh}
        older = [(number, source, hour) for number, source, hour in known if number not in fresh]
        for start in range(0, len(older), _AT_ONCE):
            found.update(self._older(older[start : start + _AT_ONCE]))
        return found

    def forget(self) -> None:
        """The file is another one."""
        self._read.clear()

    def _arrived(self) -> dict[int, LastLook]:
        """By the number of the series, for every series."""
        everything = self._questions.arrived.all()
        order = np.lexsort((everything.at, everything.ids))
        ids = everything.ids[order]
        if not len(ids):
            return {}
        last = order[np.append(ids[1:] != ids[:-1], True)]
        columns = (everything.ids[last], everything.at[last], everything.value[last])
        each = zip(*(column.tolist() for column in columns), strict=True)
        return {number: LastLook(at, value > 0) for number, at, value in each}

    def _older(self, wanted: Sequence[tuple[int, str, int]]) -> Iterator[tuple[str, LastLook]]:
        keys = [hour * SERIES_LIMIT + number for number, _, hour in wanted]
        marks = ",".join("?" * len(keys))
        counts = dict(self._rows(f"SELECT key, count FROM hour WHERE key IN ({marks})", keys))  # noqa: S608
        for key, (number, source, hour) in zip(keys, wanted, strict=True):
            if (count := counts.get(key)) is None:
                continue
            read = self._read.get(number)
            if read is None or read[:2] != (hour, count):
                look = self._look(key, hour)
                if look is None:
                    continue
                read = self._read[number] = (hour, count, look)
            yield source, read[2]

    def _look(self, key: int, hour: int) -> LastLook | None:
        sql = "SELECT low, high, last, mean, count, grain, data FROM hour WHERE key = ?"
        for row in self._rows(sql, (key,)):
            try:
                points = points_of(hour, row)
            except Torn:
                return None
            if len(points.at):
                return LastLook(int(points.at[-1]), float(points.last[-1]) > 0)
        return None
