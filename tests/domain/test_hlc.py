"""The ordering clock only goes forward, whatever the wall clocks do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.hlc import tick, witness

from tests.domain.events import START

WALL = st.integers(0, 2**47)


@given(st.lists(WALL, min_size=1, max_size=50))
def test_every_reading_is_past_the_last_and_the_wall_clock(walls: list[int]) -> None:
    last = 0
    for wall in walls:
        now = tick(last, wall)
        assert now > last
        assert now >= wall << 16
        last = now


def test_a_wall_clock_that_stands_counts_and_carries_into_the_next_millisecond() -> None:
    last = tick(0, START)
    for _ in range(70_000):
        last = tick(last, START)
    assert last >> 16 == START + 1
    assert last < 2**63


@given(st.integers(0, 2**63), st.integers(0, 2**63), WALL)
def test_what_was_seen_from_afar_comes_before_what_follows(
    own: int, remote: int, wall: int
) -> None:
    seen = witness(own, remote)
    assert seen >= max(own, remote)
    assert tick(seen, wall) > remote
