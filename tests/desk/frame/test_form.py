"""A form that opens inside a room: Esc leaves it, other keys are not its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.form import Form

pytestmark = pytest.mark.usefixtures("look")


def shown(qtbot: QtBot) -> tuple[Form, QLineEdit]:
    form, field = Form(), QLineEdit()
    QVBoxLayout(form).addWidget(field)
    qtbot.addWidget(form)
    form.resize(200, 80)
    form.show()
    return form, field


def test_escape_leaves_from_a_field_and_other_keys_do_not(qtbot: QtBot) -> None:
    form, field = shown(qtbot)
    left: list[bool] = []
    form.left.connect(lambda: left.append(True))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_A)
    assert (left, field.text()) == ([], "a")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert left == [True]


def test_a_line_closes_it_above_and_below(qtbot: QtBot) -> None:
    form, _field = shown(qtbot)
    picture = form.grab().toImage()
    tall = picture.height()
    seen = [picture.pixelColor(2, y).rgb() for y in (0, 3, tall - 4, tall - 1)]
    assert len({seen[0], seen[1]}) == 2
    assert (seen[0], seen[1]) == (seen[3], seen[2])
