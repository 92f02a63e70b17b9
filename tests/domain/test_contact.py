"""Contacts: which of their methods take a page, and what saving and removing leave."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from crisisdesk.domain.contact import CARD_FIELDS, FIRST_FIELDS, Contact
from crisisdesk.domain.fold import state_content
from crisisdesk.domain.severity import SEVERITY_RANK

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
    assert [m.method_id for m in card_of(log).ways(severity, 0)] == expected


def test_who_is_switched_off_or_removed_gets_nothing() -> None:
    assert card_of(saved(enabled=False)).ways("emergency", 0) == []
    log = saved(role="DBA")
    log.add("contact.removed")
    gone = card_of(log)
    assert gone.ways("emergency", 0) == []
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


# ---------------------------------------------------------------------------------- quiet hours

ALWAYS = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "24:00"}
ONLY_WORST = ALWAYS | {"min_severity": "emergency"}
ONLY_BAD = ALWAYS | {"min_severity": "critical"}


def ways(severity: str, quiet: list[dict[str, Any]], *methods: dict[str, Any]) -> list[str]:
    card = card_of(saved(zone="UTC", quiet=quiet, methods=list(methods)))
    return [m.method_id for m in card.ways(severity, 0)]


def test_quiet_hours_let_the_worst_through() -> None:
    assert ways("high", [ONLY_BAD], method("m1")) == []
    assert ways("critical", [ONLY_BAD], method("m1")) == ["m1"]


def test_the_strictest_of_several_spans_counts() -> None:
    both = [ONLY_BAD, ONLY_WORST]
    two = (method("m1"), method("m2", emergency=True))
    assert ways("critical", both, *two) == ["m2"]
    assert ways("emergency", both, *two) == ["m1", "m2"]


def test_a_method_may_have_its_own_quiet_hours_or_none() -> None:
    own = method("own", quiet=[ONLY_BAD])
    free = method("free", quiet=[])
    told = method("told", emergency=True)
    assert ways("high", [ONLY_BAD], own, free, told, method("usual")) == ["free", "told"]
    assert ways("high", [], own, free, told, method("usual")) == ["free", "told", "usual"]


def test_no_quiet_hours_swallow_the_worst_pages() -> None:
    for severity, strict, own in product(SEVERITY_RANK, SEVERITY_RANK, (True, False)):
        span = ALWAYS | {"min_severity": strict}
        one = method("m1", min_severity="low", **({"quiet": [span]} if own else {}))
        told = ways(severity, [] if own else [span], one)
        through = SEVERITY_RANK[severity] >= SEVERITY_RANK[strict]
        assert bool(told) == (through or severity in ("critical", "emergency"))


def test_without_a_zone_quiet_hours_do_not_count() -> None:
    card = card_of(saved(quiet=[ONLY_WORST]))
    assert [m.method_id for m in card.ways("high", 0)] == ["m1"]


# --------------------------------------------------------------------------------- more fields

MORE: dict[str, Any] = {
    "zone": "Europe/Prague",
    "locale": "cs",
    "quiet": [ONLY_BAD],
    "groups": ["DBA"],
    "notes": "on foot",
    "emergency": {"phones": ["+420 1"]},
}


def test_a_card_without_them_is_what_it_always_was() -> None:
    card = card_of(saved(role="DBA", enabled=True))
    assert set(card.set_by) == set(card.editors) == set(FIRST_FIELDS)
    assert set(state_content(card)) == {
        "contact_id", "name", "role", "enabled", "methods", "saved_id", "set_by", "editors"
    }  # fmt: skip


def test_they_are_kept_changed_and_taken_off_one_by_one() -> None:
    log = saved(**MORE)
    card = card_of(log)
    assert {name: getattr(card, name) for name in MORE} == MORE
    assert set(card.set_by) == set(CARD_FIELDS)
    first = card.set_by["zone"]
    log.add("contact.saved", name="Jonas Weber", changed=["notes"], base={"notes": first})
    after = card_of(log)
    assert (after.notes, after.zone, after.quiet) == ("", "Europe/Prague", [ONLY_BAD])
    assert after.overwritten == []
    assert after.set_by["notes"] != first == after.set_by["zone"]


def test_two_who_fill_one_field_at_once_leave_a_trace() -> None:
    log = saved()
    log.add("contact.saved", name="Jonas Weber", zone="UTC", changed=["zone"], base={"zone": ""})
    log.add("contact.saved", name="Jonas Weber", zone="GMT", changed=["zone"], base={"zone": ""})
    card = card_of(log)
    assert card.zone == "GMT"
    assert [(lost["field"], lost["value"]) for lost in card.overwritten] == [("zone", "UTC")]
