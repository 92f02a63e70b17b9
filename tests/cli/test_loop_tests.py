"""``crisisdesk channel loop`` on a running engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_a_loop_test_is_set_listed_and_taken_off(cli: Cli) -> None:
    who = cli("contact", "add", "Looper", "--method", "mailto://u:p@mail.example.org").out.strip()
    assert cli("channel", "loop", "list").out == "No channel is tried by loop tests.\n"
    said = cli("channel", "loop", "set", "Looper", "--operator", "Ann")
    assert said.code == 0, said.err
    assert said.out.startswith("email is tried each 15:00: at most 96 messages a day to ")
    (line,) = objects(cli("channel", "loop", "list", "--json"))
    assert (line["channel"], line["contact_name"]) == ("email", "Looper")
    assert "email" in cli("channel", "loop", "list").lines[1]
    assert cli("channel", "loop", "off", "Looper", "--operator", "Ann").code == 0
    assert objects(cli("channel", "loop", "list", "--json")) == []
    refused = cli("channel", "loop", "off", "Looper", "--operator", "Ann")
    assert (refused.code, "none" in refused.err) == (2, True)
    assert cli("channel", "loop", "set", "Nobody", "--operator", "Ann").code == 2
    cli("contact", "remove", who)
