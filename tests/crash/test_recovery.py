"""A run under kill -9: at every step's boundary and in the middle of every command.

What ran is told by a file that the steps themselves write to. After each kill the engine starts
anew, and a person says what became of the step whose end nobody knows.
"""

from __future__ import annotations

import hashlib
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from crisisdesk.api.client import Client
from crisisdesk.cli.station import read_door

from tests.cli.conftest import Station, start_station
from tests.reliability.tiers import scaled

pytestmark = pytest.mark.timeout(900)

STEPS = scaled(2, 12)
WITHIN_S = 120.0
SCRIPT = """#!/bin/sh
echo "$1" >> {folder}/ran
while [ -e "{folder}/hold-$1" ]; do /bin/sleep 0.05; done
echo "step $1 is over"
"""


class Scene:
    """One station whose engine is killed again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        tool = folder / "tool"
        tool.write_text(SCRIPT.format(folder=folder))
        tool.chmod(0o755)
        digest = hashlib.sha256(tool.read_bytes()).hexdigest()
        (folder / "settings.toml").write_text(f'[recovery.commands]\n"{tool}" = "{digest}"\n')
        self.tool, self.run_id = str(tool), ""
        self.station: Station | None = None

    def start(self) -> None:
        door = self.folder / "engine.door"
        door.unlink(missing_ok=True)
        self.station = start_station(self.folder, sealed="false")

    def kill(self) -> None:
        assert self.station is not None
        self.station.stop(signal.SIGKILL)

    @contextmanager
    def client(self) -> Iterator[Client]:
        assert self.station is not None
        url, token = read_door(self.station.places)
        with Client(url, token, "Ann") as client:
            yield client

    def ran(self) -> list[str]:
        told = self.folder / "ran"
        return told.read_text().split() if told.exists() else []

    def run(self) -> dict[str, Any]:
        with self.client() as client:
            return client.get_run(self.run_id)

    def step(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(s for s in self.run()["steps"] if s["step_id"] == name)
        return found

    def is_at(self, name: str, state: str) -> bool:
        return bool(self.step(name)["state"] == state)

    def is_begun(self, name: str) -> bool:
        return self.ran()[-1:] == [name]

    def do(self, name: str, do: str, **more: Any) -> None:
        with self.client() as client:
            client.do_step(self.run_id, name, do, **more)

    def until(self, fits: Callable[[], bool]) -> None:
        pause, end = threading.Event(), monotonic() + WITHIN_S
        while not fits():
            assert monotonic() < end, self.run()
            pause.wait(0.05)


def begun(folder: Path) -> Scene:
    """A run of steps that each wait to be started."""
    scene = Scene(folder)
    scene.start()
    steps = [
        {
            "id": f"s{n}",
            "kind": "command",
            "title": f"Step {n}",
            "command": scene.tool,
            "args": [f"s{n}"],
            "timeout": "1h",
        }
        for n in range(STEPS)
    ]
    content = {"steps": steps, "requires_approval": False}
    with scene.client() as client:
        client.publish_procedure("Twelve", content)
        scene.run_id = client.start_run("Twelve", {})["run_id"]
    return scene


def test_killed_at_every_boundary_it_goes_on_at_the_exact_step(tmp_path: Path) -> None:
    scene = begun(tmp_path)
    names = [f"s{n}" for n in range(STEPS)]
    for n, name in enumerate(names):
        scene.kill()
        scene.start()
        states = [step["state"] for step in scene.run()["steps"]]
        assert states == ["done"] * n + ["open"] + ["later"] * (STEPS - n - 1)
        scene.do(name, "start")
        scene.until(partial(scene.is_at, name, "done"))
    scene.kill()
    scene.start()
    run = scene.run()
    assert (run["verdict"], run["executed_twice"]) == ("succeeded", [])
    assert scene.ran() == names
    scene.kill()


def test_killed_during_every_command_none_is_executed_again_by_itself(tmp_path: Path) -> None:
    scene = begun(tmp_path)
    names = [f"s{n}" for n in range(STEPS)]
    for n, name in enumerate(names):
        hold = tmp_path / f"hold-{name}"
        hold.touch()
        scene.do(name, "start")
        scene.until(partial(scene.is_begun, name))
        scene.kill()
        scene.start()
        scene.until(partial(scene.is_at, name, "unknown"))
        # What was begun goes on in a session of its own, and comes to its end.
        hold.unlink()
        attempt = scene.step(name)["attempts"][-1]
        assert "the engine ended while it ran" in attempt["words"]
        outcome = "again" if n == STEPS - 1 else "done"
        scene.do(name, "settle", attempt=attempt["attempt"], outcome=outcome, note="looked")
        scene.until(partial(scene.is_at, name, "done"))
    run = scene.run()
    assert run["verdict"] == "succeeded"
    # The last was done again because a person said so.
    assert scene.ran() == [*names, names[-1]]
    assert len(scene.step(names[-1])["attempts"]) == 2
    assert all(len(step["attempts"]) == 1 for step in run["steps"][:-1])
    scene.kill()
