"""A station in the hub's place: the exchange itself, unchanged, over a real line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.exchange.ports import Forked, HubAway, Report, SignedHead
from crisisdesk.peers.line import Line
from crisisdesk.peers.peer_hub import PeerHub

from tests.peers.places import A, B, C, Place, log_of, meet


@contextmanager
def hub_at(here: Place, there: Place) -> Iterator[PeerHub]:
    with there.listening():
        meet(here, there)
        line = Line(here.book.friends[there.station_id], here.book)
        try:
            yield PeerHub(line)
        finally:
            line.drop()


def test_what_either_side_lacks_goes_over_whoever_wrote_it() -> None:
    here, there = Place(A, log_of(A, 4), log_of(C, 3)), Place(B, log_of(A, 2), log_of(B, 5))
    with hub_at(here, there) as hub:
        outcome = Exchange(here.log, hub).run()
        assert (outcome.pushed, outcome.pulled) == (5, 5)
        assert hub.heads() == here.log.marks() == there.log.marks()
        again = Exchange(here.log, hub).run()
        assert (again.pushed, again.pulled, again.held_back) == (0, 0, {})


def test_a_long_log_goes_over_in_batches() -> None:
    here, there = Place(A, log_of(A, 1_700)), Place(B, log_of(B, 5_300))
    with hub_at(here, there) as hub:
        outcome = Exchange(here.log, hub).run()
        assert (outcome.pushed, outcome.pulled) == (1_700, 5_300)
        assert here.log.marks() == there.log.marks()


@pytest.mark.expect_log("two different events", level="ERROR")
def test_another_event_under_a_number_is_told_and_not_taken() -> None:
    here, there = Place(A, log_of(C, 3)), Place(B, log_of(C, 2, "other"))
    with hub_at(here, there) as hub:
        with pytest.raises(Forked):
            hub.push(C, 1, log_of(C, 3))
        outcome = Exchange(here.log, hub).run()
        assert "two different events" in outcome.held_back[C]
    assert len(there.log.has[C]) == 2


def test_what_does_not_follow_is_not_taken() -> None:
    here, there = Place(A), Place(B, log_of(C, 2))
    with hub_at(here, there) as hub:
        assert hub.push(C, 5, log_of(C, 5)[4:]) == 2
        with pytest.raises(HubAway):
            hub.push(C, 3, [*log_of(C, 3)[2:], *log_of(A, 1)])
    assert there.log.marks().keys() == {C}


def test_a_batch_has_no_gap_and_a_limit() -> None:
    here, there = Place(A), Place(B, log_of(B, 10), log_of(C, 10))
    with hub_at(here, there) as hub:
        found: list[Stored] = hub.pull({B: 3, C: 0}, 9)
        assert [(e.origin, e.seq) for e in found] == [
            *((B, n) for n in range(4, 9)),
            *((C, n) for n in range(1, 5)),
        ]
        assert hub.pull({B: 10, "d" * 32: 0}) == []


def test_registration_and_signed_heads_stay_with_the_hub() -> None:
    here, there = Place(A), Place(B)
    report = Report(
        station_id="S-A", origin=A, name="A", version="1", vector={}, hlc=0, fold_version=1
    )
    with hub_at(here, there) as hub:
        assert hub.report(report).reports == (report,)
        hub.sign_head(SignedHead(origin=A, seq=1, hash=b"", signature=b""))
        assert hub.signed_heads() == []
