"""From a post to the page at a receiver: calm, with 10,000 active, under a storm (rows 8-11)."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, latencies
from tests.benchmarks.stormer import storm
from tests.benchmarks.subjects import Subject, alertmanager, engine
from tests.benchmarks.wire import Sink, Wire
from tests.benchmarks.workload import QUIET, alert, bodies, body, fresh_run, post_all

# A machine is sent at most 5 messages in 5 s (`domain.throttle`): a probe that came sooner would
# measure that limit.
PACE_S = 1.1
LIMIT_S = 30.0
STORM_RATE = 1_000.0
WARM = 2


def _probe(wire: Wire, path: str, sink: Sink, mark: str) -> float | None:
    """Seconds from the start of a post to the whole page at the sink; None when it never came."""
    one = alert(0, mark, alertname=mark, instance=mark, severity="critical")
    one["annotations"]["summary"] = f"{mark} fires"
    seen = len(sink.got)
    began = time.perf_counter()
    status, answer = wire.request("POST", path, body([one]))
    if status >= 300:
        raise RuntimeError(f"the probe was refused: {answer[:200]!r}")
    at = sink.wait_for(mark.encode(), LIMIT_S, seen)
    return None if at is None else at - began


def _probes(subject: Subject, sink: Sink, name: str, count: int) -> Figures:
    """Probes one after the other at an even pace, each a group of its own."""
    pause, run = threading.Event(), fresh_run()
    found: list[float | None] = []
    with subject.wire() as wire:
        for number in range(WARM + count):
            began = time.perf_counter()
            found.append(_probe(wire, subject.path, sink, f"Probe{run}x{number}end"))
            pause.wait(max(0.0, PACE_S - (time.perf_counter() - began)))
    del found[:WARM]
    came = [seconds for seconds in found if seconds is not None]
    return {**latencies(name, came), f"{name}_lost": count - len(came)}


@contextlib.contextmanager
def _filled(
    start: Callable[..., AbstractContextManager[Subject]], count: int
) -> Iterator[tuple[Subject, Sink]]:
    with Sink() as sink, start(sink_port=sink.port) as subject:
        if count:
            work = bodies(count, fresh_run(), 100, **QUIET)
            post_all(subject.url, subject.token, subject.path, work, 1)
        yield subject, sink


def _one_side(
    name: str, start: Callable[..., AbstractContextManager[Subject]], scale: Scale
) -> Figures:
    count, deep = scale.of(50, 3), scale.of(10_000, 20)
    with _filled(start, 0) as (subject, sink):
        figures = _probes(subject, sink, f"{name}_empty", count)
    with _filled(start, deep) as (subject, sink):
        figures |= _probes(subject, sink, f"{name}_10k", count)
        with storm(subject, fresh_run(), rate=STORM_RATE):
            threading.Event().wait(1.0)
            figures |= _probes(subject, sink, f"{name}_storm", min(count, 20))
    return figures


def delivery(scale: Scale) -> Figures:
    """Post to page at a plain HTTP receiver: empty, 10,000 active, and 1,000 alerts/s meanwhile.

    Alertmanager waits for no group (``group_wait: 0s``); the station runs with its defaults.
    """
    return {**_one_side("am", alertmanager, scale), **_one_side("station", engine, scale)}


def worse(scale: Scale) -> Figures:
    """Out of the box: the page of a worse turn of an alert that was paged already."""
    count, run, found = scale.of(20, 2), fresh_run(), []
    with Sink() as sink, engine(sink_port=sink.port) as subject, subject.wire() as wire:
        for number in range(count):
            key = f"Worse{run}x{number}end"
            for severity in ("error", "critical"):
                seen, began = len(sink.got), time.perf_counter()
                status, answer = wire.request(
                    "POST", "/v2/enqueue", _event(key, severity, subject.token)
                )
                if status >= 300:
                    raise RuntimeError(f"the event was refused: {answer[:200]!r}")
                at = sink.wait_for(key.encode(), LIMIT_S, seen)
                if at is None:
                    raise RuntimeError(f"no page of {key} at {severity}")
                took = at - began
            found.append(took)
    return latencies("worse", found)


def _event(key: str, severity: str, token: str) -> bytes:
    payload = {"summary": f"{key} fires", "source": key, "severity": severity}
    event = {"routing_key": token, "event_action": "trigger", "dedup_key": key, "payload": payload}
    return json.dumps(event).encode()


DELIVERY = Benchmark(
    name="delivery",
    measure=delivery,
    goals=(
        Goal(
            row="8 post to sink, empty, p95",
            ours="station_empty_p95_ms",
            anchor="am_empty_p95_ms",
            at_most=3.0,
        ),
        Goal(
            row="8 post to sink, 10k active, p50",
            ours="station_10k_p50_ms",
            anchor="am_10k_p50_ms",
            at_most=4.0,
        ),
        Goal(
            row="8 post to sink, 10k active, p95",
            ours="station_10k_p95_ms",
            anchor="am_10k_p95_ms",
            at_most=3.0,
        ),
        Goal(
            row="8 p50 with 10k active over empty",
            ours="station_10k_p50_ms",
            anchor="station_empty_p50_ms",
            at_most=1.2,
        ),
        Goal(
            row="9 post to sink in a storm, p95",
            ours="station_storm_p95_ms",
            anchor="am_storm_p95_ms",
            at_most=20.0,
        ),
        Goal(row="9 longest, ms", ours="station_storm_max_ms", at_most=100.0),
        Goal(row="9 pages lost", ours="station_storm_lost", at_most=0),
        Goal(
            row="10 first page out of the box, ms (Alertmanager 30,000)",
            ours="station_empty_max_ms",
            at_most=3_000.0,
        ),
    ),
)
WORSE = Benchmark(
    name="worse",
    measure=worse,
    goals=(
        Goal(
            row="11 page of a worse turn, p95 ms (Alertmanager 299,000)",
            ours="worse_p95_ms",
            at_most=10_000.0,
        ),
    ),
)
