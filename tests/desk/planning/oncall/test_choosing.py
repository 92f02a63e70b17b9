"""People in the boxes of a form."""

from __future__ import annotations

from crisisdesk.desk.planning.oncall.choosing import people_to_choose


def test_two_people_called_the_same_can_be_told_apart() -> None:
    found = people_to_choose([("C-2", "bo"), ("C-1", "Ann"), ("C-3", "Ann")])
    assert found == [("C-1", "Ann (C-1)"), ("C-3", "Ann (C-3)"), ("C-2", "bo")]
