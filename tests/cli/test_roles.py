"""``crisisdesk role`` against a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects


def test_command_is_handed_over_at_the_shell(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    opened = cli("incident", "open", "Records read", "--severity", "critical", "--category",
                 "security", by="Ann")  # fmt: skip
    incident = opened.out.strip()
    seats = {one["role"]: one for one in objects(cli("role", "list", incident, "--json"))}
    assert [h["who"] for h in seats["commander"]["holders"]] == ["Ann"]
    assert (seats["scribe"]["holders"], seats["scribe"]["planned"]) == ([], True)
    assert "Records read" in cli("role", "brief", incident, "commander").out
    offered = cli("role", "hand-over", incident, "commander", "--to", "Bob", by="Ann")
    assert offered.out.startswith("Incident commander is offered to Bob until ")
    assert "offered to Bob" in cli("role", "list", incident).out
    assert cli("role", "brief", incident, "commander").out.startswith("Offered by Ann to Bob")
    said = ("--read-back", "Somebody reads records; I cut them off")
    assert cli("role", "accept", incident, "commander", *said, by="Cy").code == 1
    done = cli("role", "accept", incident, "commander", *said, by="Bob")
    assert done.lines[0] == "Incident commander: Bob"
    report = tmp_path / "report.md"
    cli("incident", "export", incident, str(report))
    assert "Read back: Somebody reads records" in report.read_text(encoding="utf-8")


def test_roles_are_taken_and_given_up(cli: Cli) -> None:
    incident = cli("incident", "open", "x", "--severity", "minor", by="Ann").out.strip()
    taken = cli("role", "assume", incident, "scribe", by="Ann")
    assert taken.lines[0] == "Scribe: Ann"
    assert "! Ann is incident commander and scribe at once: hand scribe over" in taken.out
    assert "! Ann is" in cli("role", "list", incident).out
    assert cli("role", "assume", incident, "scribe", "Bob").code == 1
    assert cli("role", "assume", incident, "scribe", "Bob", "--reason", "x").code == 0
    assert cli("role", "renounce", incident, "scribe", "Bob").lines == ["Scribe: nobody"]


def test_an_offer_is_declined_and_taken_back(cli: Cli, people: tuple[str, str]) -> None:
    incident = cli("incident", "open", "x", "--severity", "minor", by="Ann").out.strip()
    offer = ("role", "hand-over", incident, "commander", "--to", "Bob")
    assert cli(*offer, "--within", "1h", "--known", "It is slow", by="Ann").code == 0
    assert cli("role", "decline", incident, "commander", "on a train", by="Bob").code == 0
    assert cli(*offer, by="Ann").code == 0
    assert cli("role", "withdraw", incident, "commander", by="Ann").code == 0
    assert cli(*offer, "--within", "0m", by="Ann").code == 2
    assert cli("role", "list", "INC-NONE").code == 1
