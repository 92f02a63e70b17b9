"""``crisisdesk decision`` against a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects


def test_a_decision_is_led_from_the_shell(cli: Cli, tmp_path: Path) -> None:
    incident = cli("incident", "open", "x", "--severity", "major").out.strip()
    assert cli("decision", "list", incident).out == "No decision.\n"
    words = ("--option", "wait", "--risk", "4 s of orders", "--decider", "Bo", "--check", "15m")
    one = cli("decision", "log", incident, "Fail over", *words).out.strip()
    [row] = [line for line in cli("decision", "list", incident).lines if line.startswith(one)]
    assert "Fail over" in row
    assert "Bo" in row
    assert cli("decision", "object", one, "too early", "--by", "Cy").out == (
        f"{one} standing, 1 unanswered\n"
    )
    shown = cli("decision", "show", one)
    assert shown.lines[0] == f"{one}  STANDING  Fail over"
    [told] = objects(cli("decision", "list", incident, "--json"))
    objection = told["objections"][0]["id"]
    assert f"{objection} is not answered" in shown.out
    assert cli("decision", "answer", one, objection, "no").out == f"{one} standing\n"
    assert cli("decision", "revise", one, "--risk", "none").code == 0
    assert cli("decision", "check", one, "--result", "it holds", "--next", "1h").code == 0
    assert "it holds" in cli("decision", "show", one).out
    assert cli("decision", "revert", one, "worse").out == f"{one} reverted\n"
    report = tmp_path / "report.md"
    cli("incident", "export", incident, str(report))
    assert "reverted: Fail over" in report.read_text(encoding="utf-8")


def test_what_cannot_be_is_said(cli: Cli) -> None:
    incident = cli("incident", "open", "x", "--severity", "minor").out.strip()
    assert cli("decision", "log", incident, "x", "--check", "0m").code == 2
    assert cli("decision", "list", "INC-NONE").code == 1
    assert cli("decision", "show", "DEC-NONE").code == 1
    one = cli("decision", "log", incident, "x").out.strip()
    assert cli("decision", "revise", one).code == 2
    assert cli("decision", "answer", one, "none", "x").code == 1
