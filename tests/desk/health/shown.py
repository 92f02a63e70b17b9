"""Series as a chart takes them, made by hand: a line of samples with what is drawn over it."""

from __future__ import annotations

from typing import Any

import numpy as np

from crisisdesk.desk.health.over import Band, Over
from crisisdesk.desk.health.raised import Spell
from crisisdesk.desk.health.reading import Charted
from crisisdesk.desk.health.verdicts import UNSAID
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watchers import Limit, Unusual, Watchers

# 2026-11-30 07:00:00 UTC.
NOW = 1_796_022_000_000
EVERY = 10_000
ONE = series("SRC-shop", "latency", {"instance": "web-1"})
FULL = Limit("RULE-1", "Slow", "critical", ">", 0.9, 0.8)
IDLE = Limit("RULE-2", "Idle", "medium", "<", 0.1, 0.1)
ODD = Unusual("RULE-3", "Odd", "high", 0.6, None, None)


def charted(
    values: list[float], *limits: Limit, band: Band | None = None, ago: int = 0, **over: Any
) -> Charted:
    """These values, one each 10 s, the last ``ago`` ms before now."""
    value = np.array(values, np.float64)
    at = NOW - ago - EVERY * np.arange(len(values))[::-1]
    watchers = Watchers(limits, () if band is None else (ODD,), over.pop("others", ()))
    finite = np.isfinite(value)
    return Charted(
        ONE,
        at.astype(np.int64)[finite],
        value[finite],
        value[finite],
        int(at[-1]) if values else None,
        values[-1] if values else float("nan"),
        EVERY,
        Over(watchers, band, over.pop("spells", ())),
        UNSAID,
        EVERY,
    )


def band_of(values: list[float], low: float, high: float, words: str = "") -> Band:
    """A band of one height around these values, one each 10 s up to now."""
    value = np.array(values, np.float64)
    at = NOW - EVERY * np.arange(len(values))[::-1]
    flat = np.ones(len(values))
    return Band(ODD, at, value, flat * low, flat * high, flat * 0.7, words, not words, EVERY)


def spell(since: int | None, until: int | None, severity: str = "high", of: str = "A-1") -> Spell:
    """A time that an alert was open, in seconds before now."""
    return Spell(
        of,
        "Slow: web-1",
        severity,
        None if since is None else NOW - since * 1000,
        None if until is None else NOW - until * 1000,
    )
