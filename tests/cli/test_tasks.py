"""``crisisdesk task`` against a real engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_a_breach_is_worked_off_from_the_shell(cli: Cli) -> None:
    said = cli(
        "incident", "open", "Records read", "--severity", "critical", "--category", "security"
    )
    incident = said.out.strip()
    tasks = {t["title"]: t for t in objects(cli("task", "list", incident, "--json"))}
    assert {"Isolate systems", "Notify legal team", "Engage PR team"} <= set(tasks)
    task = tasks["Isolate systems"]["task_id"]
    assert cli("task", "assign", task, "Bo").out == f"{task} open, Bo has it\n"
    assert cli("task", "start", task, by="Bo").out == f"{task} started, Bo has it\n"
    assert cli("task", "done", task, "--result", "off the network").code == 0
    shown = cli("task", "show", task)
    assert shown.lines[0] == f"{task}  DONE  Isolate systems"
    assert "off the network" in shown.out
    assert cli("task", "reopen", task, "it is back").code == 0
    assert cli("task", "drop", task, "a decoy").out.startswith(f"{task} dropped")
    assert task not in cli("task", "list", incident).out
    assert task in cli("task", "list", incident, "--all").out


def test_a_task_is_written_and_changed(cli: Cli) -> None:
    opened = cli("incident", "open", "x", "--severity", "minor", "--type", "")
    incident = opened.out.strip()
    assert cli("task", "list", incident).out == "No open task.\n"
    words = ("--due", "30m", "--box", "10m", "--phase", "containment", "--owner", "Cy")
    task = cli("task", "add", incident, "Ring the landlord", *words).out.strip()
    [line] = [row for row in cli("task", "list", "--owner", "Cy").lines if row.startswith(task)]
    assert "Ring the landlord" in line
    assert cli("task", "change", task, "--title", "Ring him again", "--due", "1h").code == 0
    assert "Ring him again" in cli("task", "show", task).out


def test_what_cannot_be_is_said(cli: Cli) -> None:
    incident = cli("incident", "open", "x", "--severity", "minor").out.strip()
    assert cli("task", "add", incident, "x", "--due", "0m").code == 2
    assert cli("task", "add", incident, "x", "--phase", "panic").code == 1
    assert cli("task", "list", "INC-NONE").code == 1
    assert cli("task", "start", "TSK-NONE").code == 1
    task = cli("task", "add", incident, "x").out.strip()
    assert cli("task", "change", task).code == 2
