"""``crisisdesk alert context`` against a real engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_what_surrounds_an_alert_is_told(cli: Cli) -> None:
    cli("change", "add", "cli-ctx deployed at v3", "--service", "cli-ctx")
    raised = cli("alert", "raise", "CLI is down", "--severity", "high", "--service", "cli-ctx")
    alert_id = raised.out.strip()
    told = cli("alert", "context", alert_id)
    assert told.code == 0, told.err
    assert "owner     unknown, cli-ctx is in no catalogue" in told.lines
    assert any("before: cli-ctx deployed at v3" in line for line in told.lines)
    assert "no series is known for this service" in told.out
    [one] = objects(cli("alert", "context", alert_id, "--json"))
    assert one["services"] == ["cli-ctx"]
    assert cli("alert", "context", "A-NONE").code == 1
    assert cli("alert", "context", alert_id, "--hours", "0").code == 2
