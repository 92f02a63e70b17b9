"""The ground under a painted line, and the set-up of the lists that have it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, QStringListModel, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QListView, QStyle
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.look.theme import theme

pytestmark = pytest.mark.usefixtures("look")

State = QStyle.StateFlag
RECT = QRectF(0, 0, 40, 20)


def painted(state: State, *, hovers: bool = True, rest: str = "") -> QImage:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)

    def other() -> None:
        painter.fillRect(RECT, QColor(rest))

    with line_ground(painter, RECT, state, hovers=hovers, rest=other if rest else None):
        painter.setPen(QColor("white"))
    assert painter.pen().color() != QColor("white"), "what a line sets is put back"
    painter.end()
    return image


def test_the_ground_tells_selected_pointed_at_and_neither() -> None:
    color = theme().color
    both = State.State_Selected | State.State_HasFocus
    for state, ground in (
        (both, color.selected),
        (State.State_Selected | State.State_MouseOver, color.selected_idle),
        (State.State_MouseOver, color.hover),
        (State.State_None, QColor("black")),
    ):
        assert painted(state).pixelColor(20, 10) == ground
    assert painted(State.State_MouseOver, hovers=False).pixelColor(20, 10) == QColor("black")
    assert painted(State.State_None, rest="red").pixelColor(20, 10) == QColor("red")
    assert painted(State.State_MouseOver, rest="red").pixelColor(20, 10) == color.hover


def test_the_ring_is_of_the_keyboard_alone_and_the_hair_line_always_there() -> None:
    idle = painted(State.State_Selected)
    ringed = painted(State.State_Selected | State.State_HasFocus)
    assert idle.pixelColor(20, 0) == theme().color.selected_idle
    assert ringed.pixelColor(20, 0) != theme().color.selected
    assert painted(State.State_None).pixelColor(20, 19) == theme().color.hair


def test_a_dressed_list_follows_the_pointer_and_has_its_name(qtbot: QtBot) -> None:
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(QStringListModel(["a"]))
    dress(view, "Things")
    assert view.accessibleName() == "Things"
    assert view.hasMouseTracking()
    assert view.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
