"""Real programs to look at: Prometheus that scrapes a node exporter, and Alertmanager."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tests.chain.programs import find_program, free_host, get, running

WAIT_S = 60.0

PROMETHEUS = """\
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  evaluation_interval: 1s
  external_labels: {{cluster: fra}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: node
    static_configs: [{{targets: ['{exporter}']}}]
alerting:
  alertmanagers: [{alertmanagers}]
"""
RULES = """\
groups:
  - name: node
    rules:
      - alert: NodeSeen
        expr: node_load1 >= 0
        labels: {severity: critical}
        annotations: {summary: 'Node {{ $labels.instance }} is seen'}
"""
ALERTMANAGER = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


@dataclass(slots=True, kw_only=True)
class Program:
    """One running program: where it serves, and how to end it and start it again."""

    host: str
    start: Callable[[], None]
    stop: Callable[[], None]

    def restart(self) -> None:
        """As after a crash of its machine: nothing that was only in memory is known any more."""
        self.stop()
        self.start()

    def ask(self, path: str) -> Any:
        """The JSON of one GET."""
        code, text = get(self.host, path)
        assert code == 200, text
        return json.loads(text)


@dataclass(slots=True)
class Programs:
    """Starts them in a folder; all are ended with the context of `programs`."""

    folder: Path
    stack: ExitStack = field(default_factory=ExitStack)

    def node_exporter(self) -> str:
        """Where a node exporter serves /metrics."""
        host = free_host()
        name = "prometheus-node-exporter"
        words = [find_program(name), f"--web.listen-address={host}"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet)
        self.stack.callback(process.wait, 20)
        self.stack.callback(process.terminate)
        until(lambda: get(host, "/metrics")[0] == 200, "the node exporter serves")
        return host

    def prometheus(self, exporter: str, alertmanager: str = "") -> Program:
        """A Prometheus that scrapes the exporter each second and has one rule that always holds."""
        host = free_host()
        told = f"{{static_configs: [{{targets: ['{alertmanager}']}}]}}" if alertmanager else ""
        config = PROMETHEUS.format(exporter=exporter, alertmanagers=told)
        (self.folder / "prometheus.yml").write_text(config)
        (self.folder / "rules.yml").write_text(RULES)
        words = (
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'prometheus'}",
            f"--web.listen-address={host}",
            "--rules.alert.resend-delay=1s",
        )
        return self._program("prometheus", words, host)

    def alertmanager(self) -> Program:
        """An Alertmanager that tells nobody."""
        host = free_host()
        (self.folder / "alertmanager.yml").write_text(ALERTMANAGER)
        words = (
            f"--config.file={self.folder / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'alertmanager'}",
            f"--web.listen-address={host}",
            "--cluster.listen-address=",
        )
        return self._program("prometheus-alertmanager", words, host)

    def _program(self, name: str, words: tuple[str, ...], host: str) -> Program:
        open_ones: list[ExitStack] = []

        def start() -> None:
            one = ExitStack()
            one.enter_context(running(name, words, host, self.folder))
            open_ones.append(one)

        def stop() -> None:
            while open_ones:
                open_ones.pop().close()

        start()
        self.stack.callback(stop)
        return Program(host=host, start=start, stop=stop)


@contextmanager
def programs(folder: Path) -> Iterator[Programs]:
    """Programs that keep what they have in the folder."""
    made = Programs(folder)
    with made.stack:
        yield made


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something outside of this process; fails in the end."""
    began = monotonic()
    while not holds():
        if monotonic() - began > WAIT_S:
            pytest.fail(f"never came: {what}")
        sleep(0.05)
