"""A sample store under a clock that is turned by hand, and a model of what it should hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.engine.detection_ports import Bucket
from crisisdesk.store.samples.keeping import StationSamples

HOUR = 3_600_000
MINUTE = 60_000
# A moment within an hour, far from the epoch: 30 November 2026, 08:20 UTC.
NOW = 1_796_026_800_000


class HandClock:
    """Stands still until it is turned."""

    def __init__(self, now_ms: int = NOW) -> None:
        self.ms = now_ms

    def now_ms(self) -> int:
        return self.ms

    def boottime(self) -> float:
        return self.ms / 1000


def a_series(number: int = 0, source: str = "SRC-1") -> Series:
    return series(source, "latency_seconds", {"instance": f"db-{number}", "zone": "a"})


def samples(one: Series, points: Iterable[tuple[int, float]]) -> list[Sample]:
    return [Sample(one, at, value) for at, value in points]


def store_in(folder: Path, clock: HandClock | None = None, budget_mib: int = 64) -> StationSamples:
    return StationSamples(
        folder / "samples.sqlite3", clock or HandClock(), budget_mib, own_thread=False
    )


def single(at: int, value: float) -> Bucket:
    return Bucket(at, value, value, value, value, 1)


def in_steps(points: dict[int, float], step_ms: int) -> list[Bucket]:
    """What a plain reading of the contract makes of samples in spans of ``step_ms``."""
    spans: dict[int, list[float]] = {}
    for at in sorted(points):
        spans.setdefault(at // step_ms * step_ms, []).append(points[at])
    return [bucket_of(start, values) for start, values in spans.items()]


def bucket_of(start: int, values: Sequence[float]) -> Bucket:
    numbers = [value for value in values if not math.isnan(value)]
    if not numbers:
        return Bucket(start, math.nan, math.nan, math.nan, math.nan, len(values))
    mean = (
        math.fsum(value / len(numbers) for value in numbers)
        if all(map(math.isfinite, numbers))
        else sum(numbers) / len(numbers)
    )
    return Bucket(start, min(numbers), max(numbers), numbers[-1], mean, len(numbers))


def assert_same(found: Sequence[Bucket], wanted: Sequence[Bucket]) -> None:
    """The same buckets; means within what adding up in another order changes."""
    assert [(b.at, b.count) for b in found] == [(b.at, b.count) for b in wanted]
    for one, other in zip(found, wanted, strict=True):
        for mine, theirs in zip(one[1:4], other[1:4], strict=True):
            assert mine == theirs or (math.isnan(mine) and math.isnan(theirs)), (one, other)
        scale = max(abs(other.low), abs(other.high))
        assert (
            math.isclose(one.mean, other.mean, rel_tol=1e-9, abs_tol=1e-9 * scale)
            or one.mean == other.mean
            or (math.isnan(one.mean) and math.isnan(other.mean))
        ), (one, other)
