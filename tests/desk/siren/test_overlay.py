"""The siren keeps the keyboard, and goes away for nothing but what ends it."""

from __future__ import annotations

from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.siren.overlay import Siren

from tests.desk.siren.rows import NOW, dossier

pytestmark = pytest.mark.usefixtures("look")


def test_a_takes_it_and_shift_a_takes_all(siren: Siren, qtbot: QtBot) -> None:
    side = siren.panel.side
    assert side.take.hasFocus()
    assert side.take_all.isHidden()
    taken: list[bool] = []
    siren.taken.connect(taken.append)
    qtbot.keyClick(side.take, Qt.Key.Key_A)
    siren.show_dossier(dossier(), 4, NOW)
    assert not side.take_all.isHidden()
    assert "all 4" in side.take_all.text()
    qtbot.keyClick(side.take, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(side.take, Qt.Key.Key_Return)
    assert taken == [False, True, False]
    with qtbot.waitSignal(siren.print_wanted):
        qtbot.keyClick(side.take, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def test_neither_esc_nor_a_press_beside_it_closes_it(siren: Siren, qtbot: QtBot) -> None:
    qtbot.keyClick(siren.panel.side.take, Qt.Key.Key_Escape)
    qtbot.mouseClick(siren, Qt.MouseButton.LeftButton, pos=siren.rect().topLeft())
    assert siren.isVisible()
    siren.show_dossier(None, 0, NOW)
    assert siren.isHidden()


def test_the_keyboard_cannot_leave_it(siren: Siren, window: QWidget, qtbot: QtBot) -> None:
    field = window.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    assert siren.panel.side.take.hasFocus()
    stops = siren.panel.stops()
    for stop in [*stops[1:], stops[0]]:
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert stop.hasFocus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
    assert stops[-1].hasFocus()


def test_keys_meant_for_something_else_do_nothing(window: QWidget, qtbot: QtBot) -> None:
    field = window.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    siren = Siren(window, UTC)
    taken: list[bool] = []
    siren.taken.connect(taken.append)
    siren.show_dossier(dossier(), 1, NOW)
    assert siren.hasFocus()
    qtbot.keyClick(siren, Qt.Key.Key_A)
    siren.panel.side.take.click()
    assert taken == []
    qtbot.waitUntil(siren.panel.side.take.hasFocus)
    # The next alert comes up under the hand that took the first one.
    siren.show_dossier(dossier(alert_id="A-2"), 1, NOW)
    qtbot.keyClick(siren, Qt.Key.Key_A)
    assert taken == []
    siren.show_dossier(None, 0, NOW)
    assert field.hasFocus()


@pytest.mark.parametrize("zoom", [80, 100, 150, 200])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_everything_to_press_is_whole_in_every_size_and_theme(
    window: QWidget, qtbot: QtBot, look: Look, name: str, size: tuple[int, int], zoom: int
) -> None:
    look.switch(name=name, zoom=zoom)  # type: ignore[arg-type]
    window.resize(*size)
    siren = Siren(window, UTC)
    siren.show_dossier(dossier(), 3, NOW)
    qtbot.waitUntil(siren.panel.side.take.hasFocus)
    panel = siren.panel
    assert siren.rect().contains(panel.geometry())
    for button in (panel.side.take, panel.side.take_all, panel.side.print):
        corner = button.mapTo(panel, button.rect().bottomRight())
        assert panel.rect().contains(corner)
        assert button.width() >= button.sizeHint().width()
    row = panel.rows["C-1"]
    assert row.rect().contains(row.no_answer.geometry())
    assert not row.reached.geometry().intersects(row.no_answer.geometry())
    assert panel.call_list.height() >= row.height()
    picture = window.grab().toImage()
    emergency = look.theme.severity("emergency").solid
    at = panel.head.mapTo(window, panel.head.rect().topLeft()) * picture.devicePixelRatio()
    assert picture.pixelColor(at.x() + 3, at.y() + 3) == emergency
