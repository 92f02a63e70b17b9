"""Measured samples: writing 5,000 series, reading for twelve charts, beside a row for each."""

from __future__ import annotations

import math
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.store.queries.samples import SampleReader
from crisisdesk.store.samples.keeping import StationSamples

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale

_HOUR_MS, _EVERY_MS, _CHARTS = 3_600_000, 10_000, 12
# Looks of one batch; the store is put in order after thirty, as every five minutes.
_ORDERED_AFTER = 30
_START = 498_896 * _HOUR_MS


class _Clock:
    def __init__(self) -> None:
        self.ms = _START

    def now_ms(self) -> int:
        return self.ms

    def boottime(self) -> float:
        return self.ms / 1000


def _series(count: int) -> list[Series]:
    return [
        series(f"SRC-{n % 50}", "http_latency_seconds", {"instance": f"web-{n}", "zone": "eu"})
        for n in range(count)
    ]


def _value(number: int, look: int) -> float:
    """A gauge as exporters send them: rounded, wandering about a mean."""
    return round(50 + number % 7 + 10 * math.sin(look / 40 + number), 2)


def _rows(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=NORMAL")
    raw.execute(
        "CREATE TABLE sample (series INTEGER, at INTEGER, value REAL, PRIMARY KEY (series, at)) "
        "WITHOUT ROWID"
    )
    return raw


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def samples(scale: Scale) -> Figures:
    """An hour of 5,000 series each 10 s, and twelve charts of it; beside a row for each sample."""
    count, looks = scale.of(5_000, _CHARTS), scale.of(360, 2)
    many = _series(count)
    with tempfile.TemporaryDirectory() as folder:
        ours, floor = Path(folder, "samples.sqlite3"), Path(folder, "rows.sqlite3")
        clock = _Clock()
        store = StationSamples(ours, clock, own_thread=False)
        spent = {"store": 0.0, "rows": 0.0}
        with closing(_rows(floor)) as raw:
            for look in range(looks):
                clock.ms = _START + look * _EVERY_MS
                batch = [Sample(one, clock.ms, _value(n, look)) for n, one in enumerate(many)]
                spent["store"] += _timed(lambda: _write(store, batch, look))[1]  # noqa: B023
                spent["rows"] += _timed(lambda: _write_rows(raw, batch))[1]  # noqa: B023
            store.keep_house()
            until = clock.ms + 1
            rows_s = _timed(lambda: _read_rows(raw, until))[0]
        reader = SampleReader(Path(folder))
        reader.known("SRC-0")
        asked = many[:_CHARTS]
        # As on a screen that is open: the file has been looked into before.
        reader.columns(many[-1], _START, until)
        hour_s, _ = _timed(lambda: [reader.columns(one, _START, until) for one in asked])
        (found,) = {len(reader.between(one, _START, until)) for one in asked}
        if found != looks:
            raise RuntimeError("a chart lacks samples")
        reader.close()
        store.close()
        size, floor_size = ours.stat().st_size, floor.stat().st_size
    return {
        "store_cpu_share_percent": 100 * spent["store"] / (looks * _EVERY_MS / 1000),
        "store_cpu_s": spent["store"],
        "rows_cpu_s": spent["rows"],
        "charts_ms": hour_s * 1e3,
        "rows_charts_ms": rows_s * 1e3,
        "store_bytes_a_sample": size / (count * looks),
        "rows_bytes_a_sample": floor_size / (count * looks),
    }


def _write(store: StationSamples, batch: list[Sample], look: int) -> None:
    store.write(batch)
    store.write_out()
    if look % _ORDERED_AFTER == _ORDERED_AFTER - 1:
        store.keep_house()


def _write_rows(raw: sqlite3.Connection, batch: list[Sample]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(
        "INSERT OR REPLACE INTO sample VALUES (?, ?, ?)",
        [(number, s.at, s.value) for number, s in enumerate(batch)],
    )
    raw.execute("COMMIT")


def _read_rows(raw: sqlite3.Connection, until: int) -> None:
    for number in range(_CHARTS):
        raw.execute(
            "SELECT at, value FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at",
            (number, _START, until),
        ).fetchall()


SAMPLES = Benchmark(
    name="samples",
    measure=samples,
    goals=(
        Goal(row="share of a core for 5,000 series, %", ours="store_cpu_share_percent", at_most=3),
        Goal(row="writing, CPU s", ours="store_cpu_s", anchor="rows_cpu_s", at_most=2.0),
        # A frame; a table in the order of the charts is quicker to read, and slower to write.
        Goal(row="12 charts of an hour, ms", ours="charts_ms", at_most=16),
        Goal(
            row="bytes a sample",
            ours="store_bytes_a_sample",
            anchor="rows_bytes_a_sample",
            at_most=0.5,
        ),
    ),
)
