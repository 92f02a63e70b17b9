"""``crisisdesk procedure`` against a real engine."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from crisisdesk.cli.app import run

from tests.cli.conftest import Cli, objects

DRAFT = """
name: Fail over
incident_type: data
estimated_time: 15m
parameters:
  target: {type: host}
steps:
  - {id: freeze, title: Freeze writes}
  - id: lag
    kind: decision
    title: Is {target} less than a minute behind?
    answers: ["yes", "no"]
  - {id: open, title: Open writes, when: {lag: "yes"}}
success_criteria: [Orders can be placed]
"""


def draft(folder: Path, text: str = DRAFT) -> str:
    path = folder / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_procedure_from_file_to_list_and_back(cli: Cli, tmp_path: Path) -> None:
    checked = cli("procedure", "check", draft(tmp_path))
    assert (checked.code, checked.out) == (0, "procedure Fail over can be published\n")
    published = cli("procedure", "publish", draft(tmp_path))
    assert published.out.startswith("POL-"), published.err
    (one,) = objects(cli("procedure", "list", "--json"))
    assert one["name"] == "Fail over"
    assert "Fail over" in cli("procedure", "list").lines[1]
    shown = cli("procedure", "show", "Fail over").out
    again = cli("procedure", "publish", draft(tmp_path, shown))
    assert again.out == published.out
    assert len(cli("procedure", "history", "Fail over").lines) == 2
    told = cli("procedure", "dry-run", "Fail over", "--set", "target=db2")
    assert told.code == 0, told.err
    assert told.lines[:2] == [
        f"Fail over, version {one['version_id']}. Nothing is done.",
        "  target=db2",
    ]
    assert told.lines[-1] == "This station could do every automatic step."
    (whole,) = objects(cli("procedure", "dry-run", "Fail over", "--set", "target=db2", "--json"))
    assert [step["step_id"] for step in whole["steps"]] == ["freeze", "lag", "open", "met-1"]
    assert cli("procedure", "dry-run", "Fail over", "--set", "target=-x").code == 1
    assert cli("procedure", "dry-run", "Fail over", "--set", "target").code == 2
    assert cli("procedure", "withdraw", "Fail over").code == 0
    assert cli("procedure", "list").out == "No procedure is published.\n"
    assert cli("procedure", "show", "Fail over").code == 2


def test_a_draft_that_cannot_be_is_told_by_its_field(cli: Cli, tmp_path: Path) -> None:
    for text, words in (
        (DRAFT.replace('["yes", "no"]', "[yes, no]"), "put them in quotes"),
        (DRAFT.replace("{target}", "{other}"), "is no parameter"),
        ("[]", "must hold a procedure"),
        ("a: [", "is no YAML"),
        ("steps: []", "name must be a text"),
    ):
        told = cli("procedure", "check", draft(tmp_path, text))
        assert told.code == 2
        assert words in told.err
    missing = DRAFT + "rollback: always\n"
    told = cli("procedure", "check", draft(tmp_path, missing))
    assert (told.code, told.lines[0][:15]) == (1, "error: rollback")
    assert cli("procedure", "publish", draft(tmp_path, missing)).code == 1
    assert cli("procedure", "check", str(tmp_path / "gone")).code == 2


def test_the_line_that_allows_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "promote"
    path.write_bytes(b"#!/bin/sh\n")
    assert run(["procedure", "allow", str(path)]) == 0
    digest = hashlib.sha256(b"#!/bin/sh\n").hexdigest()
    assert capsys.readouterr().out == f'[recovery.commands]\n"{path}" = "{digest}"\n'
