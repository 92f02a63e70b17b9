"""One open file of samples: writes out what came in, orders it, keeps it within its budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.store.samples.columns import HOUR_MS
from crisisdesk.store.samples.file import PAGE_BYTES, Unfit, open_for_writing
from crisisdesk.store.samples.lines import LineRing, cut
from crisisdesk.store.samples.ordering import (
    FULL_SHARE,
    forget_series,
    horizon,
    let_age,
    make_room,
    put_in_order,
    shrink_to,
    transaction,
    used_pages,
)
from crisisdesk.store.samples.packing import Arrived, pack_arrived
from crisisdesk.store.samples.reading import RAW, SampleQuestions, labels_text, series_of

# Series of one station; more would be labels that change with every look.
SERIES_KEPT = 50_000
# A sample further ahead of the station's clock than this is a lie about time, ms.
AHEAD_MS = HOUR_MS
# Samples that may wait to be put in order, and the part of the budget that they may take.
WAITING_LIMIT = 200_000
_WAITING_SHARE = 16
_SAMPLE_BYTES = 20


class SampleFile:
    """For one thread at a time. Everything raises sqlite3.Error as SQLite does; what was to be
    written is then not there, and the file is to be opened anew."""

    def __init__(self, path: Path, budget_bytes: int) -> None:
        self.budget_bytes = budget_bytes
        self.raw = open_for_writing(path, budget_bytes)
        try:
            self.identity = identity_of(path)
            self.questions = SampleQuestions(self._rows)
            self._ids = self._load()
            self._from_ms = horizon(self.raw, RAW) * HOUR_MS
            self._lines = LineRing(self.raw, budget_bytes)
            (self.waiting,) = self.raw.execute(
                "SELECT coalesce(sum(length(data)), 0) / ? FROM arrived", (_SAMPLE_BYTES,)
            ).fetchone()
        except BaseException:
            self.raw.close()
            raise

    @property
    def series(self) -> int:
        """How many series have samples."""
        return len(self._ids)

    @property
    def crowded(self) -> bool:
        """Whether so much waits that it should be put in order at once."""
        room = self.budget_bytes // _WAITING_SHARE // _SAMPLE_BYTES
        return bool(self.waiting > min(WAITING_LIMIT, room))

    @property
    def full(self) -> bool:
        """Whether the budget is used up, or nearly."""
        return used_pages(self.raw) * PAGE_BYTES > 0.8 * self.budget_bytes

    def write_out(self, samples: Sequence[Sample], lines: Sequence[Line], now_ms: int) -> int:
        """Keep these, in one transaction. Returns how many samples were of the future or of more
        series than are kept; those that are too old are left out without a word."""
        latest = now_ms + AHEAD_MS
        fit = [s for s in samples if self._from_ms <= s.at <= latest]
        refused = sum(s.at > latest for s in samples)
        with transaction(self.raw):
            ids = [self._number(s) for s in fit]
            kept = [(n, s) for n, s in zip(ids, fit, strict=True) if n]
            if kept:
                self._append(kept)
            if lines:
                self._lines.add(map(cut, lines))
        self.waiting += len(kept)
        return refused + len(fit) - len(kept)

    def keep_house(self, now_ms: int) -> bool:
        """Put in order what waits, make old hours coarser, keep to the budget. False when even the
        newest hour of all series is too much for it."""
        now_hour = now_ms // HOUR_MS
        self._put_in_order()
        let_age(self.raw, now_hour)
        fits = self.make_room(now_ms)
        if forget_series(self.raw):
            self._ids = self._load()
        shrink_to(self.raw, self.budget_bytes)
        return fits

    def make_room(self, now_ms: int) -> bool:
        """Let the oldest go until there is room; False when there is none to be made."""
        pages = int(self.budget_bytes // PAGE_BYTES * FULL_SHARE)
        fits = make_room(self.raw, now_ms // HOUR_MS, pages)
        self._from_ms = horizon(self.raw, RAW) * HOUR_MS
        return fits

    def close(self) -> None:
        """Let go of the file; what waits to be put in order waits on in it."""
        self.raw.close()

    def _put_in_order(self) -> None:
        (last_id,) = self.raw.execute("SELECT max(id) FROM arrived").fetchone()
        if last_id is not None:
            put_in_order(self.raw, self.questions.arrived.all(), last_id)
        self.waiting = 0

    def _append(self, kept: Sequence[tuple[int, Sample]]) -> None:
        count = len(kept)
        arrived = Arrived(
            np.fromiter((n for n, _ in kept), np.int64, count),
            np.fromiter((s.at for _, s in kept), np.int64, count),
            np.fromiter((s.value for _, s in kept), np.float64, count),
        )
        self.raw.execute("INSERT INTO arrived (data) VALUES (?)", (pack_arrived(arrived),))

    def _number(self, sample: Sample) -> int:
        """The number of its series, given now to one that is new; 0 beyond the limit."""
        series = sample.series
        number = self._ids.get(series)
        if number is None:
            if len(self._ids) >= SERIES_KEPT:
                return 0
            values = (*series[:2], labels_text(series), sample.at // HOUR_MS)
            sql = "INSERT INTO series (source, metric, labels, newest) VALUES (?, ?, ?, ?)"
            number = self.raw.execute(sql, values).lastrowid
            assert number is not None
            self._ids[series] = number
        return number

    def _load(self) -> dict[Series, int]:
        rows = self.raw.execute("SELECT id, source, metric, labels FROM series")
        try:
            return {series_of(*parts): number for number, *parts in rows}
        except (TypeError, ValueError) as error:
            raise Unfit("damaged", f"it names a series that is none ({error})") from error

    def _rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        return self.raw.execute(sql, values).fetchall()


def identity_of(path: Path) -> tuple[int, int]:
    """Which file a path names now; raises OSError."""
    stat = path.stat()
    return stat.st_dev, stat.st_ino
