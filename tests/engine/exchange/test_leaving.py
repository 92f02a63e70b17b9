"""The last common place of two chains is found in few questions, whatever either side keeps."""

from __future__ import annotations

import random

import pytest

from crisisdesk.domain.event import GENESIS, Event, Stored, seal
from crisisdesk.engine.exchange.leaving import last_agreed, left_behind
from crisisdesk.engine.exchange.ports import Mark

from tests.reliability.memhub import MemHub

ORIGIN = "a" * 32


def chain(length: int, forked_at: int = 10**9) -> list[Stored]:
    """Events of one origin; from ``forked_at`` on they are others."""
    events: list[Stored] = []
    previous = GENESIS
    for seq in range(1, length + 1):
        event = Event(
            origin=ORIGIN,
            seq=seq,
            hlc=seq,
            id=f"{seq:032x}",
            agg="S-1",
            kind="station.named",
            actor="x",
            wall_ms=seq,
            body={"name": "one" if seq < forked_at else "other"},
        )
        s = seal(event, b"0" * 16, previous)
        previous = s.hash
        events.append(
            Stored(origin=ORIGIN, seq=seq, raw=s.raw, body=s.body, salt=s.salt, hash=s.hash)
        )
    return events


class AskedHub(MemHub):
    """Counts questions, and has forgotten events up to ``compacted``."""

    def __init__(self, events: list[Stored], compacted: int = 0) -> None:
        super().__init__(lambda: 0)
        if events:
            self.push(ORIGIN, 1, events)
        self.asked = 0
        self.compacted = compacted

    def pull(self, vector: object, limit: int = 1) -> list[Stored]:
        """One event, if it is still kept."""
        self.asked += 1
        assert isinstance(vector, dict)
        if vector[ORIGIN] < self.compacted:
            return []
        return super().pull(vector, limit)


def hash_in(events: list[Stored], base: int = 0) -> object:
    def hash_at(seq: int) -> bytes | None:
        if seq == 0:
            return GENESIS
        return events[seq - 1].hash if base < seq <= len(events) else None

    return hash_at


def test_it_is_found_wherever_the_chains_part() -> None:
    chance = random.Random(7)
    for _ in range(200):
        ours, theirs = chance.randrange(0, 60), chance.randrange(1, 60)
        fork = chance.randrange(1, 70)
        mine = chain(ours, fork)
        hub = AskedHub(chain(theirs))
        agreed = last_agreed(hub, ORIGIN, ours, hash_in(mine), hub.heads()[ORIGIN])  # type: ignore[arg-type]
        assert agreed.seq == min(ours, theirs, fork - 1), (ours, theirs, fork)
        assert hub.asked <= 8
        if agreed.seq:
            assert agreed == Mark(agreed.seq, mine[agreed.seq - 1].hash)


@pytest.mark.parametrize(
    ("ours", "theirs", "fork", "agreed"),
    [(9, 0, 99, None), (9, 9, 99, None), (9, 5, 99, None), (9, 12, 99, 9), (9, 9, 5, 4)],
)
def test_who_is_alone_has_nothing_to_leave(
    ours: int, theirs: int, fork: int, agreed: int | None
) -> None:
    hub = AskedHub(chain(theirs))
    mark = left_behind(hub, ORIGIN, ours, hash_in(chain(ours, fork)))  # type: ignore[arg-type]
    assert (None if mark is None else mark.seq) == agreed


@pytest.mark.parametrize(("base", "compacted"), [(20, 0), (0, 20), (20, 20)])
def test_what_is_no_longer_kept_counts_as_agreed(base: int, compacted: int) -> None:
    hub = AskedHub(chain(40), compacted)
    mine = chain(35, 30)
    agreed = last_agreed(hub, ORIGIN, 35, hash_in(mine, base), hub.heads()[ORIGIN])  # type: ignore[arg-type]
    assert agreed.seq == 29
