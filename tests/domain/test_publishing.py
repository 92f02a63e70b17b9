"""What may be published is checked whole; what is refused names its field."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.correlation.rule import read_rule
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.policy import read_policy
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.inhibition import READERS
from crisisdesk.domain.oncall.reading import read_override, read_schedule
from crisisdesk.domain.publishing import CONTENT_LIMIT, checked_content, spelled_anew

from tests.domain.escalation.people import EVERYBODY, content

SCHEDULE: dict[str, Any] = {
    "kind": "schedule",
    "zone": "UTC",
    "layers": [
        {
            "name": "One",
            "members": ["C-1"],
            "rotation": "day",
            "every": 1,
            "handover": {"time": "09:00"},
            "start": "2026-01-05",
            "hours": [],
        }
    ],
}
OVERRIDE: dict[str, Any] = {
    "kind": "override",
    "schedule": "Night",
    "contact": "C-1",
    "from": 1_770_861_902_000,
    "to": 1_770_861_903_000,
}


INHIBITION: dict[str, Any] = {
    "kind": "inhibition",
    "when": "service=db",
    "keep_quiet": "service=shop",
}
DEPENDENCIES: dict[str, Any] = {"kind": "dependencies", "services": {"shop": ["db"]}}


@pytest.mark.parametrize(
    "told", [content([EVERYBODY]), SCHEDULE, OVERRIDE, INHIBITION, DEPENDENCIES]
)
def test_each_kind_is_taken_as_it_stands(told: dict[str, Any]) -> None:
    assert checked_content("Night", told) == told


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (None, "kind"),
        ({}, "kind"),
        ({"kind": "dance"}, "kind"),
        (content([EVERYBODY], **{"for": "severity=dreadful"}), "for"),
        (content([EVERYBODY], **{"for": 'service=~"(a+)+b"'}), "for"),
        (SCHEDULE | {"zone": "Mars/Base"}, "zone"),
        (OVERRIDE | {"to": 1}, "to"),
        (content([EVERYBODY]) | {"note": "x"}, "note"),
        (content([EVERYBODY]) | {"x": "y" * CONTENT_LIMIT}, "content"),
    ],
)
def test_what_is_wrong_is_named(told: Any, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        checked_content("Night", told)
    assert refused.value.field == field


def meaning(told: dict[str, Any]) -> Any:
    """What a content says once it is read, without the blanks at the ends of its texts."""
    if told["kind"] == "schedule":
        found = read_schedule("Night", told)
        return [(layer.name.strip(), layer.members, layer.turn_ms) for layer in found.layers]
    if told["kind"] == "override":
        override = read_override(told)
        return (override.contact, override.start_ms, override.reason.strip())
    readers: dict[str, Any] = {"escalation": read_policy, "correlation": read_rule, **READERS}
    read = readers[told["kind"]]("Night", told)
    # Whoever needs a service twice needs it.
    return {k: set(v) for k, v in read.services.items()} if told["kind"] == "dependencies" else read


@pytest.mark.parametrize(
    "told",
    [
        content([EVERYBODY], **{"for": "service=db"}),
        SCHEDULE,
        OVERRIDE,
        OVERRIDE | {"reason": "swapped"},
        INHIBITION,
        DEPENDENCIES,
        {"kind": "correlation", "by": ["service"], "within_s": 300, "at_least": 3},
    ],
    ids=lambda told: told["kind"],
)
def test_an_earlier_version_is_published_again_as_one_that_says_the_same(
    told: dict[str, Any],
) -> None:
    known: set[str] = set()
    for _ in range(4):
        again = spelled_anew("Night", told, known)
        version_id = policy_version_id_of("Night", again)
        assert version_id not in known
        assert meaning(checked_content("Night", again)) == meaning(told)
        known.add(version_id)
    assert spelled_anew("Night", told, set()) == told


def test_where_there_is_no_room_for_blanks_it_is_said() -> None:
    full = SCHEDULE | {"layers": [SCHEDULE["layers"][0] | {"name": "n" * 120}]}
    with pytest.raises(DomainError):
        spelled_anew("Night", full, {policy_version_id_of("Night", full)})
