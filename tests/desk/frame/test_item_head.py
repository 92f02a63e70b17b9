"""The head of one thing: chips give way to the title, buttons say which was pressed."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.item_head import Chip, HeadWords, ItemHead
from crisisdesk.desk.frame.key_button import KeyButton

pytestmark = pytest.mark.usefixtures("look")
CHIPS = [Chip("open for 01:00"), Chip("identified", strong=True), Chip("declared 10:00 UTC")]


class Words(HeadWords):
    """A thing with a title of a given length."""

    title = "Orders database split"
    marks = 0

    def face(self) -> tuple[str, str] | None:
        return ("INC-1", self.title) if self.title else None

    def chips(self) -> list[Chip]:
        return list(CHIPS)

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        self.marks += 1


@pytest.fixture
def head(qtbot: QtBot) -> ItemHead:
    buttons = [("post", KeyButton("Post", "P")), ("end", KeyButton("End", "E"))]
    made = ItemHead(Words(), buttons)
    qtbot.addWidget(made)
    made.resize(1000, 52)
    return made


def test_chips_give_way_to_the_title_and_to_narrow_windows(head: ItemHead) -> None:
    fitting = head.words._fitting
    assert fitting(2_000, 300) == CHIPS
    assert fitting(450, 300) == CHIPS[:1]
    assert fitting(400, 9_000) == CHIPS[:1], "one stays beside a title that is cut"
    assert fitting(250, 300) == []
    widths = [len(fitting(room, 300)) for room in range(200, 1_200, 20)]
    assert widths == sorted(widths)


def test_without_a_face_nothing_is_drawn(head: ItemHead) -> None:
    words = head.words
    assert isinstance(words, Words)
    words.title = ""
    assert not words.grab().isNull()
    assert words.marks == 0
    words.title = "Orders"
    words.grab()
    assert words.marks == 1


def test_a_button_says_which_it_is_and_time_turns_by_whole_seconds(head: ItemHead) -> None:
    pressed: list[str] = []
    head.pressed.connect(pressed.append)
    head.buttons["end"].click()
    assert pressed == ["end"]
    head.tick(2_500)
    head.tick(2_900)
    assert head.words.now_ms == 2_500
