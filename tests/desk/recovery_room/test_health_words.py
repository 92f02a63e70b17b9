"""Value against limit, and the points of the small charts."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.recovery_room.health_words import (
    BACK_MS,
    MOST_LOOKS,
    head_words,
    health_lines,
    point_of,
    spoken,
    with_look,
)

NOW = 1_770_861_902_000


def watched(step_id: str, now: str, value: str = "", **more: Any) -> dict[str, Any]:
    told = {"step_id": step_id, "title": step_id.upper(), "source": "", "limit": "= 0"}
    return {**told, "now": now, "value": value, "words": "no answer in time", **more}


def test_a_line_says_the_value_against_its_limit_and_prefers_what_the_station_measured() -> None:
    results = [
        watched("rows", "does_not_hold", "3"),
        watched("shop", "holds", "up", source="shop", limit="up"),
        watched("lag", "not_known"),
        watched("bare", "holds", "", limit=""),
    ]
    looks = {"rows": ((NOW - 5, 4.0), (NOW, 3.0)), "shop": ((NOW, 1.0),)}
    rows, shop, lag, bare = health_lines(results, looks, {"shop": ((NOW, 0.2),)}, NOW)
    assert (rows.second, rows.icon, rows.tone) == (
        *("does not hold · 3, must be = 0", "circle-x", "down"),
    )
    assert rows.spark == (looks["rows"], NOW - BACK_MS, NOW)
    assert shop.spark.points == ((NOW, 0.2),)
    assert (lag.second, lag.spark.points) == ("not known · no answer in time", ())
    assert spoken(bare) == "BARE, holds · no answer in time"
    # A source that was never measured shows what was looked at.
    (_rows, shop, *_rest) = health_lines(results, looks, {"shop": ()}, NOW)
    assert shop.spark.points == ((NOW, 1.0),)


def test_a_look_adds_its_number_or_whether_it_held_and_nothing_when_not_known() -> None:
    assert point_of(watched("a", "does_not_hold", "3.5")) == 3.5
    assert point_of(watched("a", "holds", "up")) == 1.0
    assert point_of(watched("a", "does_not_hold", "down")) == 0.0
    assert point_of(watched("a", "not_known", "3")) is None
    looks = {"a": ((NOW - BACK_MS - 1, 1.0), (NOW - BACK_MS, 2.0)), "gone": ((NOW, 1.0),)}
    found = with_look(looks, [watched("a", "holds", "7"), watched("b", "not_known")], NOW)
    assert found == {"a": ((NOW - BACK_MS, 2.0), (NOW, 7.0)), "b": ()}
    many = {"a": tuple((NOW - n, 1.0) for n in range(MOST_LOOKS, 0, -1))}
    assert len(with_look(many, [watched("a", "holds", "7")], NOW)["a"]) == MOST_LOOKS


def test_the_head_says_when_and_why_not_since() -> None:
    assert head_words("02:41:02", "") == "at 02:41:02 UTC"
    assert head_words("02:41:02", "the engine is away") == "as of 02:41:02; the engine is away"
    assert head_words("", "the engine is away") == "the engine is away"
    assert head_words("", "") == "looking …"
