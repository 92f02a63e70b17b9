"""Tints: the same for the same people, apart while they last, readable in every theme."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.look.tokens import THEMES, load_tokens
from crisisdesk.desk.planning.oncall.tints import GROUND_SHARE, SERIES, TINTS, mixed, tints

IDS = st.lists(st.text("CDE-0123456789", min_size=1, max_size=9), unique=True, max_size=30)


@given(IDS)
def test_people_are_apart_while_there_are_tints_and_evenly_spread_after(ids: list[str]) -> None:
    found = tints(ids)
    assert found == tints(reversed(ids))
    assert set(found) == set(ids)
    uses = [list(found.values()).count(tint) for tint in range(TINTS)]
    assert max(uses, default=0) - min(uses, default=0) <= 1
    assert len(set(found.values())) == min(len(ids), TINTS)


def test_somebody_alone_keeps_the_tint_of_their_id() -> None:
    assert tints(["C-ANN"]) == {"C-ANN": tints(["C-ANN", "C-ANN"])["C-ANN"]}
    assert mixed(0xFFFFFF, 0x000000, 0.5) == 0x808080
    assert mixed(0x123456, 0xABCDEF, 1.0) == 0x123456


def brightness(color: int) -> float:
    """Relative luminance as WCAG has it."""
    parts = [(color >> shift & 0xFF) / 255 for shift in (16, 8, 0)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one: int, other: int) -> float:
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_names_are_readable_on_every_tint_and_its_edge_is_seen(theme: str) -> None:
    tokens = load_tokens()
    raw = tokens.colors[theme]
    panel, inks = raw["surface.panel"], (raw["text.primary"], raw["text.secondary"])
    for series in (tokens.series[theme][number] for number in SERIES):
        tint = int(series[1:], 16)
        ground = mixed(tint, int(panel[1:], 16), GROUND_SHARE)
        assert all(ratio(int(ink[1:], 16), ground) >= 4.5 for ink in inks), series
        assert ratio(tint, int(panel[1:], 16)) >= 3, series
