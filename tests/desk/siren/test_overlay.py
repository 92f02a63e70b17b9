"""The siren keeps the keyboard, goes away for nothing but what ends it, and mixes up no rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.siren.overlay import Siren

from tests.desk.siren.rows import DESK, MATEO, NOW, PRIYA, YOU, dossier

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with a field in it, active."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    QVBoxLayout(window).addWidget(QLineEdit())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()


@pytest.fixture
def siren(window: QWidget, qtbot: QtBot) -> Siren:
    """Shown for one alert and listening."""
    siren = Siren(window, UTC)
    siren.show_dossier(dossier(), 1, NOW)
    qtbot.waitUntil(lambda: not siren.is_deaf)
    return siren


def test_the_head_says_how_late_it_is_and_what_was_tried(siren: Siren) -> None:
    head = siren.panel.head
    assert head.accessibleName() == (
        "Nobody has been reached. Critical, db-primary: replication stopped. 2 messages sent since "
        "02:05:04 UTC, none delivered. Limit is 2 min. 2 minutes 17 seconds late."
    )
    siren.set_now(NOW + 3_000)
    assert "2 minutes 20 seconds late" in head.accessibleName()
    siren.show_dossier(dossier(), 4, NOW)
    assert "replication stopped, and 3 more." in head.accessibleName()


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


def test_a_call_names_the_person_of_its_row(siren: Siren) -> None:
    calls: list[tuple[str, str]] = []
    siren.called.connect(lambda name, outcome: calls.append((name, outcome)))
    siren.panel.rows["C-2"].reached.click()
    siren.panel.rows["C-4"].no_answer.click()
    assert calls == [("Mateo Ruiz", "reached"), ("Night desk", "no answer")]


def test_rows_keep_their_places_while_one_alert_is_shown(siren: Siren) -> None:
    new = replace(PRIYA, contact_id="C-9", name="Tom Weber")
    tried = replace(MATEO, tried=("push 02:09:30, no receipt",))
    siren.show_dossier(dossier(people=(new, tried, PRIYA, DESK)), 1, NOW)
    assert listed(siren) == ["Priya Nair", "Mateo Ruiz", "Night desk", "Tom Weber"]
    assert siren.panel.rows["C-2"].callee.tried == ("push 02:09:30, no receipt",)
    assert YOU.contact_id not in siren.panel.rows
    siren.show_dossier(dossier(alert_id="A-2", people=(new, PRIYA)), 1, NOW)
    assert listed(siren) == ["Tom Weber", "Priya Nair"]


def listed(siren: Siren) -> list[str]:
    """The names as they stand on the screen, from the top."""
    QApplication.processEvents()
    rows = sorted(siren.panel.rows.values(), key=lambda row: row.y())
    assert len({row.y() for row in rows}) == len(rows)
    return [row.callee.name for row in rows]


def test_a_row_says_that_there_is_no_number_and_leads_to_settings(
    siren: Siren, qtbot: QtBot
) -> None:
    row = siren.panel.rows["C-4"]
    assert "no number" in row.accessibleName()
    with qtbot.waitSignal(siren.settings_wanted):
        row.add_number.click()
    assert siren.isVisible()
    assert siren.panel.rows["C-1"].add_number.isHidden()
    you = siren.panel.rows["C-3"]
    assert you.reached.isHidden()
    assert "you, press A" in you.accessibleName()


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


def test_with_nobody_written_down_it_says_so(window: QWidget) -> None:
    siren = Siren(window, UTC)
    siren.show_dossier(dossier(people=(), ways=()), 1, NOW)
    assert "Nobody is written down" in siren.panel.more.text()
    assert "No message" in siren.panel.side.ways.accessibleName()
    siren.show_dossier(dossier(more=12), 1, NOW)
    assert "12 more" in siren.panel.more.text()
