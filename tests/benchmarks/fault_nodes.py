"""Nodes that go away from a real Prometheus: by its own rule, pushed and fetched, and by ours."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.fault_stage import Expected, Fault, Stage
from tests.chain.programs import find_program, free_host, get, running

PUSHED, FETCHED, ASKED = "node away, pushed", "node away, fetched", "node away, own rule"
EXPORTER = "prometheus-node-exporter"
# As Debian's own prometheus.yml has it.
EACH_S = 15
READY_S = 30.0


def lost_nodes(stage: Stage, count: int) -> Iterator[Fault]:
    """Node exporters that end, scraped by two Prometheus: one sends its alerts to the station and
    is asked for samples, the alerts of the other are fetched."""
    nodes = [Node(free_host()) for _ in range(count)]
    for node in nodes:
        node.start()
        stage.stack.callback(node.stop)
    token = stage.subject.token
    engine = stage.subject.url.removeprefix("http://")
    to_engine = {
        "api_version": "v2",
        "static_configs": [{"targets": [engine]}],
        "authorization": {"type": "Bearer", "credentials": token},
    }
    pushing = _prometheus(stage, "pushed", nodes, [to_engine])
    fetched = _prometheus(stage, "fetched", nodes, [])
    queries = [{"name": "node_up", "query": 'up{job="node"}'}]
    stage.watch("prometheus asked", "prometheus", {"url": f"http://{pushing}", "queries": queries})
    stage.watch("prometheus fetched", "prometheus", {"url": f"http://{fetched}", "alerts": True})
    for number, node in enumerate(nodes):
        rule = f"node k{number:02} is gone"
        where = f'instance="{node.host}"'
        stage.rule(rule, {"metric": "node_up", "where": where, "op": "==", "value": 0})
        yield Fault(
            expected=(
                Expected(
                    kind=PUSHED,
                    words=f"Node {node.host} is away, pushed",
                    own=partial(_fired_after, pushing, node.host),
                ),
                Expected(
                    kind=FETCHED,
                    words=f"Node {node.host} is away, fetched",
                    own=partial(_fired_after, fetched, node.host),
                ),
                Expected(kind=ASKED, words=rule),
            ),
            begin=node.stop,
            end=node.start,
        )


class Node:
    """A node exporter at one address, started and ended."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and come back when it serves."""
        words = [find_program(EXPORTER), f"--web.listen-address={self.host}"]
        words += ["--collector.disable-defaults", "--collector.loadavg"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet)
        end = time.perf_counter() + READY_S
        while get(self.host, "/metrics")[0] != 200:
            if time.perf_counter() > end:
                raise RuntimeError(f"the node exporter at {self.host} does not serve")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it; may be repeated."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None


def _prometheus(stage: Stage, how: str, nodes: list[Node], alertmanagers: list[Any]) -> str:
    """A running Prometheus with a rule about each node; where it serves."""
    folder: Path = stage.folder / f"prometheus-{how}"
    folder.mkdir()
    host, each = free_host(), "1s" if stage.every_s else f"{EACH_S}s"
    rule = {
        "alert": f"Node{how.capitalize()}",
        "expr": 'up{job="node"} == 0',
        "labels": {"severity": "critical"},
        "annotations": {"summary": "Node {{ $labels.instance }} is away, " + how},
    }
    # JSON is YAML.
    told = json.dumps({"groups": [{"name": "nodes", "rules": [rule]}]})
    (folder / "rules.yml").write_text(told)
    targets = [node.host for node in nodes]
    config = {
        "global": {"scrape_interval": each, "scrape_timeout": each, "evaluation_interval": each},
        "rule_files": ["rules.yml"],
        "scrape_configs": [{"job_name": "node", "static_configs": [{"targets": targets}]}],
        "alerting": {"alertmanagers": alertmanagers},
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))
    words = (
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={host}",
        "--log.level=error",
    )
    stage.stack.enter_context(running("prometheus", words, host, folder))
    return host


def _fired_after(prometheus: str, node: str, wall_s: float) -> float:
    """How many seconds after the fault Prometheus itself fired: its scrape and its evaluation."""
    alerts = json.loads(get(prometheus, "/api/v1/alerts")[1])["data"]["alerts"]
    [since] = [one["activeAt"] for one in alerts if one["labels"]["instance"] == node]
    # Nanoseconds are more than Python reads.
    whole, _, part = since.rstrip("Z").partition(".")
    at = datetime.fromisoformat(f"{whole}.{part[:6].ljust(6, '0')}+00:00")
    return max(0.0, at.timestamp() - wall_s)
