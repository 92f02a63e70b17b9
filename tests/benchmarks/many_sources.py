"""A thousand sources at one station: what looking costs, and whether every look comes in time."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crisisdesk.api.client import Client
from crisisdesk.domain.detection.source import DUTY, TIMEOUT_MS, Source, next_look

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, percentile
from tests.benchmarks.processes import child, cpu_seconds, rss_mb, wait_until
from tests.benchmarks.subjects import Subject, engine, scratch
from tests.chain.programs import get

# Of a hundred sources so many are pages (some of which hang), exporters, and ports.
PAGES, HANGING, EXPORTERS, PORTS = 60, 1, 15, 25
EVERY_S = (10, 15, 20, 30)
# A run of less than this shows that it works, and nothing else: everything is hurried.
HURRIED_BELOW = 0.05
HURRIED_EVERY_S, HURRIED_WARM_S, HURRIED_MEASURED_S = (2,), 4.0, 8.0
# New ones are looked at within their first interval; what is measured comes after it.
WARM_S, MEASURED_S, IDLE_S = 35.0, 90.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One that is looked at: its name in the arrivals, and how it is declared."""

    what: str
    type: str
    settings: dict[str, Any]
    every_s: int


def many_sources(scale: Scale) -> Figures:
    """1,000 sources each 10 to 30 s: 600 pages behind 100 ms (10 of them hang), 150 exporters of 50
    series each, 250 ports; beside a bare loop of httpx and asyncio that makes the same looks.

    Late is a look that reaches its target after the moment that its source has in its interval.
    """
    hundreds = max(0.1, 10 * scale.share)
    hurried = scale.share < HURRIED_BELOW
    warm_s, measured_s = (HURRIED_WARM_S, HURRIED_MEASURED_S) if hurried else (WARM_S, MEASURED_S)
    every_s = HURRIED_EVERY_S if hurried else EVERY_S
    with scratch() as folder, _targets(folder, hundreds, every_s) as (host, targets):
        with engine() as subject:
            figures, declared = _station(subject, host, targets, warm_s, measured_s)
        floor = _floor(folder, host, declared, warm_s / 3, measured_s)
    return {**figures, **floor}


def _count(hundreds: float, of_hundred: int) -> int:
    return max(1, round(hundreds * of_hundred))


@contextmanager
def _targets(
    folder: Path, hundreds: float, every_s: Sequence[int]
) -> Iterator[tuple[str, list[Target]]]:
    """The program that is looked at: where it serves, and its targets."""
    ports, log = folder / "ports.json", folder / "targets.out"
    pages, hanging, exporters, tcp = (
        _count(hundreds, n) for n in (PAGES, HANGING, EXPORTERS, PORTS)
    )
    argv = [sys.executable, "-m", "tests.benchmarks.many_targets"]
    argv += [str(ports), str(hanging), str(tcp)]
    with child(argv, log) as process:
        wait_until(ports.exists, process, log)
        told = json.loads(ports.read_text())
        host = f"127.0.0.1:{told['web']}"
        made = [("http", f"/h/{n}", {"url": f"http://{host}/h/{n}"}) for n in range(pages)]
        made += [
            ("openmetrics", f"/m/{n}", {"url": f"http://{host}/m/{n}"}) for n in range(exporters)
        ]
        made += [
            ("tcp", f"/t/{n}", {"host": "127.0.0.1", "port": port})
            for n, port in enumerate(told["tcp"])
        ]
        yield (
            host,
            [
                Target(what=what, type=type_, settings=settings, every_s=every_s[n % len(every_s)])
                for n, (type_, what, settings) in enumerate(made)
            ],
        )


def _station(
    subject: Subject, host: str, targets: Sequence[Target], warm_s: float, measured_s: float
) -> tuple[Figures, list[tuple[Target, Source]]]:
    pause = threading.Event()
    idle = cpu_seconds(subject.pid)
    pause.wait(IDLE_S)
    idle_percent = 100 * (cpu_seconds(subject.pid) - idle) / IDLE_S
    empty_mb = rss_mb(subject.pid)
    began = time.perf_counter()
    with Client(subject.url, subject.token, "bench", timeout_s=60.0) as client:
        declared = [(one, _declared(client, one)) for one in targets]
    declaring_s = time.perf_counter() - began
    pause.wait(warm_s)
    since_ms, spent = time.time() * 1000, cpu_seconds(subject.pid)
    pause.wait(measured_s)
    until_ms, spent = time.time() * 1000, cpu_seconds(subject.pid) - spent
    arrived = json.loads(get(host, "/arrivals")[1])
    late, dropped, looks = _lateness(declared, arrived, since_ms, until_ms)
    figures = {
        "declare_ms": 1000 * declaring_s / len(targets),
        "idle_percent": idle_percent,
        "cpu_percent": 100 * spent / measured_s,
        "cpu_ms_a_look": 1000 * spent / looks,
        "looks_a_second": looks / measured_s,
        "dropped": dropped,
        "late_p50_ms": percentile(late, 50),
        "late_p95_ms": percentile(late, 95),
        "late_max_ms": max(late),
        "memory_mb": rss_mb(subject.pid) - empty_mb,
    }
    return figures, declared


def _declared(client: Client, one: Target) -> Source:
    told = client.declare_source(
        one.what,
        one.type,
        one.settings,
        every_s=one.every_s,
        timeout_ms=min(TIMEOUT_MS, one.every_s * 1000),
    )
    return Source(
        source_id=told["source_id"],
        version_id="",
        name=one.what,
        type=one.type,
        settings=one.settings,
        every_ms=one.every_s * 1000,
        timeout_ms=told["timeout_ms"],
        failures=told["failures"],
        severity=told["severity"],
        service="",
        where=DUTY,
        paused=False,
        since=0,
        by="",
    )


def _lateness(
    declared: Sequence[tuple[Target, Source]],
    arrived: dict[str, list[int]],
    since_ms: float,
    until_ms: float,
) -> tuple[list[float], int, int]:
    """(ms that each look came after its moment, moments without a look, looks)."""
    late: list[float] = []
    dropped = 0
    for target, source in declared:
        # A look belongs to the last moment before it. The first and the last moment are not judged:
        # their looks may lie outside.
        moments = {}
        for at in arrived.get(target.what, ()):
            moments.setdefault(next_look(source, at) - source.every_ms, at)
        moment = next_look(source, round(since_ms))
        while moment + source.every_ms <= until_ms:
            at = moments.get(moment)
            if at is None:
                dropped += 1
            else:
                late.append(float(at - moment))
            moment += source.every_ms
    looks = sum(since_ms <= at < until_ms for ats in arrived.values() for at in ats)
    return late, dropped, looks


def _floor(
    folder: Path,
    host: str,
    declared: Sequence[tuple[Target, Source]],
    warm_s: float,
    measured_s: float,
) -> Figures:
    """The same looks by a bare loop."""
    now, plan, log = round(time.time() * 1000), folder / "plan.json", folder / "floor.out"
    told = [
        {
            **({"port": t.settings["port"]} if t.type == "tcp" else {"url": t.settings["url"]}),
            "every_ms": source.every_ms,
            "first_ms": next_look(source, now),
        }
        for t, source in declared
    ]
    plan.write_text(json.dumps(told))
    argv = [sys.executable, "-m", "tests.benchmarks.floor_looks", str(plan)]
    with child(argv, log) as process:
        pause = threading.Event()
        pause.wait(max(2.0, warm_s))
        since_ms, spent = time.time() * 1000, cpu_seconds(process.pid)
        pause.wait(measured_s)
        until_ms, spent = time.time() * 1000, cpu_seconds(process.pid) - spent
        if process.poll() is not None:
            raise RuntimeError(f"the bare loop has ended: {log.read_text()[-1000:]}")
        memory = rss_mb(process.pid)
    arrived = json.loads(get(host, "/arrivals")[1])
    looks = sum(since_ms <= at < until_ms for ats in arrived.values() for at in ats)
    return {
        "floor_cpu_percent": 100 * spent / measured_s,
        "floor_cpu_ms_a_look": 1000 * spent / max(1, looks),
        "floor_looks_a_second": looks / measured_s,
        "floor_memory_mb": memory,
    }


MANY_SOURCES = Benchmark(
    name="sources",
    measure=many_sources,
    goals=(
        Goal(row="1,000 sources, share of a core, %", ours="cpu_percent", at_most=50),
        Goal(row="CPU ms a look", ours="cpu_ms_a_look", anchor="floor_cpu_ms_a_look", at_most=3.0),
        Goal(
            row="looks a second",
            ours="looks_a_second",
            anchor="floor_looks_a_second",
            at_least=0.95,
        ),
        Goal(row="moments without a look", ours="dropped", at_most=0),
        Goal(row="a look after its moment, p95 ms", ours="late_p95_ms", at_most=1_000),
        Goal(row="the longest, ms", ours="late_max_ms", at_most=5_000),
        Goal(row="memory beyond an empty station's, MiB", ours="memory_mb", at_most=150),
        Goal(row="declaring one, ms", ours="declare_ms", at_most=50),
    ),
)
