"""Signed heads in the file: the newest few are kept, and a log they do not bear out is told."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crisisdesk.domain.heads import Claim, parse_witnesses
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.settings.keys import Ed25519Verifier
from crisisdesk.store.files import writing_connection
from crisisdesk.store.heads import KEPT_OF_EACH, check_heads, keep_heads, kept_heads, keys_in
from crisisdesk.store.proof import prove

from tests.reliability.signedlog import INSERT_HEAD, SignedLog, row_of, sign


@pytest.fixture
def log(tmp_path: Path) -> SignedLog:
    """Three origins, four hundred events, eight heads each."""
    made = SignedLog(tmp_path / "station.db", random.Random(5), 400)
    made.build()
    return made


@pytest.fixture
def raw(log: SignedLog) -> Iterator[sqlite3.Connection]:
    """The writer's connection."""
    with closing(writing_connection(log.path)) as opened:
        yield opened


def test_only_the_newest_few_of_each_origin_are_kept(
    log: SignedLog, raw: sqlite3.Connection
) -> None:
    newest = log.newest_head(log.origins[0])
    later = [replace(newest, seq=newest.seq + n) for n in range(1, KEPT_OF_EACH + 3)]
    keep_heads(raw, later)
    kept = [h.seq for h in kept_heads(raw) if h.origin == newest.origin]
    assert kept == [h.seq for h in later[-KEPT_OF_EACH:]]


def test_keys_are_those_that_origins_announced(log: SignedLog) -> None:
    assert keys_in(log.path).of_origin == {o: k.public_key for o, k in log.keys.items()}
    with pytest.raises(StoreFailed):
        keys_in(log.path.with_name("none.db"))


def test_a_whole_log_is_borne_out_in_words(log: SignedLog) -> None:
    proof = prove(log.path, Ed25519Verifier())
    words = f"400 events verified, every hash agrees, {len(log.heads)} signed heads bear it out"
    assert proof.in_words == words


def test_the_station_whose_event_is_bad_is_named(log: SignedLog, raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE event SET body = x'00' WHERE pos = 300")
    (origin,) = raw.execute("SELECT origin FROM event WHERE pos = 300").fetchone()
    raw.execute(
        "INSERT INTO station (agg, pos, fold_version, state) VALUES ('S-X', 1, 1, ?)",
        (f'{{"incarnations":{{"{origin}":"11"}},"name":"Brno"}}'.encode(),),
    )
    proof = prove(log.path, Ed25519Verifier())
    assert proof.first_bad is not None
    assert "(Brno) is damaged: body differs" in proof.in_words


def test_a_witness_that_names_other_events_is_told(log: SignedLog, raw: sqlite3.Connection) -> None:
    origin = log.origins[0]
    head = log.newest_head(origin)
    witnesses = parse_witnesses(head.witnesses)
    back = {o: (seq - 1, digest) for o, (seq, digest) in witnesses.items()}
    forged = sign(
        log.keys[origin],
        Claim(origin=origin, seq=head.seq, hash=head.hash, witnesses=back),
    )
    raw.execute(INSERT_HEAD, row_of(forged))
    _good, bad = check_heads(raw, Ed25519Verifier())
    assert bad is not None
    assert bad[0] in witnesses
    assert "not those that were signed" in bad[2]


def test_an_origin_without_a_key_cannot_vouch(log: SignedLog, raw: sqlite3.Connection) -> None:
    head = replace(log.newest_head(log.origins[0]), origin="e" * 32)
    raw.execute(INSERT_HEAD, row_of(head))
    _good, bad = check_heads(raw, Ed25519Verifier())
    assert bad == ("e" * 32, 1, "its origin has announced no key")
