"""A real engine for the command line, and the command line itself as a function."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from crisisdesk.cli.app import run
from crisisdesk.settings.places import Places

READY_WITHIN_S = 30.0
# Commands of a station; what they name is no option of the words before them.
NOWHERE = "webhook://127.0.0.1:9/hooks/x"
Cli = Callable[..., "Said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A running station."""

    places: Places
    process: subprocess.Popen[bytes]

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End its engine."""
        self.process.send_signal(number)
        self.process.wait(READY_WITHIN_S)


def start_station(folder: Path, port: str = "0", sealed: str = "true") -> Station:
    """Start an engine, usually one that sends nothing on any free port; returns when its door is
    open."""
    places = Places(folder)
    with (folder / "engine.out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "crisisdesk", "engine", "--data-dir", str(folder)],
            env=os.environ | {"CRISISDESK_PORT": port, "CRISISDESK_SEALED": sealed},
            stdout=out,
            stderr=out,
        )
    until, pause = monotonic() + READY_WITHIN_S, threading.Event()
    while not places.engine_door.exists():
        if process.poll() is not None or monotonic() > until:
            process.kill()
            process.wait()
            pytest.fail(f"the engine did not start:\n{(folder / 'engine.out').read_text()}")
        pause.wait(0.05)
    return Station(places=places, process=process)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    running = start_station(tmp_path_factory.mktemp("station"))
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Cli:
    def call(*words: str, folder: Path) -> Said:
        capsys.readouterr()
        code = run([*words, "--data-dir", str(folder)])
        told = capsys.readouterr()
        return Said(code=code, out=told.out, err=told.err)

    return call


@pytest.fixture
def cli(station: Station, call: Cli) -> Cli:
    """Run a command on the running station; commands that act are Ann's."""

    def cli(*words: str, by: str = "Ann") -> Said:
        # Most of what is called check only looks; of a decision it is written down.
        acting = len(words) > 1 and (words[1] in _ACTING or words[:2] == ("decision", "check"))
        who = ("--operator", by) if acting and by else ()
        return call(*words, *who, folder=station.places.data_dir)

    return cli


_ACTING = frozenset(
    "raise ack resolve note escalate open update status add remove test lift set import "
    "publish withdraw method override claim still hand-off accept decline end reopen rank merge "
    "unmerge split restrict unrestrict assign start done drop change reset assume renounce brief "
    "hand-over log revise object answer revert".split()
)


def objects(said: Said) -> list[dict[str, Any]]:
    """The JSON objects that a command printed, one a line."""
    return [json.loads(line) for line in said.lines]


@pytest.fixture
def people(cli: Cli) -> Iterator[tuple[str, str]]:
    """Ann and Bob; afterwards the station is as empty as before."""
    ann, bob = (
        cli("contact", "add", name, "--method", NOWHERE).out.strip() for name in ("Ann", "Bob")
    )
    yield ann, bob
    for one in objects(cli("policy", "list", "--json")):
        cli("policy", "withdraw", one["version_id"])
    for contact_id in (ann, bob):
        cli("contact", "remove", contact_id)
