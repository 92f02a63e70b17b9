"""``crisisdesk incident`` against a real engine."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cli.conftest import Cli, objects


def test_an_incident_is_led_from_the_shell(cli: Cli) -> None:
    alert_id = cli("alert", "raise", "db slow", "--severity", "critical").out.strip()
    opened = cli("incident", "open", "Orders lost", "--severity", "major", "--alert", alert_id)
    incident_id = opened.out.strip()
    assert (opened.code, incident_id[:4]) == (0, "INC-")
    words = ("--type", "decision", "--pinned", "--public", "--seen", "2026-03-01T12:30:00Z")
    posted = cli("incident", "update", incident_id, "Roll back", *words, by="Klára Langová")
    assert posted.code == 0
    assert cli("incident", "status", incident_id, "identified").out == f"{incident_id} identified\n"
    assert cli("incident", "status", incident_id, "resolved", "--summary", "Rolled back").code == 0
    [stored] = objects(cli("incident", "show", incident_id, "--json"))
    assert (stored["status"], stored["resolution_summary"]) == ("resolved", "Rolled back")
    assert (stored["commander"], stored["alerts"]) == ("Ann", [alert_id])
    [update] = stored["updates"]
    assert update["update_id"] == posted.out.strip()
    told = cli("incident", "show", incident_id)
    line = "2026-03-01 12:30:00Z  decision       Roll back  (Klára Langová, public pinned)"
    assert told.lines[-1] == line


def test_lists_show_open_ones_unless_asked_for_all(cli: Cli) -> None:
    still = cli("incident", "open", "Still open", "--severity", "minor").out.strip()
    ended = cli("incident", "open", "Ended", "--severity", "minor").out.strip()
    cli("incident", "status", ended, "closed")
    open_ones = [i["incident_id"] for i in objects(cli("incident", "list", "--json"))]
    assert still in open_ones
    assert ended not in open_ones
    every = {i["incident_id"] for i in objects(cli("incident", "list", "--all", "--json"))}
    assert {still, ended} <= every
    rows = [line.split() for line in cli("incident", "list").lines]
    assert rows[0][:3] == ["ID", "SEVERITY", "STATUS"]
    assert [row[1:5] for row in rows if row[0] == still] == [["minor", "open", "Still", "open"]]


def test_going_back_and_unknown_ids_are_refused(cli: Cli) -> None:
    incident_id = cli("incident", "open", "x", "--severity", "minor").out.strip()
    cli("incident", "status", incident_id, "identified")
    back = cli("incident", "status", incident_id, "open")
    assert back.code == 1
    assert "refused: " in back.err
    assert cli("incident", "status", incident_id, "gone").code == 2
    assert cli("incident", "update", "INC-NOPE", "t").code == 1
    said = cli("incident", "show", "INC-NOPE")
    assert (said.code, said.out) == (1, "")
    assert cli("incident", "update", incident_id, "t", "--seen", "yesterday").code == 1


def test_it_is_shown_as_it_stood(cli: Cli) -> None:
    incident_id = cli("incident", "open", "Slow", "--severity", "minor").out.strip()
    cli("incident", "update", incident_id, "first words")
    [before] = objects(cli("incident", "show", incident_id, "--json"))
    then = datetime.fromtimestamp(before["updates"][0]["logged_at"] / 1000, UTC).isoformat()
    cli("incident", "update", incident_id, "second words")
    cli("incident", "status", incident_id, "identified")
    [stood] = objects(cli("incident", "show", incident_id, "--at", then, "--json"))
    assert stood == before
    [now] = objects(cli("incident", "show", incident_id, "--json"))
    assert (now["status"], len(now["updates"])) == ("identified", 2)


def test_before_it_was_declared_it_says_when_that_was(cli: Cli) -> None:
    incident_id = cli("incident", "open", "Slow", "--severity", "minor").out.strip()
    asked = cli("incident", "show", incident_id, "--at", "2001-01-01T00:00:00Z")
    assert asked.code == 1
    assert f"{incident_id} was declared at " in asked.err
