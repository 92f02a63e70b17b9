"""The book of friends: registered, told by themselves, and with their own certificate."""

from __future__ import annotations

from dataclasses import replace

from tests.peers.places import A, B, C, Place, meet


def two() -> tuple[Place, Place]:
    here, there = Place(A), Place(B)
    there.addresses = ("127.0.0.1:1",)
    meet(here, there)
    return here, there


def test_a_registered_station_is_a_friend_and_this_one_is_not() -> None:
    here, there = two()
    assert here.book.friends.keys() == {there.station_id}
    friend = here.book.friends[there.station_id]
    assert (friend.origin, friend.addresses) == (B, ("127.0.0.1:1",))
    assert here.book.who_has(friend.certificate) == friend
    assert here.book.is_trusted(friend)


def test_who_is_not_registered_is_none() -> None:
    here, there = two()
    friend = here.book.friends[there.station_id]
    meet(here, there, without=there)
    assert here.book.friends == {}
    assert not here.book.is_trusted(friend)
    assert here.book.who_has(friend.certificate) is None
    assert here.book.who_has(None) is None


def test_only_what_the_registered_origin_told_counts() -> None:
    here, there = two()
    other = Place(C)
    told = there.station()
    # Another origin wrote into its aggregate.
    stuffed = replace(told, reachable={C: told.reachable[B]})
    here.book.refresh([stuffed], {there.station_id: B})
    assert here.book.friends == {}
    # Another station tells its certificate as if it were its own.
    borrowed = replace(other.station(), reachable={C: told.reachable[B]})
    here.book.refresh([told, borrowed], {there.station_id: B, other.station_id: C})
    assert here.book.friends.keys() == {there.station_id}


def test_a_new_certificate_takes_the_place_of_the_old_one() -> None:
    here, there = two()
    before, context = here.book.friends[there.station_id], here.book.server_context()
    fresh = Place(B)
    assert here.book.refresh([fresh.station()], {fresh.station_id: B})
    assert not here.book.is_trusted(before)
    assert here.book.server_context() is not context
    assert not here.book.refresh([fresh.station()], {fresh.station_id: B})


def test_nobody_speaks_as_another_station() -> None:
    here, there = two()
    friend = here.book.friends[there.station_id]
    assert here.book.may_speak_as(friend, B)
    assert here.book.may_speak_as(friend, "d" * 32)
    assert not here.book.may_speak_as(friend, A)


def test_addresses_without_end_are_cut() -> None:
    here, there = Place(A), Place(B)
    there.addresses = ("h" * 300 + ":1", *(f"h:{n}" for n in range(20)))
    meet(here, there)
    assert here.book.friends[there.station_id].addresses == tuple(f"h:{n}" for n in range(8))
