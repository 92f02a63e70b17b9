"""``crisisdesk change`` against a real engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_changes_are_recorded_once_and_listed(cli: Cli) -> None:
    words = ("change", "add", "lst deployed", "--service", "lst", "--key", "build 7")
    made = cli(*words, "--url", "https://ci.example/7")
    assert made.code == 0, made.err
    assert cli(*words).out == made.out
    [one] = objects(cli("change", "list", "--service", "lst", "--json"))
    assert one["change_id"] == made.out.strip()
    assert one["links"] == [{"url": "https://ci.example/7", "text": ""}]
    assert "lst deployed" in cli("change", "list", "--service", "lst").out
    assert cli("change", "list", "--service", "nothing").out == "No change in the last 24 h.\n"
    assert cli("change", "add", "x", "--at", "yesterday").code == 2
    refused = cli("change", "add", "x", "--url", "file:///etc")
    assert refused.code == 1
    assert "links[0].url" in refused.err
