"""Listing 10,000 active alerts over the API (row 13)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale
from tests.benchmarks.subjects import LIST, Subject, alertmanager, engine
from tests.benchmarks.workload import QUIET, bodies, fresh_run, post_all


def _list(
    name: str, start: Callable[[], AbstractContextManager[Subject]], count: int, times: int
) -> Figures:
    took = []
    with start() as subject:
        work = bodies(count, fresh_run(), 100, **QUIET)
        post_all(subject.url, subject.token, subject.path, work, 1)
        with subject.wire() as wire:
            for _ in range(times):
                began = time.perf_counter()
                status, data = wire.request("GET", LIST)
                took.append((time.perf_counter() - began) * 1e3)
        if status != 200 or len(json.loads(data)) != count:
            raise RuntimeError(f"{name} does not list them all")
    return {f"{name}_ms": median(took), f"{name}_bytes": len(data)}


def listing(scale: Scale) -> Figures:
    """All 10,000 active alerts in Alertmanager's own shape, ten times each."""
    count, times = scale.of(10_000, 20), scale.of(10, 2)
    return {
        **_list("alertmanager", alertmanager, count, times),
        **_list("station", engine, count, times),
    }


LISTING = Benchmark(
    name="listing",
    measure=listing,
    goals=(
        Goal(
            row="13 list 10k active, ms",
            ours="station_ms",
            anchor="alertmanager_ms",
            at_most=1.5,
        ),
        Goal(
            row="13 its bytes",
            ours="station_bytes",
            anchor="alertmanager_bytes",
            at_most=1.0,
        ),
    ),
)
