"""The detector of anomalies: microseconds a value beside a plain windowed Gaussian, and memory."""

from __future__ import annotations

import time
from collections import deque
from datetime import UTC, datetime, timedelta
from math import erfc, sqrt

import numpy as np

from crisisdesk.domain.anomaly import streaming_detector

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale
from tests.domain.anomaly.sizes import bytes_of

VALUES = 20_000
WARM = 4_500
WINDOW = 512


def _series(many: int) -> list[tuple[datetime, float]]:
    began, step = datetime(2026, 3, 2, tzinfo=UTC), timedelta(minutes=5)
    turn = np.sin(2 * np.pi * np.arange(many) / 288)
    values = 50 + 10 * turn + np.random.default_rng(1).normal(0, 1, many)
    return [(began + step * place, value) for place, value in enumerate(values.tolist())]


def _floor_us(series: list[tuple[datetime, float]], warm: int) -> float:
    """A Gaussian over the last values, its mean and deviation anew for each, as numpy does it."""
    window: deque[float] = deque((value for _, value in series[:WINDOW]), maxlen=WINDOW)
    scores = []
    began = time.perf_counter()
    for _, value in series[warm:]:
        seen = np.array(window)
        deviation = float(seen.std()) or 1.0
        scores.append(1 - erfc(abs(value - float(seen.mean())) / deviation / sqrt(2)))
        window.append(value)
    return (time.perf_counter() - began) * 1e6 / len(scores)


def anomalies(scale: Scale) -> Figures:
    """One series with a season, the memory full: what each further value costs."""
    many = scale.of(VALUES, least=50)
    # The memory is full before the clock runs, but in a look.
    warm = scale.of(WARM, least=20)
    series = _series(warm + many)
    detector = streaming_detector(30.0, 70.0)
    for when, value in series[:warm]:
        detector.update(when, value)
    began = time.perf_counter()
    for when, value in series[warm:]:
        detector.update(when, value)
    taken = time.perf_counter() - began
    return {
        "value_us": taken * 1e6 / many,
        "floor_us": _floor_us(series, warm),
        "series_kib": bytes_of(detector) / 1024,
    }


ANOMALIES = Benchmark(
    name="anomalies",
    measure=anomalies,
    goals=(
        Goal(row="one value, us", ours="value_us", anchor="floor_us", at_most=4.0),
        Goal(row="the same", ours="value_us", at_most=200.0),
        Goal(row="memory of a series, KiB", ours="series_kib", at_most=256.0),
    ),
)
