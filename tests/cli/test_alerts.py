"""``crisisdesk alert`` against a real engine: what it prints is what is stored."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli, objects


def raised(cli: Cli, title: str = "Disk 91 % full", *more: str) -> str:
    said = cli("alert", "raise", title, "--severity", "high", *more)
    assert (said.code, said.err) == (0, "")
    return said.out.strip()


def test_a_raised_alert_is_there_with_all_that_was_said(cli: Cli) -> None:
    options = "--service disk-1 --place brn1 --key d1 --source cron --type data".split()
    words = ["--description", "See graph", "--label", "a=b", "--label", "c=d=e"]
    alert_id = raised(cli, "Disk 91 % full, limit 85 %", *options, *words)
    [stored] = objects(cli("alert", "show", alert_id, "--json"))
    expected = {
        "title": "Disk 91 % full, limit 85 %",
        "severity": "high",
        "service": "disk-1",
        "place": "brn1",
        "key": "d1",
        "source": "cron",
        "alert_type": "data",
        "description": "See graph",
        "labels": {"a": "b", "c": "d=e"},
        "status": "active",
        "detection_method": "manual",
    }
    assert {name: stored[name] for name in expected} == expected
    assert raised(cli, "Disk 93 % full", "--key", "d1", "--source", "cron") == alert_id
    [again] = objects(cli("alert", "show", alert_id, "--json"))
    assert again["count"] == 2


def test_an_alert_is_taken_noted_and_ended(cli: Cli) -> None:
    first, second = raised(cli, "one"), raised(cli, "two")
    assert cli("alert", "ack", first, second, "--note", "mine").lines == [
        f"{first} acknowledged",
        f"{second} acknowledged",
    ]
    assert cli("alert", "ack", first).lines == [f"{first} was yours already"]
    assert cli("alert", "note", first, "disk ordered").code == 0
    assert cli("alert", "resolve", first, "--reason", "new disk", by="Bob").lines == [
        f"{first} resolved"
    ]
    said = cli("alert", "show", first)
    assert "one" in said.lines[0]
    assert "resolved" in said.out
    assert "new disk" in said.out
    kinds = [line.split()[3] for line in said.lines if line.startswith("event")]
    assert kinds == [
        "alert.fired",
        "alert.acknowledged",
        "alert.ack_renewed",
        "alert.noted",
        "alert.resolved",
    ]
    actors = [line.split()[4] for line in said.lines if line.startswith("event")]
    assert actors == ["Ann", "Ann", "Ann", "Ann", "Bob"]


def test_an_escalated_alert_has_its_incident(cli: Cli) -> None:
    alert_id = raised(cli, "db down")
    said = cli("alert", "escalate", alert_id, "--commander", "Klára", "--severity", "critical")
    [alert] = objects(cli("alert", "show", alert_id, "--json"))
    assert alert["incident_id"] == said.out.strip()
    [incident] = objects(cli("incident", "show", said.out.strip(), "--json"))
    assert (incident["commander"], incident["severity"]) == ("Klára", "critical")


def test_lists_are_filtered_and_say_when_there_is_more(cli: Cli) -> None:
    ids = [raised(cli, f"find-me {n}", "--service", f"s{n}") for n in range(3)]
    found = objects(cli("alert", "list", "--find", "FIND-me", "--json"))
    assert [a["alert_id"] for a in found] == list(reversed(ids))
    [one] = objects(cli("alert", "list", "--service", "s1", "--json"))
    assert one["alert_id"] == ids[1]
    short = cli("alert", "list", "--find", "find-me", "--limit", "2")
    assert len(short.lines) == 4
    assert short.lines[0].split()[:3] == ["ID", "SEVERITY", "STATUS"]
    assert short.lines[-1].startswith("More than 2;")
    cli("alert", "resolve", ids[0])
    assert len(objects(cli("alert", "list", "--find", "find-me", "--json"))) == 2
    assert len(objects(cli("alert", "list", "--find", "find-me", "--all", "--json"))) == 3
    assert cli("alert", "list", "--find", "nothing-like-it").out == "No such alert.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ack", "A-NOPE"), 1, "refused: alert_id: no alert 'A-NOPE'"),
        (("show", "A-NOPE"), 1, "no alert 'A-NOPE' on this station"),
        (("raise", "x"), 2, "--severity"),
        (("raise", "x", "--severity", "hgih"), 2, "'hgih' is not one of"),
        (("raise", "x", "--severity", "low", "--label", "ab"), 2, "--label 'ab' is no NAME=VALUE"),
        (("raise", " ", "--severity", "low"), 1, "refused: title"),
        (("raise", "x", "--severity", "low", "--url", "ftp://x"), 1, "refused: url"),
        (("list", "--sort", "colour"), 2, "sort: 'colour' is no sort; use one of detected_at"),
        (("list", "--limit", "0"), 2, "--limit"),
        (("fly",), 2, "fly"),
    ],
)
def test_what_is_wrong_is_said_on_stderr(
    cli: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    told = cli("alert", *words)
    assert (told.code, told.out) == (code, "")
    assert said in told.err


def test_no_alert_can_write_to_the_terminal(cli: Cli) -> None:
    alert_id = raised(cli, "red \x1b[31m alarm\x07 end")
    for said in (cli("alert", "show", alert_id), cli("alert", "list", "--find", "alarm")):
        assert said.code == 0
        assert "alarm" in said.out
        assert "\x1b" not in said.out
        assert "\x07" not in said.out
