"""Which peers are in sight: heard a moment ago, and hearing us."""

from __future__ import annotations

from crisisdesk.domain.duty import PEER_S, Word
from crisisdesk.engine.duty.peer_view import PeerView

ME, OTHER = "a" * 32, "b" * 32


def test_a_peer_is_in_sight_once_both_hear_each_other() -> None:
    view = PeerView(ME)
    view.hear(Word(origin=OTHER), 10.0)
    (peer,) = view.peers(10.0)
    assert not peer.is_visible(10.0)
    view.hear(Word(origin=OTHER, hears=(ME,)), 11.0)
    view.hear(Word(origin=OTHER, hears=(ME,)), 12.0)
    (peer,) = view.peers(12.0)
    assert (peer.heard, peer.stable_since, peer.is_visible(12.0)) == (12.0, 11.0, True)


def test_silence_and_deafness_begin_its_time_anew() -> None:
    view = PeerView(ME)
    view.hear(Word(origin=OTHER, hears=(ME,)), 10.0)
    view.hear(Word(origin=OTHER, hears=(ME,)), 10.0 + PEER_S + 1)
    assert view.peers(14.0)[0].stable_since == 10.0 + PEER_S + 1
    view.hear(Word(origin=OTHER), 15.0)
    assert view.peers(15.0)[0].stable_since is None
    view.hear(Word(origin=OTHER, hears=(ME,)), 16.0)
    assert view.peers(16.0)[0].stable_since == 16.0


def test_who_went_silent_is_forgotten_and_oneself_is_no_peer() -> None:
    view = PeerView(ME)
    view.hear(Word(origin=ME, hears=(ME,)), 10.0)
    view.hear(Word(origin=OTHER, hears=(ME,)), 10.0)
    assert len(view.peers(10.0 + PEER_S)) == 1
    assert view.peers(10.1 + PEER_S) == ()
