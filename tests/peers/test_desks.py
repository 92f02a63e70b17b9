"""What a message tells of desks: nothing where there are none, or where none are known."""

from __future__ import annotations

from crisisdesk.peers.desks import desks_out, hear_desks

from tests.peers.places import A, Place


def test_desks_stand_beside_the_word_only_where_there_are_any() -> None:
    here = Place(A)
    assert desks_out(here.room()) == {}
    here.desks = [{"desk": "d1"}]
    told = desks_out(here.room())
    assert told == {"desks": [{"desk": "d1"}]}
    hear_desks(here.room(), "Praha", {"word": {}})
    assert here.heard_desks == []
    hear_desks(here.room(), "Praha", told)
    assert here.heard_desks == [("Praha", [{"desk": "d1"}])]
