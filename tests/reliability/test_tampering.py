"""R16: whoever changes the log behind the engine's back is found out, at the first bad event."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crisisdesk.domain.event import chain_hash, seal, unseal
from crisisdesk.domain.heads import Claim, parse_witnesses
from crisisdesk.settings.keys import Ed25519Verifier
from crisisdesk.store import chain
from crisisdesk.store.chain import Verdict, verify_connection
from crisisdesk.store.heads import check_heads
from crisisdesk.store.proof import prove

from tests.reliability.signedlog import INSERT_HEAD, SignedLog, connection, row_of, sign
from tests.reliability.tiers import record, scaled

EVENTS = scaled(4_000, 100_000)
EDITS = scaled(330, 10_000)
CLEAN = scaled(100_000, 1_000_000)
# A forger who makes the chain anew has to do it up to the end; that far back it is tried.
REWRITTEN = 2_000
SEED = 16

Bad = tuple[str, int]


class Forger:
    """Changes a log as somebody would who can write into the file, and knows what must be told."""

    def __init__(self, log: SignedLog, raw: sqlite3.Connection, chance: random.Random) -> None:
        self.log = log
        self.raw = raw
        self.chance = chance
        self.first_pos = 1

    def _row(self, low: int = 4) -> tuple[int, str, int]:
        """Somewhere: position, origin, seq. Announcements are left as they are."""
        pos = self.chance.randint(low, self.log.events)
        self.first_pos = pos
        origin, seq = self.raw.execute(
            "SELECT origin, seq FROM event WHERE pos = ?", (pos,)
        ).fetchone()
        return pos, origin, seq

    def flipped_bit(self) -> Bad:
        """One bit of what is stored, by chance or by decay."""
        pos, origin, seq = self._row()
        column = self.chance.choice(("raw", "body", "salt", "hash"))
        (value,) = self.raw.execute(f"SELECT {column} FROM event WHERE pos=?", (pos,)).fetchone()
        turned = bytearray(value)
        turned[self.chance.randrange(len(turned))] ^= 1 << self.chance.randrange(8)
        self.raw.execute(f"UPDATE event SET {column}=? WHERE pos=?", (bytes(turned), pos))
        return origin, seq

    def other_words(self) -> Bad:
        """Another text in a body."""
        pos, origin, seq = self._row()
        self.raw.execute("UPDATE event SET body=? WHERE pos=?", (b'{"text":"all is well"}', pos))
        return origin, seq

    def other_column(self) -> Bad:
        """What the program searches by, not what is hashed."""
        pos, origin, seq = self._row()
        column, value = self.chance.choice(
            (("kind", "alert.closed"), ("agg", "A-OTHER"), ("hlc", 1), ("wall_ms", 1))
        )
        self.raw.execute(f"UPDATE event SET {column}=? WHERE pos=?", (value, pos))
        return origin, seq

    def other_order(self) -> Bad:
        """Two events of one origin change places."""
        pos, origin, seq = self._row()
        (end,) = self.log.ends[origin][:1]
        other = self.chance.randint(max(2, seq - 20), min(end, seq + 20))
        if other == seq:
            other = seq - 1 if seq > 2 else seq + 1
        (there,) = self.raw.execute(
            "SELECT pos FROM event WHERE origin=? AND seq=?", (origin, other)
        ).fetchone()
        for row, to in ((pos, -1), (there, pos), (-1, there)):
            self.raw.execute("UPDATE event SET pos=? WHERE pos=?", (to, row))
        self.first_pos = min(pos, there)
        return origin, min(seq, other)

    def left_out(self) -> Bad:
        """One event is gone."""
        pos, origin, seq = self._row()
        self.raw.execute("DELETE FROM event WHERE pos=?", (pos,))
        return origin, seq

    def cut_tail(self) -> Bad:
        """The end of one log is gone."""
        _pos, origin, seq = self._row(max(4, self.log.events - 5 * REWRITTEN))
        self.raw.execute("DELETE FROM event WHERE origin=? AND seq>=?", (origin, seq))
        return origin, seq

    def cut_tail_and_head(self) -> Bad:
        """As before, and the log's head says so too: only what others have signed tells."""
        origin, seq = self.cut_tail()
        self._set_head(origin, seq - 1)
        return origin, seq

    def rewritten(self) -> Bad:
        """One event changed and everything behind it hashed anew: the chain agrees with itself."""
        _pos, origin, seq = self._row(max(4, self.log.events - REWRITTEN))
        (previous,) = self.raw.execute(
            "SELECT hash FROM event WHERE origin=? AND seq=?", (origin, seq - 1)
        ).fetchone()
        rows = self.raw.execute(
            "SELECT pos, seq, raw, body, salt FROM event WHERE origin=? AND seq>=? ORDER BY seq",
            (origin, seq),
        ).fetchall()
        for pos, at, envelope, body, salt in rows:
            if at == seq:
                event = replace(unseal(envelope, body), body={"text": "all is well"})
                forged = seal(event, salt, previous)
                envelope, body = forged.raw, forged.body
            previous = chain_hash(previous, envelope)
            self.raw.execute(
                "UPDATE event SET raw=?, body=?, hash=? WHERE pos=?",
                (envelope, body, previous, pos),
            )
        self._set_head(origin, rows[-1][1])
        # Which of the events since the last signature it was, no hash can tell any more.
        return origin, self.log.last_signed_before(origin, seq) + 1

    def _set_head(self, origin: str, seq: int) -> None:
        (digest,) = self.raw.execute(
            "SELECT hash FROM event WHERE origin=? AND seq=?", (origin, seq)
        ).fetchone()
        self.raw.execute(
            "UPDATE origin_head SET seq=?, hash=? WHERE origin=?", (seq, digest, origin)
        )

    def foreign_signature(self) -> Bad:
        """A head signed by another station."""
        return self._sign_as(self.log.origins[2], self.log.origins[0])

    def old_key(self) -> Bad:
        """A head of the present incarnation, signed with the key of the one before."""
        return self._sign_as(self.log.origins[1], self.log.origins[0])

    def _sign_as(self, origin: str, signer: str) -> Bad:
        self.first_pos = self.log.events
        head = self.log.newest_head(origin)
        claim = Claim(
            origin=origin,
            seq=head.seq,
            hash=head.hash,
            witnesses=parse_witnesses(head.witnesses),
        )
        self.raw.execute(INSERT_HEAD, row_of(sign(self.log.keys[signer], claim)))
        return origin, head.seq

    def turned_signature(self) -> Bad:
        """A head whose witnesses are not those that were signed."""
        self.first_pos = self.log.events
        head = self.log.newest_head(self.chance.choice(self.log.origins))
        self.raw.execute(INSERT_HEAD, row_of(replace(head, witnesses=b"{}")))
        return head.origin, head.seq


EDITS_OF = (
    Forger.flipped_bit,
    Forger.other_words,
    Forger.other_column,
    Forger.other_order,
    Forger.left_out,
    Forger.cut_tail,
    Forger.cut_tail_and_head,
    Forger.rewritten,
    Forger.foreign_signature,
    Forger.old_key,
    Forger.turned_signature,
)


def first_bad(log: SignedLog, raw: sqlite3.Connection, changed_pos: int) -> Bad | None:
    """What verifying finds; what stands well before the edit was verified in another test."""
    pos = (changed_pos - 1) // 500 * 500
    before = Verdict(events=pos, pos=pos, first_bad=None, heads=dict(log.places.get(pos, {})))
    verdict = verify_connection(raw, after=before)
    found = verdict.first_bad or check_heads(raw, Ed25519Verifier())[1]
    return None if found is None else found[:2]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> SignedLog:
    """A log that every test leaves as it was."""
    made = SignedLog(tmp_path_factory.mktemp("log") / "station.db", random.Random(SEED), EVENTS)
    made.build()
    return made


@pytest.fixture
def raw(log: SignedLog) -> Iterator[sqlite3.Connection]:
    """A connection whose edits are rolled back."""
    with closing(connection(log)) as opened:
        yield opened


def forge(log: SignedLog, raw: sqlite3.Connection, number: int) -> tuple[str, Bad, Bad | None]:
    """One edit: what it is called, what must be told, and what is."""
    forger = Forger(log, raw, random.Random(SEED * 1_000_000 + number))
    edit = EDITS_OF[number % len(EDITS_OF)]
    raw.execute("BEGIN IMMEDIATE")
    try:
        expected = edit(forger)
        return edit.__name__, expected, first_bad(log, raw, forger.first_pos)
    finally:
        raw.execute("ROLLBACK")


@pytest.mark.slow
@pytest.mark.timeout(scaled(120, 3_600))
def test_every_edit_is_found_at_the_first_bad_event(
    log: SignedLog, raw: sqlite3.Connection
) -> None:
    wrong: list[str] = []
    tried: Counter[str] = Counter()
    for number in range(EDITS):
        name, expected, told = forge(log, raw, number)
        tried[name] += 1
        if told != expected:
            wrong.append(f"{name} #{number}: {expected} was told as {told}")
    record("R16 tampering", events=EVENTS, edits=EDITS, missed=len(wrong), **tried)
    assert not wrong, wrong[:10]


def test_after_all_that_the_log_is_whole(log: SignedLog) -> None:
    proof = prove(log.path, Ed25519Verifier())
    assert proof.first_bad is None, proof.in_words
    assert (proof.chain.events, proof.heads) == (EVENTS, len(log.heads))


def test_who_is_to_blame_is_told_by_name(tmp_path: Path) -> None:
    log = SignedLog(tmp_path / "station.db", random.Random(SEED), 300)
    log.build()
    with closing(connection(log)) as raw:
        origin, seq = Forger(log, raw, random.Random(SEED)).cut_tail_and_head()
    proof = prove(log.path, Ed25519Verifier())
    assert f"event {seq} of origin {origin[:8]}" in proof.in_words
    assert "were witnessed" in proof.in_words


@pytest.mark.slow
@pytest.mark.timeout(scaled(120, 600))
def test_a_clean_log_raises_no_alarm(tmp_path: Path) -> None:
    clean = SignedLog(tmp_path / "station.db", random.Random(SEED + 1), CLEAN)
    clean.build()
    started = time.perf_counter()
    proof = prove(clean.path, Ed25519Verifier())
    seconds = time.perf_counter() - started
    record("R16 clean log", events=CLEAN, alarms=int(bool(proof.first_bad)), seconds=seconds)
    assert proof.first_bad is None, proof.in_words
    assert proof.chain.events == CLEAN


def test_without_hashes_and_signatures_edits_are_missed(
    log: SignedLog, raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a verifier that believes every hash and has no witnesses."""
    monkeypatch.setattr(chain, "verify", lambda *_given: "")
    raw.execute("BEGIN IMMEDIATE")
    try:
        forger = Forger(log, raw, random.Random(SEED))
        forger.other_words()
        raw.execute("DELETE FROM signed_head")
        assert first_bad(log, raw, forger.first_pos) is None
        forger.cut_tail_and_head()
        assert first_bad(log, raw, 1) is None
    finally:
        raw.execute("ROLLBACK")
