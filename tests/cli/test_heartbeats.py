"""``crisisdesk heartbeat`` on a running engine."""

from __future__ import annotations

import urllib.request

from tests.cli.conftest import Cli, objects


def test_a_heartbeat_from_its_declaration_to_its_end(cli: Cli) -> None:
    assert cli("heartbeat", "list").out == "No heartbeat is declared.\n"
    made = cli("heartbeat", "add", "backup", "--every", "5m", "--grace", "30s")
    assert made.code == 0, made.err
    key, address = made.lines
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.read() == b"OK\n"
    (one,) = objects(cli("heartbeat", "list", "--json"))
    assert (one["heartbeat_id"], one["state"], one["grace_s"]) == (key, "well", 30)
    shown = cli("heartbeat", "list")
    assert address.rsplit("/", 2)[1] not in shown.out
    assert shown.lines[1].split()[:3] == [key, "backup", "well"]
    said = cli("heartbeat", "change", "backup", "--every", "1h", "--operator", "Ann")
    assert said.out == f"{key} well\n"
    assert cli("heartbeat", "pause", key, "--operator", "Ann").out == f"{key} paused\n"
    assert cli("heartbeat", "resume", key, "--operator", "Ann").out == f"{key} well\n"
    assert cli("heartbeat", "remove", "backup").code == 0
    assert objects(cli("heartbeat", "list", "--json")) == []


def test_what_cannot_be_meant_is_told(cli: Cli) -> None:
    for words, why in (
        (("add", "x", "--every", "soon"), "no span of time"),
        (("add", "x", "--every", "5s"), "every_s"),
        (("remove", "nothing"), "no heartbeat"),
    ):
        said = cli("heartbeat", *words)
        assert said.code in (1, 2)
        assert why in said.err
    assert cli("heartbeat", "change", "x", "--operator", "Ann").code == 2
