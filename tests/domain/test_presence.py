"""Who is at a desk: what a sign is worth with time, what travels, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.presence import (
    HEARD_MS,
    KEPT_LIMIT,
    KEPT_MS,
    TOLD_LIMIT,
    TOUCHED_MS,
    Presence,
    Standing,
    at_desk,
    by_standing,
    gone,
    kept,
    presence_words,
    read_told,
    span_words,
    told,
)

NOW = 1_770_861_600_000
ONE = Presence(
    desk="d1", operator="Zoë Ng", station="BRNO-1", incident_id="INC-A", opened_ms=NOW - 3_600_000,
    since_ms=NOW - 720_000, touched_ms=NOW - 1_000, seen_ms=NOW,
)  # fmt: skip
IDLE = replace(ONE, desk="d2", operator="Bo", touched_ms=NOW - TOUCHED_MS - 1)
AWAY = replace(ONE, desk="d3", operator="Ann", seen_ms=NOW - 240_000)


def test_a_sign_is_worth_less_with_time() -> None:
    assert ONE.standing(NOW + HEARD_MS) == Standing.HERE
    assert ONE.standing(NOW + HEARD_MS + 1) == Standing.AWAY
    assert IDLE.standing(NOW) == Standing.IDLE
    assert gone(ONE, NOW).standing(NOW) == Standing.AWAY
    assert at_desk([ONE, IDLE, AWAY], NOW) == {"zoë ng"}


def test_of_each_person_the_desk_that_says_most_counts_and_who_is_here_stands_first() -> None:
    closed = gone(replace(ONE, desk="d9", operator="ZOË NG"), NOW + 1)
    found = by_standing([AWAY, IDLE, closed, ONE], NOW)
    assert [one.desk for one in found] == ["d1", "d2", "d3"]


def test_it_is_told_in_words_beside_an_incident_and_elsewhere() -> None:
    assert presence_words(ONE, NOW, "INC-A") == "here now, on this incident for 12 min"
    assert presence_words(ONE, NOW, "INC-B") == "here now, on INC-A for 12 min"
    assert presence_words(replace(ONE, incident_id=""), NOW) == "here now"
    idle = presence_words(replace(IDLE, incident_id=""), NOW)
    assert idle == "desk open, untouched for 5 min"
    assert presence_words(AWAY, NOW, "INC-A") == "away, last seen 4 min ago"
    assert [span_words(ms) for ms in (-5, 89_000, 90_000, 5_400_000)] == [
        "0 s", "89 s", "1 min", "1 h",
    ]  # fmt: skip


def test_ages_travel_so_that_clocks_that_differ_move_nobody() -> None:
    rows = told([ONE, IDLE], NOW)
    there = NOW + 3_600_000
    [heard, _idle] = read_told(rows, "Praha", there)
    assert heard == replace(
        ONE, station="Praha", opened_ms=there - 3_600_000, since_ms=there - 720_000,
        touched_ms=there - 1_000, seen_ms=there,
    )  # fmt: skip
    many = [replace(ONE, desk=f"d{n}", seen_ms=NOW - n) for n in range(20)]
    assert [row["desk"] for row in told(many, NOW)] == [f"d{n}" for n in range(TOLD_LIMIT)]
    ahead = replace(ONE, touched_ms=NOW + 5_000)
    assert told([ahead], NOW)[0]["touched"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"desk": ""}, "desks[0].desk"),
        ({"operator": "x" * 151}, "desks[0].operator"),
        ({"operator": "a\x1b[2J"}, "desks[0].operator"),
        ({"incident": 7}, "desks[0].incident"),
        ({"seen": -1}, "desks[0].seen"),
        ({"touched": True}, "desks[0].touched"),
        ({"since": 10**15}, "desks[0].since"),
        ({"left": "no"}, "desks[0].left"),
    ],
)
def test_what_is_no_sign_is_refused(change: dict[str, Any], field: str) -> None:
    [row] = told([ONE], NOW)
    with pytest.raises(Malformed) as refused:
        read_told([{**row, **change}], "Praha", NOW)
    assert refused.value.field == field


@pytest.mark.parametrize("rows", [None, {}, [1], [[]], [{}] * (TOLD_LIMIT + 1)])
def test_another_shape_is_refused(rows: Any) -> None:
    with pytest.raises(Malformed):
        read_told(rows, "Praha", NOW)


def test_what_is_kept_is_bounded_by_age_and_number() -> None:
    old = replace(ONE, seen_ms=NOW - KEPT_MS - 1)
    assert kept([old, ONE], NOW) == [ONE]
    many = [replace(ONE, desk=f"d{n}", seen_ms=NOW - n) for n in range(KEPT_LIMIT + 5)]
    assert len(kept(many[::-1], NOW)) == KEPT_LIMIT
    assert kept(many[::-1], NOW)[0] == many[0]
