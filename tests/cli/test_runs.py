"""``crisisdesk run`` against a real engine with a program of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Cli, Said, Station, start_station

PROCEDURE = """
name: Fail over
is_automated: false
rollback: never
parameters: {{target: {{type: host}}}}
steps:
  - {{id: freeze, title: Freeze writes}}
  - id: promote
    kind: command
    title: Promote {{target}}
    command: {path}
    args: ["{{target}}"]
    rollback: {{title: Demote by hand}}
success_criteria: [Orders can be placed]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, str]]:
    folder = tmp_path_factory.mktemp("running")
    path = folder / "promote"
    path.write_text('#!/bin/sh\necho "promoting $1"\n')
    path.chmod(0o755)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "settings.toml").write_text(f'[recovery.commands]\n"{path}" = "{digest}"\n')
    running = start_station(folder, sealed="false")
    yield running, str(path)
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def do(place: tuple[Station, str], call: Cli) -> Any:
    station, path = place
    folder = station.places.data_dir

    def do(*words: str, by: str = "Ann") -> Said:
        quiet = words[1] in ("list", "show", "output", "dry-run", "check")
        return call(*words, *(() if quiet else ("--operator", by)), folder=folder)

    draft = folder / "draft.yaml"
    draft.write_text(PROCEDURE.format(path=path))
    assert do("procedure", "publish", str(draft)).code == 0
    return do


def step(do: Any, run: str, name: str) -> dict[str, Any]:
    told = json.loads(do("run", "show", run, "--json").out)
    found: dict[str, Any] = next(s for s in told["steps"] if s["step_id"] == name)
    return found


def until(do: Any, run: str, name: str, state: str) -> dict[str, Any]:
    """Asked again until it is so; each question is an answer of the engine's."""
    for _ in range(2_000):
        found = step(do, run, name)
        if found["state"] == state:
            return found
    pytest.fail(f"{name} is {found['state']}: {found['words']}")


def test_a_run_from_its_start_to_its_verdict(do: Any) -> None:
    assert do("run", "list").out == "No run is under way.\n"
    run = do("run", "start", "Fail over", "--set", "target=db2").out.strip()
    assert run.startswith("RUN-")
    assert run in do("run", "list").out
    assert do("run", "start", "Fail over", "--set", "target=db2").code == 1
    assert do("run", "done", run, "freeze", "--note", "all of them").out == "freeze done\n"
    shown = do("run", "show", run)
    binding = next(line.split()[-1] for line in shown.lines if line.startswith("Hash"))
    assert do("run", "approve", run, "approve", "--hash", "00000000", by="Ben").code == 2
    assert do("run", "approve", run, "approve", "--hash", binding[:4], by="Ben").code == 2
    own = do("run", "approve", run, "approve", "--hash", binding[:8])
    assert (own.code, "started this run" in own.err) == (1, True)
    told = do("run", "approve", run, "approve", "--hash", binding[:8], by="Ben")
    assert told.out == "approve done\n"
    assert do("run", "go", run, "promote").code == 0
    until(do, run, "promote", "done")
    assert do("run", "output", run, "promote").out == "promoting db2\n"
    assert "Going back from here: Demote by hand" in do("run", "show", run).out
    assert do("run", "done", run, "met-1").out == f"met-1 done\n{run} succeeded\n"
    assert "succeeded" in do("run", "list", "--past").out


def test_a_run_that_goes_back_and_one_that_is_broken_off(do: Any) -> None:
    run = do("run", "start", "Fail over", "--set", "target=db2").out.strip()
    do("run", "done", run, "freeze")
    assert do("run", "undone", run, "freeze").out == "freeze open\n"
    do("run", "done", run, "freeze")
    assert do("run", "refuse", run, "approve", "--why", "lag", by="Ben").code == 0
    assert do("run", "ask", run, "approve").out == "approve waiting\n"
    assert do("run", "break-glass", run, "approve", "--why", "alone").out == "approve done\n"
    assert do("run", "done", run, "promote").out == "promote done\n"
    assert do("run", "not-met", run, "met-1", "--why", "no orders").out == "met-1 failed\n"
    assert do("run", "back", run, "--why", "no orders").code == 0
    assert do("run", "done", run, "promote~back").out.endswith(f"{run} rolled_back\n")
    other = do("run", "start", "Fail over", "--set", "target=db3").out.strip()
    assert do("run", "take", other).code == 0
    assert do("run", "end", other, "aborted").code == 1
    assert do("run", "end", other, "aborted", "--why", "x").out == f"{other} aborted\n"


def test_wrong_words_are_told(do: Any) -> None:
    run = do("run", "start", "Fail over", "--set", "target=db2").out.strip()
    assert do("run", "done", run, "nowhere").code == 1
    assert do("run", "settle", run, "promote", "perhaps").code == 2
    assert do("run", "settle", run, "promote", "done").code == 2
    assert do("run", "output", run, "promote").code == 2
    assert do("run", "answer", run, "freeze", "yes").code == 1
    assert do("run", "show", "RUN-NONE").code == 1
    do("run", "end", run, "aborted", "--why", "test")
