"""The spool keeps own events twice until the hub has them, and never fails a command."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.event import Sealed, Stored
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import Absorbed, Mark
from crisisdesk.store import spool as module
from crisisdesk.store.spool import SpoolChore, UnpushedSpool, frame, read_spool

from tests.reliability.spoiling import AidedStation, aid_of, events_of
from tests.store.workload import Station


@pytest.fixture
def aided(tmp_path: Path) -> Any:
    """A station with a spool; closed when the test ends."""
    made = AidedStation(tmp_path, aid_of(tmp_path))
    yield made
    made.close()


def spool_of(station: AidedStation) -> UnpushedSpool:
    spool = station.journal._spool
    assert spool is not None
    return spool


def seqs(path: Path) -> list[int]:
    return [e.seq for e in read_spool(path)]


def test_what_was_kept_stands_in_the_spool_too(aided: AidedStation) -> None:
    aided.work_at_random(20)
    assert read_spool(spool_of(aided).path) == events_of(aided.path)


def test_foreign_events_are_not_kept_twice(aided: AidedStation, tmp_path: Path) -> None:
    other = Station(tmp_path / "other", seed=2)
    other.fire(3)
    events = events_of(other.path)
    other.close()
    assert aided.do(c.Absorb(events=events))[0].events == 3
    aided.fire(1, first=9)
    assert {e.origin for e in read_spool(spool_of(aided).path)} == {aided.opened.origin}


@pytest.mark.parametrize("seed", range(5))
def test_a_torn_or_rotten_frame_costs_itself_alone(tmp_path: Path, seed: int) -> None:
    station = Station(tmp_path)
    station.fire(40)
    events = events_of(station.path)
    station.close()
    chance = random.Random(seed)
    frames = [frame(e) for e in events]
    hurt = chance.randrange(len(frames) - 1)
    bad = bytearray(frames[hurt])
    bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
    whole = b"".join([*frames[:hurt], bytes(bad), *frames[hurt + 1 :]])
    file = tmp_path / "spool"
    file.write_bytes(whole[: -chance.randrange(1, len(frames[-1]))])
    assert read_spool(file) == [e for n, e in enumerate(events[:-1]) if n != hurt]


def test_what_the_hub_has_is_let_go_once_it_is_worth_it(
    aided: AidedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    aided.fire(30)
    spool, origin = spool_of(aided), aided.opened.origin
    spool.trim({origin: 10})
    assert len(seqs(spool.path)) == 30
    assert spool.waiting == {origin: (11, 30)}
    monkeypatch.setattr(module, "REWRITE_BYTES", 0)
    spool.trim({origin: 28})
    assert seqs(spool.path) == [29, 30]
    aided.fire(2, first=50)
    assert seqs(spool.path) == [29, 30, 31, 32]
    spool.trim({origin: 32})
    assert seqs(spool.path) == []
    again = UnpushedSpool(spool.path)
    assert again.load() == []
    assert again.pushed(origin) == 32


def test_an_earlier_engines_gap_is_filled_at_the_start(tmp_path: Path) -> None:
    without = AidedStation(tmp_path, aid_of(tmp_path, spool=False))
    without.fire(5)
    without.close()
    station = AidedStation(tmp_path, aid_of(tmp_path))
    station.fire(2, first=10)
    assert read_spool(spool_of(station).path) == events_of(station.path)
    station.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in the file's place")
@pytest.mark.expect_log("the second copy of un-pushed events cannot be kept")
def test_a_spool_that_cannot_be_written_fails_nothing_and_catches_up(
    aided: AidedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    aided.fire(3)
    spool = spool_of(aided)

    def refuses(_fd: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(module, "_flush", refuses)
        aided.fire(2, first=5)
        assert "kept only once" in spool.problem
        assert "Input/output error" in spool.problem
        aided.fire(2, first=8)
    assert aided.journal.head().seq == 7
    monkeypatch.setattr(spool, "_retry_at", 0.0)
    aided.fire(1, first=11)
    assert spool.problem == ""
    assert read_spool(spool.path) == events_of(aided.path)


def test_every_append_is_flushed_before_it_returns(
    aided: AidedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    real = os.fdatasync

    def watched(fd: int) -> None:
        real(fd)
        flushed.append(os.fstat(fd).st_size)

    monkeypatch.setattr(os, "fdatasync", watched)
    aided.fire(1)
    assert flushed == [spool_of(aided).path.stat().st_size]


class Log:
    """An exchange's log that knows one origin up to a mark and remembers what it absorbed."""

    def __init__(self, own: str, marks: dict[str, Mark]) -> None:
        self.own = own
        self.known = marks
        self.absorbed: list[Stored] = []

    def own_origin(self) -> str:
        return self.own

    def marks(self) -> dict[str, Mark]:
        return self.known

    def hash_at(self, origin: str, seq: int) -> bytes | None:
        mark = self.known.get(origin)
        return mark.hash if mark is not None and mark.seq == seq else None

    def absorb(self, events: list[Stored]) -> Absorbed:
        self.absorbed += events
        return Absorbed(events=len(events))


def test_the_chore_trims_only_what_is_the_same_on_the_hub(aided: AidedStation) -> None:
    aided.fire(4)
    spool, origin = spool_of(aided), aided.opened.origin
    last = events_of(aided.path)[-1]
    log: Any = Log(origin, {origin: Mark(4, last.hash)})
    SpoolChore(spool, log).run(Outcome(hub={origin: Mark(4, b"another's")}))
    assert spool.waiting == {origin: (1, 4)}
    SpoolChore(spool, log).run(Outcome(hub={origin: Mark(4, last.hash)}))
    assert spool.waiting == {}


@pytest.mark.expect_log("2 events were put back from their second copy")
def test_the_chore_puts_back_what_waited_for_the_hub(aided: AidedStation) -> None:
    aided.fire(5)
    events = events_of(aided.path)
    origin = aided.opened.origin
    short: Any = Log("other", {origin: Mark(3, events[2].hash)})
    SpoolChore(spool_of(aided), short).run(Outcome())
    assert short.absorbed == events[3:]


def test_sealed_and_stored_events_have_the_same_frame(aided: AidedStation) -> None:
    aided.fire(1)
    [stored] = events_of(aided.path)
    from crisisdesk.domain.event import unseal

    sealed = Sealed(
        event=unseal(stored.raw, stored.body),
        raw=stored.raw,
        body=stored.body,
        salt=stored.salt,
        hash=stored.hash,
    )
    assert frame(sealed) == frame(stored)
