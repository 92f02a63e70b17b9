"""The way to the hub: only a safe one is taken, and no password shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.hub.address import hub_address

AWAY = "postgresql://alpha@hub.example.org/crisisdesk"


@pytest.mark.parametrize(
    ("url", "ca_file", "words"),
    [
        (AWAY, "", r"hub\.ca_file is empty, and hub\.example\.org is another machine"),
        ("postgresql://a@127.0.0.1,10.0.0.7/d", "", r"10\.0\.0\.7 is another machine"),
        ("postgresql://a@localhost.example.org/d", "", "another machine"),
        (AWAY, "/nowhere/ca.pem", r"hub\.ca_file names no file"),
        ("postgresql://a:word@127.0.0.1/d", "", r"hub\.url holds a password"),
        ("postgresql://a@127.0.0.1/d?sslmode=disable", "", r"hub\.url sets sslmode"),
        ("postgresql://a@127.0.0.1/d?options=-cfsync%3Doff", "", r"hub\.url sets options"),
        ("postgresql://a@127.0.0.1/d?hostaddr=10.0.0.7", "", r"hub\.url sets hostaddr"),
        ("postgresql://127.0.0.1/d", "", r"hub\.url names no login"),
        ("postgresql://a@127.0.0.1", "", r"hub\.url names no database"),
        ("postgresql://a@/d", "", r"hub\.url names no host"),
        ("alpha:secret-17@hub", "", r"hub\.url is no address"),
        ("", "", r"hub\.url names no host"),
    ],
)
def test_what_is_not_safe_or_not_whole_is_refused_by_its_field(
    url: str, ca_file: str, words: str
) -> None:
    with pytest.raises(HubRefused, match=words) as caught:
        hub_address(url, ca_file, "")
    assert "secret-17" not in str(caught.value)
    assert "word@" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "%2Frun%2Fpostgresql"])
def test_this_very_machine_may_do_without_tls(host: str) -> None:
    parameters = hub_address(f"postgresql://a@{host}/d", "", "p").parameters
    assert parameters["sslmode"] == "disable"
    assert parameters["port"] == "5432"


def test_another_machine_is_checked_and_bound(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("anything")
    for ca_file in (str(authority), "system"):
        parameters = hub_address(f"{AWAY}", ca_file, "p").parameters
        assert parameters["sslmode"] == "verify-full"
        assert parameters["sslrootcert"] == ca_file
        assert parameters["channel_binding"] == "require"
        assert parameters["gssencmode"] == "disable"


def test_several_hosts_are_tried_until_one_takes_writes() -> None:
    url = "postgresql://a@127.0.0.1:5001,localhost:5002/d"
    parameters = hub_address(url, "", "").parameters
    assert parameters["host"] == "127.0.0.1,localhost"
    assert parameters["port"] == "5001,5002"
    assert parameters["target_session_attrs"] == "read-write"


def test_the_password_shows_nowhere() -> None:
    place = hub_address("postgresql://a@127.0.0.1/d", "", "hidden-word-17")
    assert "hidden-word-17" not in f"{place!r} {place} {place.parameters}"
    assert place.password == "hidden-word-17"
