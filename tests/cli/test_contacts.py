"""``crisisdesk contact`` against a real engine whose channels are sealed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Cli, objects

URL = "webhook://127.0.0.1:9/hooks/very-secret"


@pytest.fixture(autouse=True)
def _nobody_left(cli: Cli) -> Iterator[None]:
    """The station is the whole room's: each test leaves it without contacts."""
    yield
    for card in objects(cli("contact", "list", "--json")):
        cli("contact", "remove", card["contact_id"])


def test_a_contact_is_added_tested_and_removed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("contact", "list").out.startswith("No contact yet: nobody is paged.")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{URL}\n"))
    added = cli("contact", "add", "Priya Nair", "--role", "Database", "--method", "-")
    assert (added.code, added.out[:2]) == (0, "C-")
    [card] = objects(cli("contact", "list", "--json"))
    [method] = card["methods"]
    assert method["min_severity"] == "high"
    listed = cli("contact", "list")
    assert "Priya Nair" in listed.out
    assert "very-secret" not in listed.out
    tested = cli("contact", "test", "Priya Nair")
    assert tested.code == 0
    assert tested.out.startswith("webhook ")
    assert ": sent sealed: not sent to webhook://" in tested.out
    assert cli("contact", "remove", "Priya Nair").out == f"{card['contact_id']} removed\n"
    assert objects(cli("contact", "list", "--json")) == []


def test_twins_are_told_apart_by_id(cli: Cli) -> None:
    ids = [cli("contact", "add", "Twin", "--method", URL).out.strip() for _ in range(2)]
    said = cli("contact", "remove", "Twin")
    assert said.code == 2
    assert all(i in said.err for i in ids)
    assert [cli("contact", "remove", i).code for i in ids] == [0, 0]


def test_wrong_addresses_methods_and_names_are_refused(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = cli("contact", "add", "X", "--method", "carrier-pigeon://loft")
    assert wrong.code == 1
    assert "methods[0].url" in wrong.err
    assert cli("contact", "add", "X").code == 2
    assert "no contact 'Nobody'" in cli("contact", "remove", "Nobody").err
    cli("contact", "add", "Y", "--method", URL)
    assert "has no method 'M-1'" in cli("contact", "test", "Y", "--method", "M-1").err
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert "no address was given" in cli("contact", "add", "Z", "--method", "-").err
    assert {c["name"] for c in objects(cli("contact", "list", "--json"))}.isdisjoint("XZ")
    cli("contact", "remove", "Y")


QUIET = "Mon-Fri 22:00-06:00 only critical"


def test_what_a_person_prefers_is_set_and_taken_off(cli: Cli) -> None:
    way = ("--phone", "+420 777 1", "--mail", "iva@example.org")
    likes = ("--zone", "Europe/Prague", "--locale", "cs_cz", "--quiet", QUIET, "--group", "DBA")
    assert cli("contact", "add", "Iva", *way, *likes, "--notes", "on foot").code == 0

    def card() -> dict[str, object]:
        return next(c for c in objects(cli("contact", "list", "--json")) if c["name"] == "Iva")

    made = card()
    assert (made["zone"], made["locale"], made["groups"]) == ("Europe/Prague", "cs-CZ", ["DBA"])
    assert made["emergency"] == {"phones": ["+420 777 1"], "mails": ["iva@example.org"]}
    assert f"{QUIET} (Europe/Prague)" in cli("contact", "list").out
    changes = ("--quiet", "", "--group", "", "--phone", "+420 2", "--role", "Ops")
    assert cli("contact", "set", "Iva", *changes).out == f"{made['contact_id']} saved\n"
    after = card()
    assert (after["quiet"], after["groups"], after["role"]) == ([], [], "Ops")
    assert after["emergency"] == {"phones": ["+420 2"], "mails": ["iva@example.org"]}
    assert (after["notes"], after["zone"]) == ("on foot", "Europe/Prague")


def test_setting_keeps_every_method_with_its_address(cli: Cli) -> None:
    cli("contact", "add", "Ota", "--method", URL)
    before = next(c for c in objects(cli("contact", "list", "--json")) if c["name"] == "Ota")
    assert cli("contact", "set", "Ota", "--zone", "UTC").code == 0
    after = next(c for c in objects(cli("contact", "list", "--json")) if c["name"] == "Ota")
    assert (after["methods"], after["zone"]) == (before["methods"], "UTC")
    assert cli("contact", "test", "Ota").code == 0


def test_preferences_that_cannot_be_are_refused(cli: Cli) -> None:
    cli("contact", "add", "Max", "--phone", "1")
    assert "quiet: " in cli("contact", "set", "Max", "--quiet", "sometimes").err
    refused = cli("contact", "set", "Max", "--zone", "Mars")
    assert (refused.code, "IANA" in refused.err) == (1, True)
    assert "zone" in cli("contact", "set", "Max", "--quiet", QUIET).err
