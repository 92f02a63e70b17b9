"""``crisisdesk contact audit``, with and without an engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_the_audit_names_everybody(cli: Cli) -> None:
    assert cli("contact", "audit").out == "Nobody is there to be reached.\n"
    who = cli("contact", "add", "Ann", "--method", "mailto://u:p@mail.example.org").out.strip()
    said = cli("contact", "audit")
    assert said.lines[0] == "1 of 1 person is not proven reachable."
    assert said.lines[2].startswith("Ann   NO")
    (one,) = objects(cli("contact", "audit", "--json"))
    assert "no time zone" in one["findings"]
    cli("contact", "remove", who)
