"""Lines are laid out for any width: nothing overlaps, nothing leaves its line."""

from __future__ import annotations

import itertools

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.splits.delegate import SplitDelegate, columns, lay_out
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
