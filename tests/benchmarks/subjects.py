"""What is measured: the station's engine, a real Alertmanager, and the floor, each in a folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import accepts, child, free_port, wait_until
from tests.benchmarks.wire import Wire

ALERTMANAGER = "/usr/bin/prometheus-alertmanager"
PATH = "/api/v2/alerts"
LIST = "/api/v2/alerts?silenced=true&inhibited=true&active=true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server that takes alerts: where, by which token, and its process."""

    url: str
    pid: int
    token: str = ""
    path: str = PATH
    folder: Path = Path()

    def wire(self) -> Wire:
        """A connection to it."""
        return Wire(self.url, self.token)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the disk that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="crisisdesk-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def station_environment(folder: Path) -> dict[str, str]:
    """The environment of a station's processes that keeps them apart from the user's own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("CRISISDESK_")}
    return env | {
        "CRISISDESK_DATA_DIR": str(folder),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }


def door_of(folder: Path) -> dict[str, str] | None:
    """The running engine's address and token, once it has opened."""
    try:
        door: dict[str, str] = json.loads((folder / "engine.door").read_text())
    except FileNotFoundError:
        return None
    return door


@contextlib.contextmanager
def engine(*, sink_port: int = 0, folder: Path | None = None) -> Iterator[Subject]:
    """A station's real engine process; with ``sink_port``, one contact is paged there."""
    with contextlib.ExitStack() as stack:
        place = folder or stack.enter_context(scratch())
        log = place / "engine.out"
        env = station_environment(place) | {"CRISISDESK_PORT": "0"}
        argv = [sys.executable, "-m", "crisisdesk", "engine"]
        process = stack.enter_context(child(argv, log, env))
        wait_until(lambda: door_of(place) is not None, process, log)
        door = door_of(place) or {}
        subject = Subject(url=door["url"], pid=process.pid, token=door["token"], folder=place)
        if sink_port:
            _add_contact(subject, sink_port)
        yield subject


def _add_contact(subject: Subject, sink_port: int) -> None:
    method = {"url": f"webhook://127.0.0.1:{sink_port}/hook", "min_severity": "high"}
    card = json.dumps({"name": "On call", "methods": [method]}).encode()
    with subject.wire() as wire:
        status, answer = wire.request(
            "POST", "/crisis/contacts/", card, "X-CrisisDesk-Operator: bench\r\n"
        )
    if status != 201:
        raise RuntimeError(f"the contact was refused: {answer[:300]!r}")


@contextlib.contextmanager
def alertmanager(*, sink_port: int = 0) -> Iterator[Subject]:
    """Debian's Alertmanager alone, notifying at once (``group_wait: 0s``) when given a sink."""
    url = f"http://127.0.0.1:{sink_port}/hook"
    hook = f"\n  webhook_configs: [{{url: '{url}'}}]" if sink_port else ""
    with scratch() as folder:
        config = folder / "alertmanager.yml"
        config.write_text(
            "route:\n  receiver: hook\n  group_by: ['alertname']\n  group_wait: 0s\n"
            "  group_interval: 5m\n  repeat_interval: 4h\n"
            "  routes:\n  - receiver: crisisdesk\n    matchers: ['severity=\"warning\"']\n"
            f"receivers:\n- name: crisisdesk\n- name: hook{hook}\n"
        )
        port, log = free_port(), folder / "out"
        argv = [
            ALERTMANAGER,
            f"--config.file={config}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            "--log.level=error",
        ]
        with child(argv, log) as process:
            wait_until(lambda: accepts(port), process, log)
            yield Subject(url=f"http://127.0.0.1:{port}", pid=process.pid)


@contextlib.contextmanager
def floor() -> Iterator[Subject]:
    """The least program that keeps alerts and shows them: see `floor_receiver`."""
    with scratch() as folder:
        port, log = free_port(), folder / "out"
        argv = [sys.executable, "-m", "tests.benchmarks.floor_receiver", str(port), str(folder)]
        env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        with child(argv, log, env) as process:
            wait_until(lambda: accepts(port), process, log)
            yield Subject(url=f"http://127.0.0.1:{port}", pid=process.pid, path="/a")
