"""Which series belong to an alert."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.measured import AboutWhat, related_series, thinned
from crisisdesk.domain.detection.series import series


def test_the_closest_come_first_and_what_shares_nothing_is_left_out() -> None:
    free = series("p", "disk_free", {"service": "db", "instance": "h1"})
    up = series("SRC-1", "up")
    same_host = series("p", "load", {"instance": "h1"})
    other = series("p", "disk_free", {"service": "mail", "instance": "h2"})
    about = AboutWhat("probe", "SRC-1", ["db"], {"instance": "h1"})
    assert related_series([other, same_host, free, up], about) == [up, free, same_host]
    assert related_series([other, same_host, free, up], about, most=1) == [up]
    assert related_series([other], AboutWhat("x", "SRC-1", [], {})) == []


@given(st.lists(st.tuples(st.integers(), st.floats(allow_nan=False)), max_size=300))
def test_thinning_keeps_the_ends_and_the_order(points: list[tuple[int, float]]) -> None:
    kept = thinned(points)
    assert len(kept) == min(60, len(points))
    if points:
        assert (kept[0], kept[-1]) == (points[0], points[-1])
    at = iter(points)
    assert all(any(point == one for one in at) for point in kept)
