"""``crisisdesk watchdog``: the address is kept as a secret and never shown."""

from __future__ import annotations

import io

import pytest

from crisisdesk.cli.watchdog import URL_NAME
from crisisdesk.engine.workers.watchdog import WATCHDOG_URL

from tests.cli.conftest import Cli

SECRET = "3f1c-very-secret"


def test_the_address_is_kept_where_the_engine_looks() -> None:
    assert URL_NAME == WATCHDOG_URL


def test_a_watchdog_is_set_shown_by_its_host_and_let_go(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("watchdog", "show").out.startswith("No watchdog: ")
    assert cli("watchdog", "off").code == 1
    monkeypatch.setattr("sys.stdin", io.StringIO(f"https://watch.example.org/{SECRET}\n"))
    said = cli("watchdog", "set", by="")
    assert (said.code, SECRET in said.out) == (0, False)
    assert said.out.startswith("watch.example.org is told every minute")
    shown = cli("watchdog", "show").out
    assert shown == "watch.example.org is told every minute\n"
    assert cli("watchdog", "off").code == 0
    assert cli("watchdog", "show").out.startswith("No watchdog: ")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "must begin with https://"),
        ("ftp://watch.example.org/x", "must begin with https://"),
        ("https:///x", "must begin with https://"),
        ("https://watch.example.org/a b", "must begin with https://"),
        ("https://watch.example.org:port/x", "is no address"),
        ("https://[::1/x", "is no address"),
        ("http://watch.example.org/x", "in the clear"),
        ("https://watch.example.org/x#y", "behind #"),
    ],
)
def test_what_cannot_be_told_is_refused_and_changes_nothing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{url}\n"))
    said = cli("watchdog", "set", by="")
    assert said.code == 2
    assert "url: " in said.err
    assert why in said.err
    assert cli("watchdog", "show").out.startswith("No watchdog: ")
