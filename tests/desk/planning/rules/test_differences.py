"""What changed between two versions of a rule."""

from __future__ import annotations

from crisisdesk.desk.planning.policies.differences import FIRST, ONLY_WRITING, SAME
from crisisdesk.desk.planning.rules.differences import rule_changes

RULE = {"kind": "correlation", "for": "", "by": ["service"], "within_s": 300}


def test_fields_are_told_with_what_stood_before() -> None:
    assert rule_changes(None, RULE) == [FIRST]
    assert rule_changes(RULE, RULE) == [SAME]
    new = RULE | {"within_s": 60, "by": ["service", "place"], "disabled": True}
    assert rule_changes(RULE, new) == [
        "by: service, place, before service.",
        "within_s: 60, before 300.",
        "disabled: true, before left out.",
    ]


def test_what_means_nothing_is_only_writing() -> None:
    assert rule_changes(RULE, RULE | {"for": "  "}) == [ONLY_WRITING]
    one = {"kind": "dependencies", "services": {"shop": ["db"]}}
    two = {"kind": "dependencies", "services": {"shop": ["db", "db"]}}
    assert rule_changes(one, two) == [ONLY_WRITING]


def test_lists_by_name_are_told_name_by_name() -> None:
    one = {"kind": "dependencies", "services": {"shop": ["db"], "web": ["cdn"]}}
    two = {"kind": "dependencies", "services": {"shop": ["db", "san"], "web": ["cdn"]}}
    assert rule_changes(one, two) == ["services, shop: db, san, before db."]
