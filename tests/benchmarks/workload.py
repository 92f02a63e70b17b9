"""The work: distinct alerts as a Prometheus server would post them, and how they are posted."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.benchmarks.wire import Wire

NAMES = (
    "HighCpuLoad",
    "DiskFillsSoon",
    "InstanceDown",
    "HttpErrorRate",
    "LatencyHigh",
    "MemoryPressure",
    "QueueBacklog",
    "CertificateExpires",
    "ReplicationLag",
    "PodRestarts",
)
QUIET = {"severity": "warning"}
SEVERITIES = ("critical", "high", "warning")


def alert(number: int, run: str, **labels: str) -> dict[str, Any]:
    """The ``number``-th distinct alert of a run in Alertmanager's API v2 form, about 650 bytes."""
    name = NAMES[number % len(NAMES)]
    now = datetime.now(UTC)
    at, until = (t.isoformat(timespec="milliseconds") for t in (now, now + timedelta(hours=4)))
    instance = f"host-{number:06d}.dc{number % 4}.example:9100"
    return {
        "labels": {
            "alertname": name,
            "severity": SEVERITIES[number % len(SEVERITIES)],
            "instance": instance,
            "job": "node",
            "service": f"svc-{number % 20}",
            "cluster": f"dc{number % 4}",
            "team": f"team-{number % 7}",
            "run": run,
            **labels,
        },
        "annotations": {
            "summary": f"{name} on {instance}",
            "description": f"{name} is at {number % 100}.5, above its threshold for 5 minutes.",
            "runbook_url": f"https://runbooks.example/{name}",
        },
        "startsAt": at,
        "endsAt": until,
        "generatorURL": "http://prometheus.example:9090/graph?g0.expr=up",
    }


def body(alerts: Sequence[dict[str, Any]]) -> bytes:
    """The request's bytes."""
    return json.dumps(alerts, separators=(",", ":")).encode()


def bodies(count: int, run: str, batch: int = 1, **labels: str) -> list[bytes]:
    """``count`` distinct alerts in requests of ``batch``; QUIET ones page nobody."""
    return [
        body([alert(i, run, **labels) for i in range(at, min(at + batch, count))])
        for at in range(0, count, batch)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What posting took: all of it, and each request, in seconds."""

    seconds: float
    each: list[float]


def post_all(url: str, token: str, path: str, work: Sequence[bytes], connections: int) -> Posted:
    """Post every body over so many kept-alive connections at once; any refusal is an error."""
    todo, lock = iter(work), threading.Lock()
    each: list[float] = []
    refused: list[tuple[int, bytes]] = []
    gate = threading.Barrier(connections + 1)

    def poster() -> None:
        mine: list[float] = []
        with Wire(url, token) as wire:
            gate.wait()
            while True:
                with lock:
                    data = next(todo, None)
                if data is None:
                    break
                began = time.perf_counter()
                status, answer = wire.request("POST", path, data)
                mine.append(time.perf_counter() - began)
                if status >= 300:
                    refused.append((status, answer[:200]))
        with lock:
            each.extend(mine)

    threads = [threading.Thread(target=poster, name="poster") for _ in range(connections)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if refused:
        raise RuntimeError(f"{len(refused)} posts were refused, first {refused[0]}")
    return Posted(seconds=seconds, each=each)


_runs = itertools.count(1)


def fresh_run() -> str:
    """A label value that makes the alerts of this run distinct from all earlier ones."""
    return f"r{next(_runs)}-{time.perf_counter_ns()}"
