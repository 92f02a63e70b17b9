"""``crisisdesk incident messages`` against a real engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_the_plans_messages_come_with_what_is_known(cli: Cli) -> None:
    words = ("--severity", "critical", "--type", "outage")
    incident_id = cli("incident", "open", "Checkout down", *words).out.strip()
    told = cli("incident", "messages", incident_id)
    assert told.lines[0] == "First public word (to customers)"
    assert "[Service] is not available since 20" in told.lines[1]
    assert "works again since [time] UTC" in told.out
    first, _over = objects(cli("incident", "messages", incident_id, "--json"))
    assert first["audience"] == "customers"


def test_one_without_a_plan_has_none_ready(cli: Cli) -> None:
    bare = cli("incident", "open", "Bare", "--severity", "minor", "--type", "").out.strip()
    assert cli("incident", "messages", bare).out.startswith("The response plan has no messages")
    assert "no incident 'INC-NONE'" in cli("incident", "messages", "INC-NONE").err
