"""The list says what counts in the order it is tried, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.planning.policies.content import Content, fresh
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.reading import NOTHING, Known
from crisisdesk.desk.planning.policies.shelf import (
    BUILT_IN_KEY,
    ShelfLine,
    lines_of,
    spoken,
    verdict_of,
)
from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.policy_version import PolicyVersion

from tests.domain.escalation.people import START


def version(name: str, at: int = START, **more: Any) -> PolicyVersion:
    content: Content = fresh() | more.pop("content", {})
    return PolicyVersion(
        version_id=f"POL-{name}-{at}",
        name=name,
        content=content,
        published_at=at,
        published_by="Klára Langová",
        **more,
    )


def known(*versions: PolicyVersion, **findings: list[Finding]) -> Known:
    now = {v.name: v for v in versions if v.withdrawn_at is None}
    found = {name: tuple(listed) for name, listed in findings.items()}
    return NOTHING._replace(versions=versions, current=now, findings=found)


def keys(lines: list[ShelfLine]) -> list[str]:
    return [line.key for line in lines]


ERROR = Finding(level="error", field="otherwise", words="nobody")
WARNING = Finding(level="warning", field="steps", words="one channel")


def test_published_ones_stand_in_the_order_they_are_tried() -> None:
    late = version("Aa", content={"place": 7})
    first = version("Zz", content={"place": 1, "for": "service=db"})
    lines = lines_of(known(late, first, Zz=[WARNING, ERROR]), [])
    assert keys(lines) == ["Published", "name:Zz", "name:Aa", "Built in", BUILT_IN_KEY]
    assert (lines[1].matching, lines[1].verdict, lines[1].level) == (
        "service=db",
        "1 error, 1 warning",
        "error",
    )
    assert lines[1].size == "1 step, 1 version"
    assert lines[1].facts == "12 Feb 2026, 02:05 UTC, K. Langová"
    assert (lines[2].matching, lines[2].verdict) == ("every alert", "")
    assert "“Aa” takes every alert" in lines[4].facts


def test_drafts_stand_with_what_they_replace_or_above_all() -> None:
    night = version("Night")
    drafts = [
        Draft("n", "", fresh()),
        Draft("o", "Night", fresh(), of="Night"),
        Draft("g", "Gone", fresh(), of="Gone"),
    ]
    gone = version("Gone", withdrawn_at=START + 5, withdrawn_by="Bob")
    lines = lines_of(known(night, gone), drafts)
    assert keys(lines)[:5] == ["Drafts", "draft:n", "draft:g", "Published", "name:Night"]
    assert [line.draft for line in lines[1:5]] == [True, True, False, True]
    assert (lines[1].name, "withdrawn" in lines[2].facts) == ("Without a name", True)
    assert "unpublished draft" in spoken(lines[4])
    assert keys(lines_of(known(night, gone), []))[2:4] == ["Withdrawn", "gone:Gone"]


def test_an_empty_station_has_the_built_in_one() -> None:
    lines = lines_of(NOTHING, [])
    assert keys(lines) == ["Built in", BUILT_IN_KEY]
    assert "no other policy takes" in lines[1].facts
    assert spoken(lines[0]) == "Built in, 1"


def test_words_leave_those_that_hold_them_all() -> None:
    both = known(version("Night"), version("Day", content={"for": "service=db"}))
    assert keys(lines_of(both, [], "DAY db")) == ["Published", "name:Day"]
    assert lines_of(both, [], "nothing such") == []


def test_what_cannot_be_counted_does_not_break_the_list() -> None:
    odd = version("Odd", content={"steps": "x", "place": "y", "for": 3})
    assert "0 steps" in lines_of(known(odd), [])[1].size


def test_findings_are_counted_by_level() -> None:
    assert verdict_of([]) == ("", "")
    assert verdict_of([WARNING, WARNING]) == ("2 warnings", "warning")
