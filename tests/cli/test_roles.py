"""``crisisdesk role`` against a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import NOWHERE, Cli, objects


def test_command_is_handed_over_at_the_shell(cli: Cli, tmp_path: Path) -> None:
    opened = cli("incident", "open", "Records read", "--severity", "critical", "--category",
                 "security", by="Ana")  # fmt: skip
    incident = opened.out.strip()
    cli("contact", "add", "Bo", "--method", NOWHERE, by="Ana")
    seats = {one["role"]: one for one in objects(cli("role", "list", incident, "--json"))}
    assert [h["who"] for h in seats["commander"]["holders"]] == ["Ana"]
    assert (seats["scribe"]["holders"], seats["scribe"]["planned"]) == ([], True)
    assert "Records read" in cli("role", "brief", incident, "commander").out
    offered = cli("role", "hand-over", incident, "commander", "--to", "Bo", by="Ana")
    assert offered.out.startswith("Incident commander is offered to Bo until ")
    assert "offered to Bo" in cli("role", "list", incident).out
    assert cli("role", "brief", incident, "commander").out.startswith("Offered by Ana to Bo")
    said = ("--read-back", "Somebody reads records; I cut them off")
    assert cli("role", "accept", incident, "commander", *said, by="Cy").code == 1
    done = cli("role", "accept", incident, "commander", *said, by="Bo")
    assert done.lines[0] == "Incident commander: Bo"
    report = tmp_path / "report.md"
    cli("incident", "export", incident, str(report))
    assert "Read back: Somebody reads records" in report.read_text(encoding="utf-8")


def test_roles_are_taken_and_given_up(cli: Cli) -> None:
    incident = cli("incident", "open", "x", "--severity", "minor", by="Ana").out.strip()
    taken = cli("role", "assume", incident, "scribe", by="Ana")
    assert taken.lines[0] == "Scribe: Ana"
    assert "! Ana is incident commander and scribe at once: hand scribe over" in taken.out
    assert "! Ana is" in cli("role", "list", incident).out
    assert cli("role", "assume", incident, "scribe", "Bo").code == 1
    assert cli("role", "assume", incident, "scribe", "Bo", "--reason", "x").code == 0
    assert cli("role", "renounce", incident, "scribe", "Bo").lines == ["Scribe: nobody"]


def test_an_offer_is_declined_and_taken_back(cli: Cli) -> None:
    incident = cli("incident", "open", "x", "--severity", "minor", by="Ana").out.strip()
    cli("contact", "add", "Bo", "--method", NOWHERE, by="Ana")
    offer = ("role", "hand-over", incident, "commander", "--to", "Bo")
    assert cli(*offer, "--within", "1h", "--known", "It is slow", by="Ana").code == 0
    assert cli("role", "decline", incident, "commander", "on a train", by="Bo").code == 0
    assert cli(*offer, by="Ana").code == 0
    assert cli("role", "withdraw", incident, "commander", by="Ana").code == 0
    assert cli(*offer, "--within", "0m", by="Ana").code == 2
    assert cli("role", "list", "INC-NONE").code == 1
