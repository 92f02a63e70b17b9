"""``crisisdesk contact`` against a real engine whose channels are sealed."""

from __future__ import annotations

import io

import pytest

from tests.cli.conftest import Cli, objects

URL = "webhook://127.0.0.1:9/hooks/very-secret"


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
