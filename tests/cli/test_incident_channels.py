"""``crisisdesk incident channel``: set, listed and taken away, against a real engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects

BY = ("--operator", "Ann")


def test_a_channel_is_set_listed_changed_and_taken_away(cli: Cli) -> None:
    incident = cli("incident", "open", "Talk", "--severity", "major").out.strip()
    for one in objects(cli("incident", "channel", "list", incident, "--json", *BY)):
        assert one["plan"]
        cli("incident", "channel", "remove", incident, one["name"], *BY)
    assert cli("incident", "channel", "list", incident, *BY).lines == ["It has none."]
    told = ("--address", "tel:+420221000000", "--use", "for all")
    said = cli("incident", "channel", "set", incident, "War room", *told, *BY)
    assert said.out == f"{incident} War room\n"
    [head, line] = cli("incident", "channel", "list", incident, *BY).lines
    assert head.split()[0] == "name"
    assert "bridge" in line
    assert "tel:+420221000000" in line
    refused = cli("incident", "channel", "set", incident, "X", "--address", "file:///x", *BY)
    assert refused.code == 1
    assert "address" in refused.err
    assert "https:" in refused.err
    cli("incident", "channel", "set", incident, "war room", "--kind", "video", *BY)
    [one] = objects(cli("incident", "channel", "list", incident, "--json", *BY))
    assert (one["name"], one["kind"], one["set_by"]) == ("war room", "video", "Ann")
    assert cli("incident", "channel", "remove", incident, "WAR ROOM", *BY).code == 0
    assert cli("incident", "channel", "remove", incident, "WAR ROOM", *BY).code == 1
