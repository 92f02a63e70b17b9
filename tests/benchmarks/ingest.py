"""Taking alerts in: durable posts singly and by the hundred, flatness, repeats (rows 1-7)."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, latencies
from tests.benchmarks.processes import cpu_seconds
from tests.benchmarks.subjects import LIST, Subject, alertmanager, engine, floor, scratch
from tests.benchmarks.wire import Wire
from tests.benchmarks.workload import alert, bodies, body, fresh_run, post_all

_Starter = Callable[[], AbstractContextManager[Subject]]


def _rate(name: str, start: _Starter, count: int, batch: int, connections: int) -> Figures:
    """Rate in alerts/s, latency a request, CPU ms an alert of the server's process."""
    work = bodies(count, fresh_run(), batch)
    with start() as subject:
        for data in bodies(20, fresh_run()):
            post_all(subject.url, subject.token, subject.path, [data], 1)
        before = cpu_seconds(subject.pid)
        posted = post_all(subject.url, subject.token, subject.path, work, connections)
        spent = cpu_seconds(subject.pid) - before
    return {
        f"{name}_rate": count / posted.seconds,
        f"{name}_cpu_ms": spent * 1e3 / count,
        **latencies(name, posted.each),
    }


def singles(scale: Scale) -> Figures:
    """Distinct alerts one a request, on one and on four connections; every one committed first."""
    count = scale.of(10_000, 20)
    return {
        **_rate("floor", floor, count, 1, 1),
        **_rate("one", engine, count, 1, 1),
        **_rate("alertmanager", alertmanager, count, 1, 1),
        **_rate("four", engine, count, 1, 4),
        **_rate("floor_four", floor, count, 1, 4),
        **_rate("alertmanager_four", alertmanager, count, 1, 4),
    }


def batches(scale: Scale) -> Figures:
    """Distinct alerts by the hundred on one connection."""
    count = scale.of(20_000, 200)
    return {
        **_rate("alertmanager", alertmanager, count, 100, 1),
        **_rate("station", engine, count, 100, 1),
    }


def flatness(scale: Scale) -> Figures:
    """The rate of single posts with 1,000 and with 50,000 alerts stored, in one process."""
    count, deep = scale.of(3_000, 20), scale.of(50_000, 100)
    with engine() as subject:

        def post(number: int, batch: int) -> float:
            work = bodies(number, fresh_run(), batch)
            return number / post_all(subject.url, subject.token, subject.path, work, 1).seconds

        post(scale.of(1_000, 10), 100)
        shallow = post(count, 1)
        post(deep, 100)
        return {"rate_1k": shallow, "rate_50k": post(count, 1)}


def repeats(scale: Scale) -> Figures:
    """The same alert again and again: one stored, its count exact, no slower than distinct ones."""
    count = scale.of(10_000, 20)
    same = body([alert(0, fresh_run())])
    with engine() as subject:
        distinct = bodies(count, fresh_run())
        plain = post_all(subject.url, subject.token, subject.path, distinct, 1)
        posted = post_all(subject.url, subject.token, subject.path, [same] * count, 1)
        with subject.wire() as wire:
            page = json.loads(wire.request("GET", "/crisis/alerts/?sort=-detected_at")[1])
            listed = len(json.loads(wire.request("GET", LIST)[1]))
        top = page["results"][0]["count"]
    return {
        "rate": count / posted.seconds,
        "distinct_rate": count / plain.seconds,
        "stored": listed - count,
        "count_off_by": abs(top - count),
    }


def killed(scale: Scale) -> Figures:
    """kill -9 amid posting on four connections: what was answered 2xx and is gone afterwards."""
    goal = scale.of(10_000, 40)
    run, answered, lock = fresh_run(), [], threading.Lock()
    with scratch() as folder:
        with engine(folder=folder) as subject:

            def post(first: int) -> None:
                with Wire(subject.url, subject.token) as wire:
                    for number in range(first, goal * 8, 4):
                        one = alert(number, run)
                        try:
                            status, _ = wire.request("POST", subject.path, body([one]))
                        except OSError:
                            return
                        if status == 200:
                            with lock:
                                answered.append(one["labels"]["instance"])
                                if len(answered) == goal:
                                    os.kill(subject.pid, signal.SIGKILL)

            threads = [threading.Thread(target=post, args=(i,)) for i in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        (folder / "engine.door").unlink(missing_ok=True)
        with engine(folder=folder) as again, again.wire() as wire:
            listed = json.loads(wire.request("GET", LIST)[1])
    kept = {a["labels"]["instance"] for a in listed}
    return {"answered": len(answered), "lost": len(set(answered) - kept)}


SINGLES = Benchmark(
    name="singles",
    measure=singles,
    goals=(
        Goal(row="1 posts/s, 1 connection", ours="one_rate", anchor="floor_rate", at_least=1.0),
        Goal(row="1 the same", ours="one_rate", anchor="alertmanager_rate", at_least=0.12),
        Goal(
            row="1 posts/s, 4 connections, over the floor's on one",
            ours="four_rate",
            anchor="floor_rate",
            at_least=2.0,
        ),
        Goal(
            row="1 posts/s, 4 connections each",
            ours="four_rate",
            anchor="floor_four_rate",
            at_least=2.0,
        ),
        Goal(row="2 p99 of a post", ours="one_p99_ms", anchor="floor_p99_ms", at_most=1.5),
        Goal(row="6 CPU ms a post", ours="one_cpu_ms", anchor="floor_cpu_ms", at_most=2.0),
    ),
)
BATCHES = Benchmark(
    name="batches",
    measure=batches,
    goals=(
        Goal(
            row="3 alerts/s by 100",
            ours="station_rate",
            anchor="alertmanager_rate",
            at_least=0.4,
        ),
    ),
)
FLATNESS = Benchmark(
    name="flatness",
    measure=flatness,
    goals=(Goal(row="4 posts/s at 50k over 1k", ours="rate_50k", anchor="rate_1k", at_least=0.9),),
)
REPEATS = Benchmark(
    name="repeats",
    measure=repeats,
    goals=(
        Goal(row="5 repeats/s", ours="rate", anchor="distinct_rate", at_least=1.0),
        Goal(row="5 alerts stored of them", ours="stored", at_least=1, at_most=1),
        Goal(row="5 their count is off by", ours="count_off_by", at_most=0),
    ),
)
KILLED = Benchmark(
    name="killed",
    measure=killed,
    goals=(Goal(row="7 lost after kill -9 of 10,000", ours="lost", at_most=0),),
)
