"""Checks on what people fill in, and which of it needs a reason."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.handlers.incident_fields import checked, checked_names, set_by_hand


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("severity", "bad"),
        ("impact", ""),
        ("title", ""),
        ("user_impact_count", -1),
        ("user_impact_count", True),
        ("crisis_type", "Data Breach"),
        ("response_team", "Ana"),
        ("status", "open"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: Any) -> None:
    with pytest.raises(Malformed) as caught:
        checked(name, value)
    assert caught.value.field == name


def test_names_are_texts_and_not_too_many() -> None:
    assert checked_names("readers", ["Zoë"]) == ["Zoë"]
    with pytest.raises(Malformed, match="101 names"):
        checked_names("readers", ["x"] * 101)
    with pytest.raises(Malformed) as caught:
        checked_names("readers", ["Ana", ""])
    assert caught.value.field == "readers[1]"


def test_a_value_that_follows_is_not_by_hand() -> None:
    assert set_by_hand("critical", {"impact": "high", "priority": "p2"}, "", {}) == {}
    assert set_by_hand("critical", {"priority": "p2"}, "", {"priority": "old"}) == {}


def test_another_value_needs_a_reason_once() -> None:
    with pytest.raises(Malformed) as caught:
        set_by_hand("critical", {"priority": "p1"}, "", {})
    assert caught.value.field == "reason"
    assert set_by_hand("critical", {"priority": "p1"}, "votes", {}) == {"priority": "votes"}
    assert set_by_hand("critical", {"priority": "p3"}, "", {"priority": "votes"}) == {
        "priority": "votes"
    }


def test_the_priority_that_follows_is_that_of_the_impact_set_with_it() -> None:
    both = {"impact": "critical", "priority": "p1"}
    assert set_by_hand("critical", both, "all", {}) == {"impact": "all"}
    by_hand = {"impact": "all"}
    assert set_by_hand("critical", {"priority": "p1"}, "", by_hand, "critical") == by_hand
