"""Contacts: which of their methods take a page, and what saving and removing leave."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.contact import Contact

from tests.domain.events import Log


def method(name: str, **changes: Any) -> dict[str, Any]:
    card = {"method_id": name, "channel": "mailto", "label": name, "masked": "j***"}
    return card | changes


def card_of(log: Log) -> Contact:
    state = log.state()
    assert isinstance(state, Contact)
    return state


def saved(**changes: Any) -> Log:
    log = Log("C-1")
    log.add("contact.saved", **({"name": "Jonas Weber", "methods": [method("m1")]} | changes))
    return log


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("low", ["all"]),
        ("medium", ["all"]),
        ("high", ["usual", "all"]),
        ("critical", ["usual", "all"]),
        ("emergency", ["usual", "worst", "all"]),
    ],
)
def test_a_page_goes_by_the_methods_that_take_its_severity(
    severity: str, expected: list[str]
) -> None:
    log = saved(
        methods=[
            method("usual"),
            method("worst", min_severity="emergency"),
            method("off", min_severity="low", enabled=False),
            method("all", min_severity="low"),
        ]
    )
    assert [m.method_id for m in card_of(log).ways(severity)] == expected


def test_who_is_switched_off_or_removed_gets_nothing() -> None:
    assert card_of(saved(enabled=False)).ways("emergency") == []
    log = saved(role="DBA")
    log.add("contact.removed")
    gone = card_of(log)
    assert gone.ways("emergency") == []
    assert (gone.removed, gone.name, gone.role, gone.methods) == (True, "Jonas Weber", "DBA", [])


def test_a_save_replaces_the_whole_card_and_brings_back_the_removed() -> None:
    log = saved(role="DBA")
    log.add("contact.removed")
    log.add("contact.saved", name="J. Weber")
    card = card_of(log)
    assert (card.name, card.role, card.removed, card.methods) == ("J. Weber", "", False, [])


def test_nobody_is_removed_before_being_saved_and_unknown_kinds_change_nothing() -> None:
    log = Log("C-1")
    log.add("contact.removed")
    assert log.state() is None
    kept = saved()
    before = card_of(kept)
    kept.add("contact.from_the_future")
    assert card_of(kept) == before
