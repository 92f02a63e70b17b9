"""A batch is shared out evenly, has no gap, and is bounded by count and size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import BATCH_BYTES
from crisisdesk.engine.exchange.sharing import pull_evenly

Logs = dict[str, list[Stored]]


def log(origin: str, sizes: list[int]) -> list[Stored]:
    return [
        Stored(origin=origin, seq=n, raw=b"x" * size, body=b"", salt=b"", hash=b"")
        for n, size in enumerate(sizes, start=1)
    ]


def pull(logs: Logs, vector: dict[str, int], limit: int) -> list[Stored]:
    def read(origin: str, after: int, count: int, room: int) -> list[Stored]:
        found: list[Stored] = []
        for event in logs[origin][after : after + count]:
            if found and sum(len(e.raw) for e in found) + len(event.raw) > room:
                break
            found.append(event)
        return found

    return pull_evenly(vector, limit, read)


SIZES = st.lists(st.sampled_from([1, 1, 1, BATCH_BYTES // 3, 2 * BATCH_BYTES]), max_size=12)


@given(st.lists(SIZES, min_size=1, max_size=4), st.integers(1, 20))
def test_pieces_make_the_whole_and_keep_their_bounds(sizes: list[list[int]], limit: int) -> None:
    logs = {chr(ord("a") + n): log(chr(ord("a") + n), one) for n, one in enumerate(sizes)}
    got: Logs = {origin: [] for origin in logs}
    while piece := pull(logs, {origin: len(have) for origin, have in got.items()}, limit):
        assert len(piece) <= limit
        assert len(piece) == 1 or sum(len(e.raw) for e in piece) <= BATCH_BYTES
        for event in piece:
            got[event.origin].append(event)
    assert got == logs


@given(st.integers(1, 500), st.integers(4, 60))
def test_who_writes_much_keeps_nobody_waiting(many: int, limit: int) -> None:
    logs = {"a": log("a", [1] * many), "b": log("b", [1]), "c": log("c", [1, 1])}
    piece = pull(logs, dict.fromkeys(logs, 0), limit)
    counts = [sum(e.origin == origin for e in piece) for origin in logs]
    assert counts[1] == 1
    assert counts[2] >= 1
    assert sum(counts) == min(limit, many + 3)
