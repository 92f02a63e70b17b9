"""Stations vouch for each other's logs: what is signed is kept, and what contradicts it is told."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from crisisdesk.domain.heads import parse_witnesses
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.ports import Mark, SignedHead
from crisisdesk.engine.exchange.signing import SIGN_EVERY_S, Witness, WitnessParts
from crisisdesk.settings.keys import Ed25519Verifier, SigningKeys
from crisisdesk.store.files import reading_connection
from crisisdesk.store.heads import kept_heads, keys_in
from crisisdesk.store.proof import prove

from tests.reliability.memhub import MemHub
from tests.reliability.posts import Post
from tests.settings.test_keys import Drawer
from tests.store.workload import START


class Watched:
    """A station with its witness, on one hub."""

    def __init__(self, folder: Path, hub: MemHub, seed: int) -> None:
        folder.mkdir()
        self.post = Post(folder / "station.db", random.Random(seed))
        self.hub = hub
        self.time = 1_000.0
        self.keys = SigningKeys(Drawer())
        self.signed = 0
        parts = WitnessParts(
            keys=self.keys,
            verifier=Ed25519Verifier(),
            announce=self._announce,
            announced=partial(keys_in, self.post.path),
            keep=self._keep,
            boottime=lambda: self.time,
        )
        self.witness = Witness(hub, self.post.log, parts)

    def _announce(self, origin: str, public_key: str) -> bool:
        command = c.AnnounceStation(
            origin=origin, public_key=public_key, version="1", duty_rank=None, name="Post 4"
        )
        return bool(self.post.do(command)[0])

    def _keep(self, heads: Sequence[SignedHead]) -> None:
        self.signed += any(head.origin == self.post.origin for head in heads)
        self.post.do(c.KeepHeads(heads=heads))

    def round(self) -> dict[str, str]:
        """Exchange, then witness; the problems."""
        self.witness.run(self.post.exchange(self.hub))
        return self.witness.problems

    def kept(self) -> dict[str, int]:
        """The newest kept head of every origin."""
        raw = reading_connection(self.post.path)
        try:
            return {head.origin: head.seq for head in kept_heads(raw)}
        finally:
            raw.close()


@pytest.fixture
def hub() -> MemHub:
    """Empty."""
    return MemHub(lambda: START)


@pytest.fixture
def pair(tmp_path: Path, hub: MemHub) -> Iterator[tuple[Watched, Watched]]:
    """Two stations that have met, each with some work done."""
    a, b = Watched(tmp_path / "a", hub, 1), Watched(tmp_path / "b", hub, 2)
    for one in (a, b):
        one.post.work(3)
        one.round()
    for one in (a, b, a, b, a, b):
        one.round()
    yield a, b
    for one in (a, b):
        one.post.close()


def test_each_keeps_what_the_other_has_signed(pair: tuple[Watched, Watched]) -> None:
    a, b = pair
    for one in pair:
        assert one.witness.problems == {}
        assert set(one.kept()) == {a.post.origin, b.post.origin}
        proof = prove(one.post.path, Ed25519Verifier())
        assert proof.first_bad is None, proof.in_words
        assert proof.heads >= 2
    newest = {head.origin: head for head in a.hub.signed_heads()}
    seen = parse_witnesses(newest[b.post.origin].witnesses)
    assert set(seen) == {a.post.origin}


def test_it_signs_after_each_batch_and_every_minute(pair: tuple[Watched, Watched]) -> None:
    a, _b = pair
    a.round()
    before = a.signed
    a.round()
    assert a.signed == before
    a.post.work(1)
    a.round()
    assert a.signed == before + 1
    a.time += SIGN_EVERY_S
    a.round()
    assert a.signed == before + 2


def test_what_is_signed_during_an_exchange_is_no_truncation(
    pair: tuple[Watched, Watched],
) -> None:
    a, b = pair
    outcome = b.post.exchange(b.hub)
    a.post.work(2)
    a.round()
    b.witness.run(outcome)
    assert b.witness.problems == {}
    assert b.round() == {}
    assert b.kept()[a.post.origin] == a.post.journal.head().seq


@pytest.mark.expect_log("not signed with the key", level="ERROR")
def test_a_head_under_a_foreign_key_is_told(pair: tuple[Watched, Watched]) -> None:
    a, b = pair
    (mine,) = [h for h in a.hub.signed_heads() if h.origin == a.post.origin]
    (theirs,) = [h for h in a.hub.signed_heads() if h.origin == b.post.origin]
    a.hub.sign_head(replace(mine, signature=theirs.signature))
    b.round()
    assert "not signed with the key" in b.round()[a.post.origin]
    assert a.post.origin in b.kept()


@pytest.mark.expect_log("were witnessed", level="ERROR")
def test_a_hub_that_lost_its_end_is_found_by_a_new_station(
    pair: tuple[Watched, Watched], tmp_path: Path, hub: MemHub
) -> None:
    a, _b = pair
    old = hub.copy()
    a.post.work(2)
    a.round()
    signed = hub.signed_heads()
    hub.set_back(old)
    for head in signed:
        hub.sign_head(head)
    late = Watched(tmp_path / "late", hub, 3)
    late.round()
    assert "were witnessed" in late.round()[a.post.origin]
    assert a.post.origin not in late.kept()
    # Who holds them hands them on: all is well again.
    a.round()
    late.round()
    assert late.round() == {}
    late.post.close()


@pytest.mark.expect_log("not those that were signed", level="ERROR")
def test_a_hub_that_rewrites_history_is_found_by_a_new_station(
    pair: tuple[Watched, Watched], tmp_path: Path, hub: MemHub
) -> None:
    from crisisdesk.domain.event import Stored, seal, unseal

    a, _b = pair
    log = hub._has.events[a.post.origin]
    event = replace(unseal(log[-1].raw, log[-1].body), actor="Nobody")
    forged = seal(event, log[-1].salt, log[-2].hash)
    log[-1] = Stored(
        origin=event.origin,
        seq=event.seq,
        raw=forged.raw,
        body=forged.body,
        salt=forged.salt,
        hash=forged.hash,
    )
    late = Watched(tmp_path / "late", hub, 3)
    late.round()
    assert "not those that were signed" in late.round()[a.post.origin]
    late.post.close()


@pytest.mark.allow_log("goes on as")
def test_a_new_incarnation_signs_with_a_new_key(pair: tuple[Watched, Watched]) -> None:
    a, b = pair
    was, old = a.post.origin, a.keys.of(a.post.origin).public_key
    end = a.post.journal.head()
    a.post.do(c.LeaveOrigin(origin=was, agreed=Mark(end.seq, end.hash)))
    for one in (a, b, a, b, a, b):
        one.round()
    keys = keys_in(b.post.path).of_origin
    assert keys[was] == old
    assert keys[a.post.origin] not in {old, keys[b.post.origin]}
    assert b.kept().keys() >= {was, a.post.origin}
    assert b.witness.problems == a.witness.problems == {}


@pytest.mark.expect_log("under another key", level="ERROR")
def test_a_lost_key_is_not_replaced_in_silence(pair: tuple[Watched, Watched]) -> None:
    a, _b = pair
    a.witness._signs_as = ""
    a.keys._secrets = Drawer()
    before = a.signed
    a.post.work(1)
    assert "another key" in a.round()[a.post.origin]
    assert a.signed == before
