"""What the operator sees: starting, live rows, a storm, long queues (rows 16-22)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

from tests.benchmarks.desks import Event, RunningDesk, desk, prepare
from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, latencies
from tests.benchmarks.processes import rss_mb
from tests.benchmarks.stormer import Storm, storm
from tests.benchmarks.subjects import Subject, engine, scratch, station_environment
from tests.benchmarks.workload import QUIET, alert, bodies, body, fresh_run, post_all

STORM_RATE, STORM_S = 500.0, 60
LIVE_RATE = 200.0


def _fill(subject: Subject, count: int) -> None:
    prepare(subject)
    work = bodies(count, fresh_run(), 100, **QUIET)
    post_all(subject.url, subject.token, subject.path, work, 1)


def _run(module: str, *words: str) -> tuple[float, dict[str, Any]]:
    """Run a floor to its end; (when it was started, the last JSON line it printed)."""
    with scratch() as folder:
        env = station_environment(folder) | {"QT_QPA_PLATFORM": "offscreen"}
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.{module}", *words],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
            env=env,
        )
    return started, json.loads(done.stdout.splitlines()[-1])


def starting(scale: Scale) -> Figures:
    """Process start to the first painted window, five times each in turn, warm disk cache."""
    ours, floors, rss = [], [], []
    with scratch() as folder, engine(folder=folder) as subject:
        prepare(subject)
        for _ in range(scale.of(5, 1)):
            started, told = _run("floor_window")
            floors.append((told["t"] - started) * 1e3)
            with desk(folder) as running:
                event = running.wait_for(lambda e: e["event"] == "window")
                ours.append((event["t"] - running.started) * 1e3)
                rss.append(event["rss_mb"])
    return {"window_ms": median(ours), "floor_ms": median(floors), "rss_mb": median(rss)}


def stored(scale: Scale) -> Figures:
    """Start to 10,000 stored alerts painted; sort, filter and tick beside Qt's proxy model."""
    count = scale.of(10_000, 50)
    _, floor = _run("floor_sorting", str(count), "3")
    with scratch() as folder, engine(folder=folder) as subject:
        _fill(subject, count)
        with desk(folder) as running:
            painted = running.wait_for(lambda e: e["event"] == "rows" and e["count"] >= count)
            figures = _handle(running)
            figures["rss_mb"] = running.command("gaps")["rss_mb"]
            figures["both_rss_mb"] = figures["rss_mb"] + rss_mb(subject.pid)
    figures["painted_ms"] = (painted["t"] - running.started) * 1e3
    return {**figures, **{f"floor_{name}": value for name, value in floor.items()}}


def _handle(running: RunningDesk) -> Figures:
    """Sort, filter, scroll and tick what is shown; medians of some of each, painted."""
    orders = ["severity", "newest", "service", "clock"]
    sorts = [running.command(f"order {name}")["order_max_ms"] for name in orders]
    filters, clears = [], []
    for text in ("host-0000", "svc-7 latency", "host-00001"):
        filters.append(running.command(f"filter {text}")["filter_max_ms"])
        clears.append(running.command("filter")["filter_max_ms"])
    scroll, tick = running.command("scroll 120"), running.command("tick 20")
    return {
        "sort_ms": median(sorts),
        "sort_max_ms": max(sorts),
        "filter_ms": median(filters),
        "filter_max_ms": max(filters),
        "clear_max_ms": max(clears),
        "scroll_p50_ms": scroll["scroll_p50_ms"],
        "scroll_p99_ms": scroll["scroll_p99_ms"],
        "tick_ms": tick["tick_p50_ms"],
    }


def live(scale: Scale) -> Figures:
    """Post to row painted with 10,000 rows shown while 200 alerts/s arrive."""
    count, probes = scale.of(10_000, 50), scale.of(60, 3)
    seen, pause, run = [], threading.Event(), fresh_run()
    with scratch() as folder, engine(folder=folder) as subject:
        _fill(subject, count)
        with desk(folder) as running:
            running.wait_for(lambda e: e["event"] == "rows" and e["count"] >= count)
            pause.wait(2.0)
            with storm(subject, fresh_run(), rate=LIVE_RATE, posts=20), subject.wire() as wire:
                pause.wait(1.0)
                for number in range(probes):
                    title = f"Mark{run}x{number}"
                    one = alert(number, run, instance=title, severity="critical")
                    one["annotations"]["summary"] = title
                    first, began = len(running.events), time.perf_counter()
                    wire.request("POST", subject.path, body([one]))
                    event = running.wait_for(partial(_is_mark, title), 15, first)
                    seen.append(event["t"] - began)
                    # Resolved again, so that the next one stands in view as well.
                    one["endsAt"] = datetime.now(UTC).isoformat(timespec="milliseconds")
                    wire.request("POST", subject.path, body([one]))
                    pause.wait(0.037 * (number % 7))
    return latencies("painted", seen)


def _is_mark(title: str, event: Event) -> bool:
    return event.get("title") == title


def storming(scale: Scale) -> Figures:
    """500 alerts/s for 60 s into an open desk: the longest gaps of its event loop, memory, rows."""
    seconds, run = max(2.0, STORM_S * scale.share), fresh_run()
    with scratch() as folder, engine(folder=folder) as subject:
        _fill(subject, scale.of(1_000, 10))
        with desk(folder) as running:
            running.wait_for(lambda e: e["event"] == "rows")
            threading.Event().wait(3.0)
            before = running.command("gaps")["rss_mb"]
            engine_before = rss_mb(subject.pid)
            sent = Storm(subject, run, rate=STORM_RATE, posts=10, seconds=seconds).end(early=False)
            gaps = running.command("gaps")
            engine_after = rss_mb(subject.pid)
            told = running.wait_for(
                lambda e: e["event"] == "rows" and e["count"] >= sent + scale.of(1_000, 10)
            )
        with subject.wire() as wire:
            counts = json.loads(wire.request("GET", "/crisis/dashboard/")[1])
    kept = counts["open_alerts"] - scale.of(1_000, 10)
    return {
        "rate": sent / seconds,
        "missing": sent - kept,
        "shown_rows": told["count"],
        "gap_p50_ms": gaps["gap_p50_ms"],
        "gap_p99_ms": gaps["gap_p99_ms"],
        "gap_max_ms": gaps["gap_max_ms"],
        "rss_before_mb": before,
        "rss_after_mb": gaps["rss_mb"],
        "kb_a_row": (gaps["rss_mb"] - before) * 1024 / sent,
        "engine_before_mb": engine_before,
        "engine_after_mb": engine_after,
    }


def hundred(scale: Scale) -> Figures:
    """100,000 alerts in the queue: opening, filtering, scrolling."""
    count = scale.of(100_000, 100)
    with scratch() as folder, engine(folder=folder) as subject:
        _fill(subject, count)
        with desk(folder) as running:
            window = running.wait_for(lambda e: e["event"] == "window")
            first = running.wait_for(lambda e: e["event"] == "rows" and e["count"] > 1)
            every = running.wait_for(lambda e: e["event"] == "rows" and e["count"] >= count, 60)
            threading.Event().wait(1.0)
            opening = running.command("gaps")
            figures = _handle(running)
            figures["rss_mb"] = running.command("gaps")["rss_mb"]
    figures["first_rows_ms"] = (first["t"] - running.started) * 1e3
    figures["all_rows_ms"] = (every["t"] - running.started) * 1e3
    figures["all_after_window_ms"] = (every["t"] - window["t"]) * 1e3
    figures["opening_gap_max_ms"] = opening["gap_max_ms"]
    return figures


STARTING = Benchmark(
    name="starting",
    measure=starting,
    goals=(
        Goal(
            row="16 process start to window painted, ms",
            ours="window_ms",
            anchor="floor_ms",
            at_most=1.8,
        ),
    ),
)
STORED = Benchmark(
    name="stored",
    measure=stored,
    goals=(
        Goal(row="17 start to 10k alerts painted, ms", ours="painted_ms", at_most=700.0),
        Goal(row="20 RSS with 10k, desk, MiB", ours="rss_mb", at_most=246.0),
        Goal(row="20 RSS with 10k, desk and engine, MiB", ours="both_rss_mb", at_most=246.0),
        Goal(row="21 sort 10k, ms", ours="sort_ms", anchor="floor_sort_ms", at_most=0.06),
        Goal(row="21 filter 10k, ms", ours="filter_ms", anchor="floor_filter_ms", at_most=1.0),
        Goal(row="22 tick of the clocks, ms", ours="tick_ms", anchor="floor_tick_ms", at_most=2.0),
        Goal(row="22 the same", ours="tick_ms", at_most=16.0),
    ),
)
LIVE = Benchmark(
    name="live",
    measure=live,
    goals=(Goal(row="18 post to row painted, p95 ms", ours="painted_p95_ms", at_most=120.0),),
)
STORMING = Benchmark(
    name="storming",
    measure=storming,
    goals=(
        Goal(row="19 longest Qt gap in the storm, ms", ours="gap_max_ms", at_most=50.0),
        Goal(row="19 p99 of the gaps, ms", ours="gap_p99_ms", at_most=16.0),
        Goal(row="19 alerts of the storm not stored", ours="missing", at_most=0),
        Goal(row="19 desk's memory a row, KiB", ours="kb_a_row", at_most=4.0),
        Goal(row="19 the storm's rate, alerts/s", ours="rate", at_least=490.0),
    ),
)
HUNDRED = Benchmark(
    name="hundred",
    measure=hundred,
    goals=(
        Goal(row="100k: start to first rows painted, ms", ours="first_rows_ms", at_most=1_000.0),
        Goal(row="100k: window to all rows in, ms", ours="all_after_window_ms", at_most=1_000.0),
        Goal(row="100k: filter, longest of three, ms", ours="filter_max_ms", at_most=150.0),
        Goal(row="100k: filter taken away, longest, ms", ours="clear_max_ms", at_most=150.0),
        Goal(row="100k: frame while scrolling, p99 ms", ours="scroll_p99_ms", at_most=16.7),
    ),
)
