"""How services stand: by alerts, by looks, by neither; their order; what is told beside it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.service_board.judging import (
    RANK,
    Board,
    Facts,
    ServiceLine,
    ServiceState,
    service_board,
)
from crisisdesk.domain.service_board.watching import Looker, Told
from crisisdesk.domain.silence import Silence

from tests.domain.service_board.facts import NOW, alerts, board, line, published

DOWN, DEGRADED = ServiceState.DOWN, ServiceState.DEGRADED
UNSURE, NO_DATA, OK = ServiceState.UNSURE, ServiceState.NO_DATA, ServiceState.OK


def only(found: Board) -> ServiceLine:
    (one,) = found.lines
    return one


@pytest.mark.parametrize(
    ("severity", "state"), [(5, DOWN), (4, DOWN), (3, DEGRADED), (2, DEGRADED), (1, OK)]
)
def test_the_worst_open_alert_says_how_it_stands(severity: int, state: ServiceState) -> None:
    one = only(board(alerts=[alerts("shop", 1), alerts("shop", severity)], sources=[line()]))
    assert one.state is state
    assert one.open == 2
    assert one.since == (None if state is OK else NOW - 60_000)


@pytest.mark.parametrize(
    ("of", "state"),
    [
        ({}, OK),
        ({"told": Told.DOWN}, DOWN),
        ({"is_up": False}, UNSURE),
        ({"ago": 40_000}, UNSURE),
        ({"ago": 25_000}, OK),
        ({"ago": None, "since": NOW}, NO_DATA),
        ({"paused": True}, NO_DATA),
        ({"looker": Looker("ST-A", on_duty=False)}, OK),
    ],
)
def test_without_an_alert_its_sources_say(of: dict[str, Any], state: ServiceState) -> None:
    assert only(board(sources=[line(**of)])).state is state


def test_that_nothing_can_be_found_out_is_not_that_it_is_down() -> None:
    blind = alerts("shop", 4, is_blind=True, since=NOW - 90_000)
    one = only(board(alerts=[blind], sources=[line(ago=99_000, told=Told.SILENT)]))
    assert (one.state, one.since) == (UNSURE, NOW - 99_000)
    other = line(name="second")
    assert only(board(alerts=[blind], sources=[line(told=Told.SILENT), other])).state is OK


def test_what_nobody_looks_at_has_no_data() -> None:
    found = board(services=published({"shop": {"owner": "Kim", "tier": 1}}), lately=["mail"])
    assert [(one.name, one.state, one.owner, one.tier) for one in found.lines] == [
        ("shop", NO_DATA, "Kim", "1"),
        ("mail", NO_DATA, "", ""),
    ]


def test_a_series_that_bears_its_name_is_a_source_of_it() -> None:
    prom = line(service="", name="prom")
    found = board(sources=[prom], watched_by={"shop": {prom.source.source_id, "SRC-gone"}})
    assert only(found).watchers == (prom,)
    assert only(found).state is OK


def test_what_it_needs_is_told_with_how_that_stands() -> None:
    services = published({"shop": {"depends_on": ["db"]}, "portal": {"depends_on": ["shop"]}})
    found = board(services=services, alerts=[alerts("db", 4), alerts("shop", 3)])
    told = {one.name: one.because for one in found.lines}
    assert told == {"db": (), "shop": (("db", DOWN),), "portal": (("db", DOWN),)}


def test_alerts_of_no_service_are_counted_apart() -> None:
    found = board(alerts=[alerts("", 4, 3), alerts("", 2, 2), alerts("shop", 2)])
    assert found.unplaced == 5
    assert [one.name for one in found.lines] == ["shop"]
    assert found.counts() == {DEGRADED: 1}


def test_quiet_ones_come_after_those_that_page() -> None:
    silence = Silence(silence_id="SIL-1", match={"service": "a"}, until=NOW + 1, set_at=0)
    found = board(
        alerts=[alerts("a", 5), alerts("b", 4), alerts("c", 4, 2), alerts("d", 4, unowned=1)],
        quiet={"c": 2, "d": 0},
        silences=[silence],
    )
    assert [one.name for one in found.lines] == ["d", "b", "a", "c"]
    assert [one.is_quiet for one in found.lines] == [False, False, True, True]


def test_of_the_same_state_the_first_tier_comes_first() -> None:
    tiers: dict[str, Any] = {"a": {}, "b": {"tier": 10}, "c": {"tier": 2}, "d": {"tier": 1}}
    found = board(services=published(tiers))
    assert [one.name for one in found.lines] == ["d", "c", "b", "a"]


@given(
    st.lists(
        st.builds(
            alerts,
            st.sampled_from("abcd"),
            st.integers(1, 5),
            st.integers(1, 3),
            is_blind=st.booleans(),
        ),
        max_size=12,
    ),
    st.lists(
        st.builds(
            line,
            st.sampled_from("abcd"),
            ago=st.sampled_from([None, 0, 25_000, 90_000]),
            is_up=st.booleans(),
            told=st.sampled_from([None, *Told]),
            name=st.sampled_from("xyz"),
        ),
        max_size=6,
        unique_by=lambda one: one.source.source_id,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_facts_changes_nothing_and_the_worst_stand_first(
    of: list[Any], sources: list[Any], chance: random.Random
) -> None:
    first = service_board(Facts(alerts=of, sources=sources), NOW)
    chance.shuffle(of)
    chance.shuffle(sources)
    assert service_board(Facts(alerts=of, sources=sources), NOW) == first
    ranks = [RANK[one.state] for one in first.lines]
    assert ranks == sorted(ranks)
    assert sum(one.open for one in first.lines) == sum(one.count for one in of)
