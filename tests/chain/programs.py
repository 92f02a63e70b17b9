"""Debian's Prometheus and Alertmanager, each on a free port and in a folder of the test."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

READY_WITHIN_S = 30.0

RULES = """\
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: CheckoutDown
        expr: shop_checkout_up == 0
        labels: {severity: critical, service: checkout}
        annotations:
          summary: Checkout answers nobody
          description: 'The checkout of {{ $labels.instance }} has been down.'
"""

ALERTMANAGER = """\
route: {{receiver: desk, group_by: [alertname], group_wait: 0s, group_interval: 1s}}
receivers:
  - name: desk
    webhook_configs:
      - url: http://{engine}/intake/alertmanager
        send_resolved: true
        http_config: {{authorization: {{type: Bearer, credentials: {token}}}}}
"""

PROMETHEUS = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{{targets: ['{own}']}}]
  - job_name: shop
    static_configs: [{{targets: ['{exporter}']}}]
alerting:
  alertmanagers:
    - api_version: v2
      static_configs: [{{targets: ['{alertmanager}']}}]
    - api_version: v2
      static_configs: [{{targets: ['{engine}']}}]
      authorization: {{type: Bearer, credentials: {token}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where both serve."""

    prometheus: str
    alertmanager: str


def free_host() -> str:
    """``127.0.0.1:PORT`` with a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"


def get(host: str, path: str) -> tuple[int, str]:
    """Status and text of one GET; (0, "") while nobody listens."""
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def metric(host: str, start: str) -> float:
    """The sum of the samples of ``/metrics`` whose line begins so."""
    lines = get(host, "/metrics")[1].splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(start))


@contextmanager
def sources(folder: Path, *, engine: str, token: str, exporter: str) -> Iterator[Sources]:
    """Both running and ready: Prometheus fires to Alertmanager and to the engine directly."""
    own, manager = free_host(), free_host()
    (folder / "rules.yml").write_text(RULES)
    told = {"engine": engine, "token": token, "exporter": exporter}
    (folder / "alertmanager.yml").write_text(ALERTMANAGER.format(**told))
    config = PROMETHEUS.format(own=own, alertmanager=manager, **told)
    (folder / "prometheus.yml").write_text(config)
    manager_words = (
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address={manager}",
        "--cluster.listen-address=",
    )
    own_words = (
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        f"--web.listen-address={own}",
        "--rules.alert.resend-delay=1s",
    )
    with (
        running("prometheus-alertmanager", manager_words, manager, folder),
        running("prometheus", own_words, own, folder),
    ):
        yield Sources(prometheus=own, alertmanager=manager)


def find_program(name: str) -> str:
    """Where a program of the Debian package of the same name is; fails without it."""
    program = shutil.which(name)
    if program is None:
        pytest.fail(f"{name} is missing; packaging/test.py installs it (Debian package {name})")
    return program


@contextmanager
def running(name: str, words: tuple[str, ...], host: str, folder: Path) -> Iterator[None]:
    """A program that tells by ``/-/ready`` that it has come up."""
    program = find_program(name)
    said = folder / f"{name}.out"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [program, *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        began = monotonic()
        while get(host, "/-/ready")[0] != http.HTTPStatus.OK:
            late = monotonic() - began > READY_WITHIN_S
            if late or _ended_within(process, 0.05):
                pytest.fail(f"{name} did not come up: {said.read_text()[-2000:]}")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
