"""A simple schedule as it is typed: checked, and the same again when it is opened."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.oncall.schedule_draft import (
    DAYS,
    ScheduleDraft,
    drafted,
    fresh,
    schedule_of,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.reading import read_schedule

from tests.desk.planning.oncall.conftest import turns

PEOPLE = [("C-ANN", "Ann Alder"), ("C-BO", "Bo Birk"), ("C-1", "Cy (C-1)"), ("C-2", "Cy (C-2)")]
DRAFT = ScheduleDraft(
    "Database", "bo birk, Ann Alder", "1 week", "Mon 09:00", "2026-01-05", "Europe/Prague"
)


def test_it_is_what_the_domain_takes() -> None:
    order = schedule_of(DRAFT, PEOPLE)
    layer = read_schedule(order.name, order.content).layers[0]
    assert layer.members == ("C-BO", "C-ANN")
    assert (layer.rotation, layer.every, layer.handover, layer.weekday) == ("week", 1, 540, 0)
    days = schedule_of(DRAFT._replace(turn="2 days", handover="9:00"), PEOPLE)
    assert days.content["layers"][0]["handover"] == {"time": "09:00"}
    assert schedule_of(DRAFT._replace(people="C-ANN"), PEOPLE).content["layers"][0]["members"] == [
        "C-ANN"
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"people": " , "}, "people"),
        ({"people": "Ann Alder, Nobody"}, "people"),
        ({"turn": "a while"}, "turn"),
        ({"turn": "0 weeks"}, "turn"),
        ({"turn": "400 days", "handover": "09:00"}, "turn"),
        ({"handover": "09:00"}, "handover"),
        ({"handover": "Someday 09:00"}, "handover"),
        ({"handover": "Monday 25:00"}, "handover"),
        ({"turn": "1 day"}, "handover"),
        ({"handover": "soon"}, "handover"),
        ({"start": "yesterday"}, "start"),
        ({"zone": "Europe/Nowhere"}, "zone"),
    ],
)
def test_what_cannot_be_published_names_its_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        schedule_of(DRAFT._replace(**changed), PEOPLE)
    assert caught.value.field == field
    assert caught.value.remedy


@given(
    st.sampled_from(["hour", "day", "week"]),
    st.integers(1, 366),
    st.integers(0, 1_439),
    st.integers(0, 6),
    st.lists(st.sampled_from([one for one, _ in PEOPLE]), min_size=1, max_size=6),
)
def test_what_is_opened_and_published_again_says_the_same(
    rotation: str, every: int, minute: int, weekday: int, members: list[str]
) -> None:
    handover: dict[str, Any] = {"time": f"{minute // 60:02d}:{minute % 60:02d}"}
    if rotation == "week":
        handover["weekday"] = weekday
    told = turns(*members, rotation=rotation, every=every, handover=handover)
    plan = read_schedule("X", told)
    draft = drafted(plan, dict(PEOPLE))
    assert draft is not None
    assert read_schedule("X", schedule_of(draft, PEOPLE).content) == plan


def test_what_a_form_cannot_say_is_left_to_files() -> None:
    two = turns("C-ANN")
    two["layers"] *= 2
    hours = [{"days": [0], "from": "09:00", "to": "17:00"}]
    for content in (two, turns("C-ANN", hours=hours), turns("C-ANN", until="2027-01-01")):
        assert drafted(read_schedule("X", content), {}) is None
    unknown = drafted(read_schedule("X", turns("C-GONE")), {})
    assert unknown is not None
    assert unknown.people == "C-GONE"


def test_a_form_begins_with_weeks_and_a_zone_everybody_knows() -> None:
    found = fresh("Nowhere/Land", 1_770_861_600_000)
    assert (found.zone, found.start, found.handover) == ("UTC", "2026-02-09", f"{DAYS[0]} 09:00")
