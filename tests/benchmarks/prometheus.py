"""A real Prometheus with one target: what it needs to evaluate rules, by its own figures."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.benchmarks.processes import child, free_port, wait_until
from tests.benchmarks.subjects import scratch
from tests.chain.programs import get, metric

PROMETHEUS = "/usr/bin/prometheus"
_LAST = "prometheus_rule_group_last_duration_seconds"
_COUNTED = "prometheus_rule_group_iterations_total"
_LIMIT_S = 300.0


def evaluation_s(exposed: str, expressions: Sequence[str], looks: int, every_s: int) -> float:
    """Seconds of the quickest evaluation of alert rules with these expressions, in one group.

    ``exposed`` is the target's text, scraped and evaluated each ``every_s``; ``looks`` evaluations
    count, two before them do not. Raises RuntimeError where Prometheus does not come so far.
    """
    with _target(exposed.encode()) as target, scratch() as folder:
        _configure(folder, target, expressions, every_s)
        host = f"127.0.0.1:{free_port()}"
        argv = [
            PROMETHEUS,
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={host}",
            "--log.level=error",
        ]
        log = folder / "out"
        with child(argv, log) as process:
            wait_until(lambda: get(host, "/-/ready")[0] == 200, process, log)
            wait_until(lambda: _count(host, exposed) > 0, process, log)
            return min(_durations(host, looks))


def _count(host: str, exposed: str) -> float:
    """How many series it has of the target, once it has them all; else 0."""
    found = json.loads(get(host, "/api/v1/query?query=count(m)")[1])["data"]["result"]
    right = float(exposed.count("\n"))
    return right if found and float(found[0]["value"][1]) == right else 0.0


def _durations(host: str, looks: int) -> list[float]:
    """The figure after each evaluation from the third on."""
    found: list[float] = []
    first = seen = metric(host, _COUNTED)
    end = time.perf_counter() + _LIMIT_S
    while len(found) < looks:
        if time.perf_counter() > end:
            raise RuntimeError("Prometheus evaluated too little")
        time.sleep(0.1)
        counted = metric(host, _COUNTED)
        if counted > seen:
            seen = counted
            if counted >= first + 2:
                found.append(metric(host, _LAST + "{"))
    return found


def _configure(folder: Path, target: str, expressions: Sequence[str], every_s: int) -> None:
    rules = [
        {
            "alert": f"R{number}",
            "expr": expression,
            "labels": {"severity": "critical"},
            "annotations": {"summary": "{{ $labels.i }} is {{ $value }}"},
        }
        for number, expression in enumerate(expressions)
    ]
    each = f"{every_s}s"
    # JSON is YAML.
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}))
    told = {
        "global": {"scrape_interval": each, "scrape_timeout": each, "evaluation_interval": each},
        "rule_files": ["rules.yml"],
        "scrape_configs": [{"job_name": "t", "static_configs": [{"targets": [target]}]}],
    }
    (folder / "prometheus.yml").write_text(json.dumps(told))


@contextmanager
def _target(body: bytes) -> Iterator[str]:
    """A program that is scraped: where it serves this text."""

    class Target(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Target)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
