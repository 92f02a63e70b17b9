"""Duty: with the hub only its lease counts; without it ranks, peers and patience do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.duty import (
    CATCH_UP_S,
    HAND_OVER_S,
    INTENT_S,
    LEASE_S,
    MOST_HOPS,
    PEER_S,
    RANK_S,
    STABLE_S,
    WAIT_S,
    Decision,
    HeldLease,
    Knowledge,
    Peer,
    Word,
    decide,
    speak,
    valid_until,
)

NOW = 10_000.0
ME = "b" * 32


def peer(origin: str, *, heard: float = NOW, stable: float | None = 0.0, **said: Any) -> Peer:
    word = Word(origin=origin * 32, name=f"Post {origin}", **said)
    return Peer(word=word, heard=heard, stable_since=stable)


def away(*peers: Peer, rank: int | None = 1, **more: Any) -> Knowledge:
    """Without the hub for long, with the intent told long enough."""
    given: dict[str, Any] = {"unanswered": NOW - 60, "intent_since": NOW - 60, "holder": "c" * 32}
    given |= more
    return Knowledge(hub_configured=True, origin=ME, rank=rank, peers=peers, **given)


def near(**more: Any) -> Knowledge:
    return Knowledge(hub_configured=True, origin=ME, rank=1, **more)


def test_without_a_hub_this_station_pages() -> None:
    decision = decide(Knowledge(hub_configured=False), NOW)
    assert (decision.kind, decision.may_page, decision.patience_s) == ("alone", True, 0)


def test_the_lease_decides_while_it_is_believed() -> None:
    knowledge = near(lease=HeldLease(token=7, until=NOW + 1), unanswered=NOW - 2)
    decision = decide(knowledge, NOW)
    assert (decision.kind, decision.may_page, decision.token) == ("holds", True, 7)
    assert decision.look_again == NOW + 1
    assert decide(knowledge, NOW + 1).may_page is False


def test_a_lease_is_believed_shorter_than_the_hub_grants_it() -> None:
    assert valid_until(NOW) == NOW + LEASE_S - 0.5
    assert valid_until(NOW, left_s=2.0) == NOW + 1.5
    assert valid_until(NOW, left_s=99.0) == NOW + LEASE_S - 0.5


def test_no_lease_is_kept_over_suspend() -> None:
    knowledge = near(lease=HeldLease(token=7, until=valid_until(NOW)))
    assert decide(knowledge, NOW + 1).may_page
    woken = replace(knowledge, unanswered=NOW, awake_since=NOW + 3_600)
    decision = decide(woken, NOW + 3_600)
    assert (decision.kind, decision.may_page) == ("waiting", False)


def test_after_a_gap_the_hub_gets_its_time_to_answer_before_anyone_acts() -> None:
    woken = away(awake_since=NOW)
    assert decide(woken, NOW + WAIT_S - 0.1).kind == "waiting"
    assert decide(woken, NOW + WAIT_S).kind == "acting"


def test_another_ones_lease_is_followed_and_named() -> None:
    decision = decide(near(holder="c" * 32, holder_name="Night desk"), NOW)
    assert (decision.kind, decision.may_page) == ("follows", False)
    assert decision.words == "Night desk has the hub's lease and pages"
    assert decide(near(holder=ME), NOW).kind == "waiting"
    assert decide(near(), NOW).kind == "waiting"


def test_nobody_acts_before_the_lease_has_run_out_for_everyone() -> None:
    knowledge = away(unanswered=NOW)
    kinds = [decide(knowledge, NOW + s).kind for s in (0.5, 2, WAIT_S - 0.01, WAIT_S)]
    assert kinds == ["follows", "waiting", "waiting", "acting"]


def test_a_peer_with_the_hubs_lease_pages() -> None:
    decision = decide(away(peer("c", claims_lease=True, sees_hub=True), rank=0), NOW)
    assert (decision.kind, decision.may_page, decision.holder) == ("follows", False, "c" * 32)
    assert "Post c has the hub's lease" in decision.words


def test_a_peer_that_reaches_the_hub_leaves_it_to_the_lease() -> None:
    decision = decide(away(peer("c", sees_hub=True), rank=0), NOW)
    assert (decision.kind, decision.may_page) == ("waiting", False)


def test_the_lowest_rank_in_sight_pages_and_the_others_do_not() -> None:
    assert decide(away(peer("c", rank=2), rank=1), NOW).kind == "acting"
    assert decide(away(peer("c", rank=0), rank=1), NOW).kind == "waiting"
    assert decide(away(peer("a", rank=1), rank=1), NOW).kind == "waiting"
    assert decide(away(peer("c", rank=1), rank=1), NOW).kind == "acting"
    assert decide(away(peer("c"), rank=1), NOW).kind == "acting"


def test_it_is_told_before_it_is_done_and_an_objection_stops_it() -> None:
    first = decide(away(intent_since=None), NOW)
    assert (first.kind, first.acts, first.may_page) == ("waiting", True, False)
    assert decide(away(intent_since=NOW), NOW + INTENT_S - 0.01).may_page is False
    assert decide(away(intent_since=NOW), NOW + INTENT_S).may_page is True
    fresh = peer("a", rank=0, acts=True, stable=NOW - 0.2)
    assert decide(away(fresh), NOW).words == "Post a pages without the hub"
    silent = peer("a", rank=0, stable=NOW - 0.2)
    assert decide(away(silent), NOW).kind == "acting"
    assert decide(away(replace(silent, stable_since=NOW - STABLE_S)), NOW).kind == "waiting"


def test_a_peer_that_does_not_hear_us_or_is_silent_is_out_of_sight() -> None:
    deaf = peer("a", rank=0, acts=True, stable=None)
    assert decide(away(deaf), NOW).kind == "acting"
    silent = peer("a", rank=0, acts=True, heard=NOW - PEER_S - 0.1)
    assert decide(away(silent), NOW).kind == "acting"


def test_a_better_ranked_station_that_only_a_peer_hears_is_heeded() -> None:
    assert decide(away(peer("c", rank=5, hears_rank=0)), NOW).kind == "waiting"
    assert decide(away(peer("c", rank=5, hears_rank=1)), NOW).kind == "acting"
    decision = decide(away(peer("c", hears_rank=0), rank=None), NOW)
    assert decision.kind == "waiting"


def test_an_unranked_station_that_sees_no_ranked_one_says_so_loudly() -> None:
    for peers in ((), (peer("c"),)):
        decision = decide(away(*peers, rank=None), NOW)
        assert (decision.kind, decision.may_page) == ("not_paging", False)
        assert decision.words.startswith("NOT PAGING")
    assert decide(away(peer("c", rank=3), rank=None), NOW).kind == "waiting"
    assert decide(away(peer("c", rank=3, acts=True), rank=None), NOW).kind == "follows"


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_an_isolated_station_waits_by_its_rank_with_what_others_may_know(rank: int) -> None:
    decision = decide(away(rank=rank), NOW)
    assert (decision.kind, decision.patience_s) == ("acting", rank * RANK_S)


def test_patience_is_for_those_who_may_page_elsewhere() -> None:
    near_c = peer("c", rank=5)
    assert decide(away(near_c, rank=1), NOW).patience_s == 0
    assert decide(away(near_c, rank=1, better_ranked=True), NOW).patience_s == RANK_S
    assert decide(away(near_c, rank=0, better_ranked=True), NOW).patience_s == 0


def test_overdue_pages_let_the_next_one_take_over_from_who_does_nothing() -> None:
    hung = peer("a", rank=0, acts=True)
    assert decide(away(hung, overdue_since=NOW), NOW).kind == "acting"
    hung = peer("a", claims_lease=True, sees_hub=True)
    assert decide(away(hung, overdue_since=NOW), NOW).kind == "acting"
    two = (peer("a", rank=0), peer("c", rank=1))
    third = away(*two, rank=2, overdue_since=NOW)
    assert decide(third, NOW).kind == "waiting"
    later = [replace(p, heard=NOW + RANK_S, stable_since=0.0) for p in two]
    assert decide(replace(third, peers=tuple(later)), NOW + RANK_S).kind == "acting"


def test_a_hub_that_is_back_rules_at_once_and_its_holder_reads_up_first() -> None:
    assert decide(away(unanswered=None), NOW).kind == "follows"
    lease = HeldLease(token=3, until=NOW + CATCH_UP_S + 2)
    back = near(lease=lease, hub_back=NOW, caught_up=False)
    assert decide(back, NOW).may_page is False
    assert "first takes over" in decide(back, NOW).words
    read_up = replace(back, caught_up=True)
    assert decide(read_up, NOW + HAND_OVER_S - 0.1).may_page is False
    assert decide(read_up, NOW + HAND_OVER_S).may_page is True
    still_acts = replace(read_up, peers=(peer("a", rank=0, acts=True, heard=NOW + 2),))
    assert decide(still_acts, NOW + HAND_OVER_S).may_page is False
    assert decide(still_acts, NOW + CATCH_UP_S).may_page is True
    assert decide(back, NOW + CATCH_UP_S).may_page is True


def test_what_is_told_to_peers() -> None:
    known = away(peer("a", rank=0, acts=True), peer("c", stable=None), peer("d", heard=0.0))
    word = speak(known, decide(known, NOW), NOW)
    assert (word.origin, word.rank, word.sees_hub, word.claims_lease) == (ME, 1, False, False)
    assert word.hears == ("a" * 32, "c" * 32)
    assert word.hears_rank == 0
    holding = near(lease=HeldLease(token=3, until=NOW + 2))
    word = speak(holding, decide(holding, NOW), NOW)
    assert (word.sees_hub, word.claims_lease, word.token, word.acts) == (True, True, 3, False)


def test_who_acts_is_passed_on_from_peer_to_peer_and_not_for_ever() -> None:
    def heard(*peers: Peer) -> tuple[int | None, int]:
        known = away(*peers, rank=None)
        word = speak(known, decide(known, NOW), NOW)
        return word.hears_rank, word.hears_hops

    assert heard() == (None, 1)
    assert heard(peer("a", rank=2, acts=True)) == (2, 1)
    assert heard(peer("a", hears_rank=2, hears_hops=1)) == (2, 2)
    assert heard(peer("a", rank=2, acts=True, hears_rank=0, hears_hops=4)) == (0, 5)
    assert heard(peer("a", rank=0, acts=True), peer("c", hears_rank=0, hears_hops=1)) == (0, 1)
    assert heard(peer("a", hears_rank=0, hears_hops=MOST_HOPS - 1)) == (0, MOST_HOPS)
    assert heard(peer("a", hears_rank=0, hears_hops=MOST_HOPS)) == (None, 1)
    assert heard(peer("a", stable=None, hears_rank=0)) == (None, 1)


RANKS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=1, max_size=6)


@given(RANKS)
def test_of_stations_that_all_see_each_other_at_most_one_acts(ranks: list[int | None]) -> None:
    names = "abcdef"[: len(ranks)]
    words = [Word(origin=name * 32, rank=rank) for name, rank in zip(names, ranks, strict=True)]
    acting = []
    for word in words:
        others = tuple(
            Peer(word=w, heard=NOW, stable_since=0.0) for w in words if w.origin != word.origin
        )
        known = replace(away(*others, rank=word.rank), origin=word.origin)
        acting.append(decide(known, NOW).may_page)
    ranked = any(rank is not None for rank in ranks)
    assert sum(acting) == ranked


@given(st.floats(0, 100), st.floats(0, 100), st.booleans(), st.one_of(st.none(), st.integers(0, 3)))
def test_words_and_the_next_look_are_never_missing(
    unanswered: float, awake: float, asked: bool, rank: int | None
) -> None:
    known = away(rank=rank, unanswered=NOW - unanswered if asked else None)
    decision: Decision = decide(replace(known, awake_since=NOW - awake), NOW)
    assert decision.words
    assert decision.look_again >= NOW
    assert decision.may_page == (decision.kind in ("alone", "holds", "acting"))
