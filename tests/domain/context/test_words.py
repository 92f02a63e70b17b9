"""The context in words: what is there, and what its absence says."""

from __future__ import annotations

import math

from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.context.gathered import Context, Near, Neighbour, RecentChange, RunbookFound
from crisisdesk.domain.context.measured import Measured
from crisisdesk.domain.context.similar import Past, Similar, trait
from crisisdesk.domain.context.words import (
    change_words,
    cut,
    neighbour_words,
    owner_words,
    parts_of,
    past_words,
    series_words,
)

MINUTE = 60_000


def test_an_alert_nobody_knows_anything_of_says_so_and_no_more() -> None:
    bare = Context(alert_id="A-1", services=("db",), measured_words="no series is known")
    assert [(p.label, p.lines) for p in parts_of(bare, 0)] == [
        ("Owner", ("unknown, db is in no catalogue",)),
        ("Changes", ("none in the 24 h before",)),
        ("Measured", ("no series is known",)),
    ]


def test_owner_team_and_tier_are_one_line() -> None:
    known = Context(alert_id="A-1", services=("db",), is_known=True, owner="Kim", team="Web")
    assert owner_words(known) == "Kim, team Web, db"
    nobody = Context(alert_id="A-1", services=("db",), is_known=True, tier="1")
    assert owner_words(nobody) == "nobody is named, db tier 1"


def test_a_change_says_when_what_by_whom_and_how_it_hangs_together() -> None:
    change = RecordedChange(
        change_id="CHG-1", summary="shop\ndeployed " + "x" * 200, author="Kim", at=0, recorded_at=0
    )
    own = change_words(RecentChange(change, Near("db", 0, ""), 4 * MINUTE))
    assert own.startswith("4 min before: shop deployed xx")
    assert own.endswith("…, by Kim")
    near = change_words(RecentChange(change, Near("shop", 1, "needs db"), -MINUTE))
    assert near.startswith("1 min after: ")
    assert near.endswith("(shop: needs db)")


def test_neighbours_and_past_ones_are_told_on_one_line() -> None:
    neighbour = Neighbour(Near("shop", 1, "needs db"), "A-2", 4, "Slow", 0)
    assert neighbour_words(neighbour, MINUTE) == "shop, critical, for 1 min: Slow (needs db)"
    past = Past(
        subject_id="INC-1",
        title="Shop slow",
        trait=trait([], "", {}),
        began_at=0,
        span_ms=62 * MINUTE,
        by="Kim",
        words="index\nrebuilt",
    )
    told = past_words(Similar(past=past, points=80, because="same service"))
    assert told == "INC-1 Shop slow: ended after 1 h 2 min by Kim, index rebuilt (same service)"


def test_a_series_without_a_number_says_so() -> None:
    assert series_words(Measured("up", ((1, 0.5), (2, 2.0)))) == "up 2, 0.5 to 2 in the last hour"
    assert series_words(Measured("up", ((1, math.nan),))) == "up: no number in the last hour"


def test_runbooks_are_told_with_the_reason() -> None:
    one = Context(alert_id="A-1", runbooks=(RunbookFound("https://x.example", "of db"),))
    assert parts_of(one, 0)[1].lines == ("https://x.example  of db",)
    assert cut("a" * 9, 5) == "aaaa…"
