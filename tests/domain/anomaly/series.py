"""Series made for the detector: quiet ones of several kinds, and things planted in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from crisisdesk.domain.anomaly.detector import Detector

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=5)
DAY = 288
DAYS = 14


def noise() -> list[float]:
    """Two weeks about 50, by nothing but chance."""
    return list(np.random.default_rng(7).normal(50.0, 1.0, DAYS * DAY))


def season() -> list[float]:
    """Two weeks of the same day, from 40 to 60, with a little chance."""
    turn = np.sin(2 * np.pi * np.arange(DAYS * DAY) / DAY)
    return list(50 + 10 * turn + np.random.default_rng(8).normal(0.0, 1.0, DAYS * DAY))


def counts() -> list[float]:
    """Two weeks of whole numbers, more by day than by night."""
    turn = np.sin(2 * np.pi * np.arange(DAYS * DAY) / DAY)
    return [float(v) for v in np.random.default_rng(9).poisson(np.exp(2 + 0.7 * turn))]


def square() -> list[float]:
    """Two weeks of 20 by night and 60 by day, exactly."""
    return [60.0 if place % DAY >= DAY // 2 else 20.0 for place in range(DAYS * DAY)]


QUIET: dict[str, Callable[[], list[float]]] = {
    "noise": noise,
    "season": season,
    "counts": counts,
    "square": square,
}


def times(many: int) -> list[datetime]:
    return [BEGAN + STEP * place for place in range(many)]


def feed(detector: Detector, values: Iterable[float], when: Iterable[datetime]) -> list[float]:
    return [detector.update(moment, value) for moment, value in zip(when, values, strict=False)]
