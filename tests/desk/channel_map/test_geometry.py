"""The names never scroll away, every column can be brought into view, and none is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.channel_map.geometry import (
    LEAST,
    MOST,
    NAME_WIDTH,
    NARROW_NAME_WIDTH,
    Columns,
    fitting,
)

TEXTS = st.lists(st.integers(0, 400), min_size=1, max_size=24)


@given(TEXTS, st.integers(300, 3_000), st.sampled_from((0.8, 1.0, 2.0)), st.data())
def test_any_column_comes_wholly_into_view_where_there_is_room(
    texts: list[int], width: int, zoom: float, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, 30))
    columns = fitting(texts, zoom, width, first)
    for index in range(len(texts)):
        moved = columns.scrolled_to(index)
        spans = {i: (x, wide) for i, x, wide in moved.spans()}
        room = width - columns.fixed
        if room > 0:
            assert index in spans
        if room >= columns.widths[index]:
            x, wide = spans[index]
            assert columns.fixed <= x
            assert x + wide <= width
        assert 0 <= moved.first < len(texts)


@given(TEXTS, st.integers(300, 3_000))
def test_columns_stand_side_by_side_within_their_bounds(texts: list[int], width: int) -> None:
    columns = fitting(texts, 1.0, width)
    assert all(LEAST <= wide <= MOST for wide in columns.widths)
    x = columns.fixed
    for _index, left, wide in columns.spans():
        assert left == x
        assert columns.at(left) == _index
        x += wide
    assert columns.at(columns.fixed - 1) == -1
    assert columns.at(99_999) == -1


def test_a_narrow_table_gives_the_names_less_room() -> None:
    assert fitting([10], 1.0, 900).fixed == NAME_WIDTH
    assert fitting([10], 1.0, 600).fixed == NARROW_NAME_WIDTH
    assert fitting([10], 2.0, 1_800).fixed == 2 * NAME_WIDTH


def test_the_end_is_not_scrolled_past_and_one_in_view_moves_nothing() -> None:
    columns = Columns(fixed=100, widths=(100,) * 6, width=420, first=0)
    assert columns.whole() == 3
    assert columns.last_first() == 3
    assert columns.scrolled_to(2).first == 0
    assert columns.scrolled_to(3).first == 1
    assert Columns(100, (100,) * 6, 420, 3).scrolled_to(1).first == 1
    assert fitting([74] * 6, 1.0, 900, 99).first == fitting([74] * 6, 1.0, 900).last_first()


def test_without_columns_there_is_nothing() -> None:
    empty = fitting([], 1.0, 900)
    assert (empty.spans(), empty.whole(), empty.at(500)) == ([], 0, -1)
