"""A thousand sources at one station: what looking costs, and whether every look comes in time."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

from crisisdesk.api.client import Client
from crisisdesk.domain.detection.source import DUTY, TIMEOUT_MS, Source, next_look

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, percentile
from tests.benchmarks.processes import child, cpu_seconds, rss_mb, wait_until
from tests.benchmarks.subjects import Subject, engine, scratch
from tests.benchmarks.wire import Sink
from tests.chain.programs import get

# Of a hundred sources so many are pages (some of which hang), exporters, and ports.
PAGES, HANGING, EXPORTERS, PORTS = 60, 1, 15, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds: the intervals of sources, and how long each part of a round takes.

    New sources are looked at within their first interval; what is measured comes after ``warm``.
    Nothing is down before two looks have hung, so ``hung`` is longer than two intervals.
    """

    every: tuple[int, ...]
    idle: float
    warm: float
    measured: float
    hung: float


FULL = Times(every=(10, 15, 20, 30), idle=5.0, warm=35.0, measured=90.0, hung=75.0)
# A run of less than this shows that it works, and nothing else: everything is hurried.
HURRIED_BELOW = 0.05
HURRIED = Times(every=(2,), idle=1.0, warm=4.0, measured=8.0, hung=12.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One that is looked at: its name in the arrivals, and how it is declared."""

    what: str
    type: str
    settings: dict[str, Any]
    every_s: int


Declared = Sequence[tuple[Target, Source]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The two programs that are looked at: pages and exporters at ``web``, ports apart."""

    web: str
    web_process: Popen[bytes]
    apart: str
    targets: list[Target]

    def arrivals(self) -> dict[str, list[int]]:
        """When each was looked at so far, wall time in ms."""
        return _arrivals(self.web) | _arrivals(self.apart)


def many_sources(scale: Scale) -> Figures:
    """1,000 sources each 10 to 30 s: 600 pages behind 100 ms (10 of them hang), 150 exporters of 50
    series each, 250 ports; beside a bare loop of httpx' transport that makes the same looks.

    Late is a look that reaches its target after the moment that its source has in its interval.
    Then all 750 pages and exporters hang at once, while the ports go on.
    """
    hundreds = max(0.1, 10 * scale.share)
    times = HURRIED if scale.share < HURRIED_BELOW else FULL
    with scratch() as folder, _serving(folder, hundreds, times) as served:
        with Sink() as sink, engine(sink_port=sink.port) as subject:
            figures, declared = _steady(subject, served, times)
            figures |= _hung(subject, served, declared, sink, times)
        return figures | _floor(folder, served, declared, times)


def _count(hundreds: float, of_hundred: int) -> int:
    return max(1, round(hundreds * of_hundred))


@contextmanager
def _serving(folder: Path, hundreds: float, times: Times) -> Iterator[Served]:
    pages, hanging, exporters, tcp = (
        _count(hundreds, n) for n in (PAGES, HANGING, EXPORTERS, PORTS)
    )
    with (
        _program(folder, "web", hanging, 0) as (web_process, told),
        _program(folder, "apart", 0, tcp) as (_process, told_apart),
    ):
        web, apart = (f"127.0.0.1:{one['web']}" for one in (told, told_apart))
        made = [("http", f"/h/{n}", {"url": f"http://{web}/h/{n}"}) for n in range(pages)]
        made += [
            ("openmetrics", f"/m/{n}", {"url": f"http://{web}/m/{n}"}) for n in range(exporters)
        ]
        made += [
            ("tcp", f"/t/{n}", {"host": "127.0.0.1", "port": port})
            for n, port in enumerate(told_apart["tcp"])
        ]
        targets = [
            Target(
                what=what, type=type_, settings=settings, every_s=times.every[n % len(times.every)]
            )
            for n, (type_, what, settings) in enumerate(made)
        ]
        yield Served(web=web, web_process=web_process, apart=apart, targets=targets)


@contextmanager
def _program(
    folder: Path, name: str, hanging: int, tcp: int
) -> Iterator[tuple[Popen[bytes], dict[str, Any]]]:
    ports, log = folder / f"{name}.json", folder / f"{name}.out"
    argv = [sys.executable, "-m", "tests.benchmarks.many_targets"]
    argv += [str(ports), str(hanging), str(tcp)]
    with child(argv, log) as process:
        wait_until(ports.exists, process, log)
        yield process, json.loads(ports.read_text())


def _arrivals(host: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = json.loads(get(host, "/arrivals")[1])
    return found


# -- the station -----------------------------------------------------------------------------


def _steady(subject: Subject, served: Served, times: Times) -> tuple[Figures, Declared]:
    """All is well."""
    pause = threading.Event()
    idle = cpu_seconds(subject.pid)
    pause.wait(times.idle)
    idle_percent = 100 * (cpu_seconds(subject.pid) - idle) / times.idle
    empty_mb = rss_mb(subject.pid)
    began = time.perf_counter()
    with Client(subject.url, subject.token, "bench", timeout_s=60.0) as client:
        declared = [(one, _declared(client, one)) for one in served.targets]
    declaring_s = time.perf_counter() - began
    pause.wait(times.warm)
    since_ms, spent = time.time() * 1000, cpu_seconds(subject.pid)
    pause.wait(times.measured)
    until_ms, spent = time.time() * 1000, cpu_seconds(subject.pid) - spent
    arrived = served.arrivals()
    late, dropped = _lateness(declared, arrived, since_ms, until_ms)
    looks = _looks(arrived, since_ms, until_ms)
    figures = {
        "declare_ms": 1000 * declaring_s / len(declared),
        "idle_percent": idle_percent,
        "cpu_percent": 100 * spent / times.measured,
        "cpu_ms_a_look": 1000 * spent / looks,
        "looks_a_second": looks / times.measured,
        "dropped": dropped,
        "late_p50_ms": percentile(late, 50),
        "late_p95_ms": percentile(late, 95),
        "late_max_ms": max(late),
        "memory_mb": rss_mb(subject.pid) - empty_mb,
    }
    return figures, declared


def _hung(
    subject: Subject, served: Served, declared: Declared, sink: Sink, times: Times
) -> Figures:
    """Three quarters of all hang at once; the other looks are to come all the same."""
    ports = [(one, source) for one, source in declared if one.type == "tcp"]
    seen, spent = len(sink.got), cpu_seconds(subject.pid)
    began, since_ms = time.perf_counter(), time.time() * 1000
    served.web_process.send_signal(signal.SIGSTOP)
    try:
        first = sink.wait_for(b"is down", times.hung, seen)
        threading.Event().wait(max(0.0, began + times.hung - time.perf_counter()))
        until_ms, spent = time.time() * 1000, cpu_seconds(subject.pid) - spent
        with Client(subject.url, subject.token, "bench", timeout_s=60.0) as client:
            standing = {one["name"]: one["state"] for one in client.sources()}
    finally:
        served.web_process.send_signal(signal.SIGCONT)
    if first is None:
        raise RuntimeError("nobody was paged while three quarters of all sources hung")
    late, dropped = _lateness(ports, _arrivals(served.apart), since_ms, until_ms)
    hanging = [one.what for one, _source in declared if one.type != "tcp"]
    return {
        "hung_first_page_s": first - began,
        "hung_unseen": sum(standing[what] != "down" for what in hanging),
        "hung_wrongly_down": sum(standing[one.what] == "down" for one, _source in ports),
        "hung_dropped": dropped,
        "hung_late_p95_ms": percentile(late, 95),
        "hung_late_max_ms": max(late),
        "hung_cpu_percent": 100_000 * spent / (until_ms - since_ms),
    }


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


# -- what came -------------------------------------------------------------------------------


def _looks(arrived: dict[str, list[int]], since_ms: float, until_ms: float) -> int:
    return sum(since_ms <= at < until_ms for ats in arrived.values() for at in ats)


def _lateness(
    declared: Declared, arrived: dict[str, list[int]], since_ms: float, until_ms: float
) -> tuple[list[float], int]:
    """(ms that each look came after its moment, moments without a look)."""
    late: list[float] = []
    dropped = 0
    for target, source in declared:
        # A look belongs to the last moment before it. What began before, or may not have come yet,
        # is not judged.
        moments: dict[int, int] = {}
        for at in arrived.get(target.what, ()):
            moments.setdefault(next_look(source, at) - source.every_ms, at)
        moment = next_look(source, round(since_ms))
        while moment + source.every_ms <= until_ms:
            if moment in moments:
                late.append(float(moments[moment] - moment))
            else:
                dropped += 1
            moment += source.every_ms
    return late, dropped


def _floor(folder: Path, served: Served, declared: Declared, times: Times) -> Figures:
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
        pause.wait(times.warm)
        since_ms, spent = time.time() * 1000, cpu_seconds(process.pid)
        pause.wait(times.measured)
        until_ms, spent = time.time() * 1000, cpu_seconds(process.pid) - spent
        if process.poll() is not None:
            raise RuntimeError(f"the bare loop has ended: {log.read_text()[-1000:]}")
        memory = rss_mb(process.pid)
    looks = _looks(served.arrivals(), since_ms, until_ms)
    return {
        "floor_cpu_percent": 100 * spent / times.measured,
        "floor_cpu_ms_a_look": 1000 * spent / max(1, looks),
        "floor_looks_a_second": looks / times.measured,
        "floor_memory_mb": memory,
    }


MANY_SOURCES = Benchmark(
    name="sources",
    measure=many_sources,
    goals=(
        Goal(row="1,000 sources, share of a core, %", ours="cpu_percent", at_most=25),
        Goal(row="CPU ms a look", ours="cpu_ms_a_look", anchor="floor_cpu_ms_a_look", at_most=2.0),
        Goal(
            row="looks a second",
            ours="looks_a_second",
            anchor="floor_looks_a_second",
            at_least=0.95,
        ),
        Goal(row="moments without a look", ours="dropped", at_most=0),
        Goal(row="a look after its moment, p95 ms", ours="late_p95_ms", at_most=500),
        Goal(row="the longest, ms", ours="late_max_ms", at_most=2_000),
        Goal(row="memory beyond an empty station's, MiB", ours="memory_mb", at_most=100),
        Goal(row="declaring one, ms", ours="declare_ms", at_most=50),
        Goal(row="750 hang: first page, s", ours="hung_first_page_s", at_most=30),
        Goal(row="750 hang: of them not down after 75 s", ours="hung_unseen", at_most=0),
        Goal(row="750 hang: others wrongly down", ours="hung_wrongly_down", at_most=0),
        Goal(row="750 hang: moments of others without a look", ours="hung_dropped", at_most=0),
        Goal(
            row="750 hang: another's look after its moment, p95 ms",
            ours="hung_late_p95_ms",
            at_most=2_000,
        ),
        Goal(row="750 hang: share of a core, %", ours="hung_cpu_percent", at_most=50),
    ),
)
