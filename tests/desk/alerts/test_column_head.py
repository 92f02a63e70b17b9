"""The names above the columns: where their columns are, and none for a column that is dropped."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.column_head import ColumnHead, Name
from crisisdesk.desk.alerts.layout import COLUMN_HEAD_HEIGHT, Span
from crisisdesk.desk.look.theme import theme

pytestmark = pytest.mark.usefixtures("look")


def inked(qtbot: QtBot, *names: Name) -> list[int]:
    """The x at which anything is written."""
    view = QListView()
    head = ColumnHead(view, lambda _width: names, slack=10)
    for widget in (view, head):
        qtbot.addWidget(widget)
    head.resize(300, head.height())
    assert head.height() == theme().px(COLUMN_HEAD_HEIGHT)
    image = head.grab().toImage()
    rows = range(image.height() - 2)
    ground = image.pixelColor(299, 2)
    return [x for x in range(300) if any(image.pixelColor(x, y) != ground for y in rows)]


def test_a_name_stands_at_the_left_of_its_column_or_at_its_right(qtbot: QtBot) -> None:
    left = inked(qtbot, (Span(100, 80), "Age", False))
    right = inked(qtbot, (Span(100, 80), "Age", True))
    assert 100 <= left[0] < 104
    assert 176 < right[-1] < 180


def test_a_column_that_is_dropped_has_no_name(qtbot: QtBot) -> None:
    assert inked(qtbot, (Span(100, 0), "Age", False)) == []
