"""``crisisdesk outage`` and ``crisisdesk channel map`` against a real engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, objects
from tests.cli.drafts import draft


def test_nothing_is_out_until_somebody_says_so(cli: Cli) -> None:
    assert cli("outage", "list").out == "Nothing is out.\n"
    assert cli("channel", "map").out == "No contact yet: nobody is paged.\n"
    said = cli("outage", "set", "DNS", "--reason", "resolver down", "--for", "2h")
    assert (said.code, said.out) == (0, "dns counts as out\n")
    listed = cli("outage", "list").out
    assert "said by Ann: resolver down" in listed
    assert "in 1 h 59" in listed or "in 2 h 00" in listed
    [one] = objects(cli("outage", "list", "--json"))
    assert (one["dependency"], one["said"]) == ("dns", True)
    assert cli("outage", "end", "dns").out == "dns does not count as out\n"
    again = cli("outage", "end", "dns")
    assert (again.code, "is not out" in again.err) == (1, True)


def test_the_map_says_who_is_left_without_a_way(cli: Cli, people: tuple[str, str]) -> None:
    calm = cli("channel", "map")
    assert calm.code == 0
    assert "Everybody can be reached." in calm.out
    lost = cli("channel", "map", "--without", "host:127.0.0.1")
    assert lost.code == 1
    assert lost.out.startswith("Webhook would not arrive, and there is no other channel.")
    assert "host:127.0.0.1: supposed to be out" in lost.out
    assert "No way left: Ann (needs host:127.0.0.1); no number written down" in lost.out
    told = json.loads(cli("channel", "map", "--without", "host:127.0.0.1", "--json").out)
    assert [one["name"] for one in told["unreachable"]] == ["Ann", "Bob"]
    assert told["rows"][0]["missing"] == ["host:127.0.0.1"]
    cli("outage", "set", "host:127.0.0.1", "--reason", "x")
    assert "host:127.0.0.1: out, said by Ann: x" in cli("channel", "map").out
    cli("outage", "end", "host:127.0.0.1")


def test_what_channels_depend_on_is_published_from_a_file(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    text = (
        "name: Ours\ncontent:\n  kind: channel_dependencies\n  channels:\n"
        "    webhook: [Office-Network, '-host:127.0.0.1']\n"
    )
    file = draft(tmp_path, "ours", text)
    assert cli("policy", "check", file).out == "channel_dependencies Ours can be published\n"
    cli("policy", "publish", file)
    assert cli("channel", "map", "--without", "host:127.0.0.1").code == 0
    assert cli("channel", "map", "--without", "office-network").code == 1
    cli("outage", "set", "office-network", "--reason", "x")
    listed = [one["content"]["kind"] for one in objects(cli("policy", "list", "--json"))]
    assert listed == ["channel_dependencies"], "what is out has a list of its own"
    cli("outage", "end", "office-network")
    wrong = draft(tmp_path, "wrong", text.replace("Office-Network", "a/b"))
    refused = cli("policy", "check", wrong)
    assert (refused.code, "channels.webhook[0]" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("set", "a,b", "--reason", "x"), 1, "dependency"),
        (("set", "dns", "--reason", " "), 1, "reason"),
        (("set", "dns", "--reason", "x", "--for", "2 weeks"), 2, "no span of time"),
        (("set", "dns", "--reason", "x", "--until", "noon"), 2, "with its zone"),
        (("set", "dns", "--reason", "x", "--for", "2h", "--until", "noon"), 2, "either --for or"),
        (("set", "dns", "--reason", "x", "--incident", "INC-NONE"), 1, "incident_id"),
    ],
)
def test_what_cannot_be_used_is_refused(
    cli: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    found = cli("outage", *words)
    assert (found.code, said in found.err) == (code, True), found.err
    assert cli("outage", "list").out == "Nothing is out.\n"


def test_a_supposed_name_that_is_none_is_refused(cli: Cli) -> None:
    found = cli("channel", "map", "--without", "a/b")
    assert (found.code, "--without" in found.err) == (2, True)
