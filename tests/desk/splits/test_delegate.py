"""Lines are laid out for any width: nothing overlaps, nothing leaves its line."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.splits.delegate import SplitDelegate, columns, deed_lines, lay_out
from crisisdesk.desk.splits.lines import lines_of
from crisisdesk.desk.splits.reading import Page

from tests.desk.splits.conftest import CUT

pytestmark = [CUT, pytest.mark.usefixtures("look")]


@pytest.mark.parametrize("zoom", [100, 150])
@pytest.mark.parametrize("width", [760, 1228, 1752])
def test_buttons_stand_apart_and_within_their_line(
    page: Page, look: Look, width: int, zoom: int
) -> None:
    look.switch(zoom=zoom)
    for line in lines_of(page, {"mine", "theirs"}):
        body = lay_out(line, width)
        for one, other in itertools.combinations(body.buttons, 2):
            assert not one.box.intersects(other.box)
        for button in body.buttons:
            assert button.box.bottom() <= body.height
            assert columns(width).now <= button.box.left()
            assert button.box.right() <= columns(width).end + 1
        for prose, _, y in body.findings:
            assert y + prose.height <= body.height


def test_a_place_belongs_to_the_button_that_stands_there(page: Page, qtbot: QtBot) -> None:
    delegate = SplitDelegate()
    delegate.width = 1228
    line = next(line for line in lines_of(page, set()) if line.choices)
    for button in lay_out(line, 1228).buttons:
        middle = button.box.center()
        assert delegate.button_at(line, middle.x(), middle.y()) == button.key
    assert delegate.button_at(line, 4, 4) == ""


def test_what_was_done_takes_two_lines_where_it_is_long(page: Page) -> None:
    deed = page.view.both[0].mine[0]
    assert deed_lines(replace(deed, words="acknowledged"), 200) == ("Acknowledged",)
    long = replace(deed, words="title set to Payments are slow since the link was lost")
    first, second = deed_lines(long, 200)
    assert f"{first} {second}" == "Title set to Payments are slow since the link was lost"
    assert deed_lines(replace(deed, words="x" * 400), 200) == ("X" + "x" * 399,)
    # Both sides of a line make room for it.
    line = next(line for line in lines_of(page, set()) if line.choices)
    assert line.item is not None
    many = replace(line.item, theirs=(long,) * 4, findings=())
    short = replace(many, theirs=(replace(long, words="resolved"),) * 4)
    tall = lay_out(line._replace(item=many), 1228).height
    assert tall > lay_out(line._replace(item=short), 1228).height
