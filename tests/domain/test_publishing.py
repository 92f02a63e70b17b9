"""What may be published is checked whole; what is refused names its field."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.publishing import CONTENT_LIMIT, checked_content

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
