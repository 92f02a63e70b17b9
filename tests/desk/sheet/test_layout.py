"""Rows on pages: nobody is torn apart who fits on one page, and nothing is left out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.desk.sheet.layout import Cell, Row, blocks_of, pages_of, sheet_font
from crisisdesk.domain.contact_sheet import ContactSheet, SheetPerson

pytestmark = pytest.mark.usefixtures("look")


def row(above: float) -> Row:
    """A row of that height: an empty text has one line."""
    cell = Cell(0.0, 100.0, "x", sheet_font(9))
    return Row(cells=(cell,), above=above)


def heights(rows: Sequence[Row]) -> float:
    return sum(one.height for one in rows)


@given(st.lists(st.lists(st.integers(1, 90), min_size=1, max_size=6), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_pages_hold_every_row_in_order_and_keep_blocks_whole(blocks: list[list[int]]) -> None:
    made = [[row(above) for above in block] for block in blocks]
    pages = pages_of(made, 150.0)
    assert [one for page in pages for one in page] == [one for block in made for one in block]
    assert all(heights(page) <= 150.0 for page in pages)
    for block in made:
        if heights(block) <= 150.0:
            assert (
                len({index for index, page in enumerate(pages) for one in block if one in page})
                == 1
            )


def test_a_text_wraps_at_blanks_and_inside_a_long_word_only_where_it_must() -> None:
    font = sheet_font(12)
    one = Cell(0.0, 400.0, "Bartholomew the Younger", font).height
    assert Cell(0.0, 90.0, "Bartholomew the Younger", font).height == pytest.approx(2 * one)
    assert Cell(0.0, 90.0, "a" * 60, font).height >= 4 * one


def test_a_person_stands_beside_the_numbers_without_a_gap() -> None:
    person = SheetPerson(
        name="Ana", role="DBA", numbers=["+1", "+2", "+3"], facts=[("Groups", "Night")]
    )
    sheet = ContactSheet(station="S", made="now", heads=[("Station", "S")], people=[person])
    head, block = list(blocks_of(sheet, 500.0))
    assert len(head) == 1
    assert [one.ruled for one in block] == [True, False, False]
    name, role, first, second = block[0].cells
    assert (name.x, role.x, first.x, second.x) == (0.0, 0.0, first.x, first.x)
    assert role.down >= name.height
    assert second.down == pytest.approx(first.height + 2.0, abs=1.1)


def test_a_sheet_of_nobody_says_so() -> None:
    sheet = ContactSheet(station="", made="now", heads=[("Station", "S")], people=[])
    assert len(list(blocks_of(sheet, 500.0))) == 2
