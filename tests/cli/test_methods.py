"""``crisisdesk contact method`` against a real engine whose channels are sealed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Cli, objects

HOOK = "webhook://127.0.0.1:9/hooks/very-secret"
JSON = "json://127.0.0.1:9/very-secret"


@pytest.fixture
def card(cli: Cli) -> Iterator[Any]:
    """Reads Iva's card, who has one webhook; afterwards she is gone."""
    made = cli("contact", "add", "Iva", "--method", HOOK, "--zone", "Europe/Prague").out.strip()
    yield lambda: next(
        c for c in objects(cli("contact", "list", "--json")) if c["contact_id"] == made
    )
    cli("contact", "remove", made)


def test_a_method_is_added_and_tried_last_or_first(
    cli: Cli, card: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{JSON}\n"))
    added = cli("contact", "method", "add", "Iva", "--to", "-", "--min-severity", "critical")
    assert added.code == 0, added.err
    assert [m["channel"] for m in card()["methods"]] == ["webhook", "json"]
    assert card()["methods"][1] | {"method_id": added.out.strip()} == card()["methods"][1]
    first = cli("contact", "method", "add", "Iva", "--to", HOOK, "--first", "--label", "Pager")
    assert [m["label"] for m in card()["methods"]] == ["Pager", "", ""]
    assert card()["methods"][0]["method_id"] == first.out.strip()
    assert cli("contact", "test", "Iva").code == 0, "each address is kept"


def test_what_is_given_of_a_method_is_changed_and_the_rest_stays(cli: Cli, card: Any) -> None:
    cli("contact", "method", "add", "Iva", "--to", JSON)
    before = card()["methods"]
    changes = ("--off", "--quiet", "22:00-06:00", "--min-severity", "low", "--first")
    assert cli("contact", "method", "set", "Iva", "json", *changes).code == 0
    first, second = card()["methods"]
    assert second == before[0]
    assert (first["enabled"], first["min_severity"]) == (False, "low")
    assert first["quiet"][0]["from"] == "22:00"
    assert "no    daily 22:00-06:00 only critical" in cli("contact", "list").out
    name = first["method_id"]
    back = cli("contact", "method", "set", "Iva", name, "--on", "--quiet", "", "--any-hour")
    assert back.out == f"{name} saved\n"
    [first, _] = card()["methods"]
    assert (first["enabled"], first.get("quiet"), first["emergency"]) == (True, None, True)
    assert cli("contact", "test", "Iva", "--method", name).code == 0


def test_a_method_is_removed_alone(cli: Cli, card: Any) -> None:
    cli("contact", "method", "add", "Iva", "--to", JSON)
    gone, kept = card()["methods"]
    assert cli("contact", "method", "remove", "Iva", "webhook").out == (
        f"{gone['method_id']} removed\n"
    )
    assert card()["methods"] == [kept]


def test_what_cannot_be_is_refused_and_changes_nothing(cli: Cli, card: Any) -> None:
    before = card()
    unknown = cli("contact", "method", "set", "Iva", "fax", "--off")
    assert (unknown.code, before["methods"][0]["method_id"] in unknown.err) == (2, True)
    assert "methods[0].url" in cli("contact", "method", "set", "Iva", "webhook", "--to", "x").err
    wrong = cli("contact", "method", "add", "Iva", "--to", "carrier-pigeon://loft")
    assert (wrong.code, "methods[1].url" in wrong.err) == (1, True)
    assert (
        "names no hours"
        in cli("contact", "method", "set", "Iva", "webhook", "--quiet", "sometimes").err
    )
    cli("contact", "method", "add", "Iva", "--to", HOOK)
    twins = cli("contact", "method", "remove", "Iva", "webhook")
    assert (twins.code, "has 2 methods" in twins.err) == (2, True)


def test_a_whole_contact_is_switched_off_and_on(cli: Cli, card: Any) -> None:
    assert cli("contact", "set", "Iva", "--off", "--name", "Iva Novak").code == 0
    assert (card()["enabled"], card()["name"]) == (False, "Iva Novak")
    assert "  no  " in cli("contact", "list").out
    assert cli("contact", "set", "Iva Novak", "--on").code == 0
    assert card()["enabled"] is True
