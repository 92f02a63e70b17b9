"""``crisisdesk playbook`` against a real engine."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.cli.conftest import Cli, objects


def test_a_plan_is_shown_changed_published_and_reset(cli: Cli, tmp_path: Path) -> None:
    listed = {one["name"]: one for one in objects(cli("playbook", "list", "--json"))}
    assert len(listed) >= 8
    file = tmp_path / "physical.yaml"
    file.write_text(cli("playbook", "show", "physical").out, encoding="utf-8")
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert "shipped" not in told
    told["actions"].insert(0, told["actions"][0] | {"id": "own", "title": "Ring the caretaker"})
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    checked = cli("playbook", "check", str(file))
    assert checked.lines[0].startswith("playbook physical can be published: ")
    version = cli("playbook", "publish", str(file)).out.strip()
    assert version.startswith("POL-")
    [line] = [row for row in cli("playbook", "list").lines if row.startswith("physical")]
    assert line.split()[-2:] == ["people", "here"]
    assert version in cli("playbook", "history", "physical").out
    said = cli("incident", "open", "Fire", "--severity", "minor", "--category", "physical")
    assert "Ring the caretaker" in cli("task", "list", said.out.strip()).out
    assert cli("playbook", "reset", "physical").out == "physical: 1 version withdrawn\n"
    [line] = [row for row in cli("playbook", "list").lines if row.startswith("physical")]
    assert line.split()[-2:] == ["the", "program"]


def test_what_cannot_be_is_said(cli: Cli, tmp_path: Path) -> None:
    assert cli("playbook", "show", "flood").code == 1
    assert cli("playbook", "history", "flood").code == 1
    assert cli("playbook", "reset", "flood").code == 1
    bad = tmp_path / "x.yaml"
    for text in ("title: [", "- a", "name: 4\n", "name: x\ntitle: y\nactions: []\n"):
        bad.write_text(text, encoding="utf-8")
        assert cli("playbook", "check", str(bad)).code == 2, text
    assert cli("playbook", "publish", str(tmp_path / "none.yaml")).code == 2
    assert "no incident has followed it" in cli("playbook", "history", "lost_comms").out
