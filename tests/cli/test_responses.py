"""``crisisdesk responses`` tells who took alerts, and how soon."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_people_and_teams(cli: Cli) -> None:
    assert "Nobody took an alert" in cli("responses", "--severity", "emergency").out
    alert_id = cli("alert", "raise", "burning", "--severity", "emergency").out.strip()
    cli("alert", "ack", alert_id)
    [ann] = objects(cli("responses", "--severity", "emergency", "--json"))
    assert (ann["who"], ann["taken"], ann["late"]) == ("Ann", 1, 0)
    assert 0 <= ann["median_ms"] == ann["p90_ms"] == ann["longest_ms"]
    said = cli("responses", "--severity", "emergency").lines
    assert said[0].split("  ")[0] == "WHO"
    assert "100%" in said[1]
    assert "(no team)" in cli("responses", "--by", "team", "--severity", "emergency").out


def test_what_cannot_be_is_refused(cli: Cli) -> None:
    assert cli("responses", "--days", "0").code == 2
    assert cli("responses", "--by", "moon").code == 2
