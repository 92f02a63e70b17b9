"""A month of turns and escalations, by a clock that is moved: how long it takes to play."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from crisisdesk.domain.canonical import use_encoder, use_parser

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale
from tests.engine.month import live
from tests.store.workload import Station

ALERTS = 360


def a_month(scale: Scale) -> Figures:
    """30 days of two rotations and three steps; a critical alert every other hour."""
    # As an installed engine encodes and reads.
    use_encoder(partial(orjson.dumps, option=orjson.OPT_SORT_KEYS))
    use_parser(orjson.loads)
    # Where the system offers it: what counts is the work, not the disk.
    memory = Path("/dev/shm")
    try:
        with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            station = Station(Path(folder) / "data")
            began = time.perf_counter()
            month = live(station, days=30, alerts=scale.of(ALERTS))
            seconds = time.perf_counter() - began
            station.close()
    finally:
        use_encoder(None)
        use_parser(None)
    return {
        "month_s": seconds,
        "moments": float(month.moments),
        "pages": float(month.pages),
        "wrong": float(len(month.wrong)),
        "left_alone": float(len(month.left)),
    }


MONTH = Benchmark(
    name="month",
    measure=a_month,
    goals=(
        Goal(row="30 days of turns and escalations, s", ours="month_s", at_most=10.0),
        Goal(row="steps that asked others than those on call", ours="wrong", at_most=0.0),
        Goal(row="critical alerts with nothing due", ours="left_alone", at_most=0.0),
    ),
)
