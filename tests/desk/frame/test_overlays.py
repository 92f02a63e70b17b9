"""Palette, keys sheet, toasts and focus ring lie over the window and give the keyboard back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.command_palette import CommandPalette
from crisisdesk.desk.frame.focus_ring import FocusRing
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.keys_sheet import KeyGroup, KeysSheet, columns
from crisisdesk.desk.frame.palette_model import PaletteAction
from crisisdesk.desk.frame.toast import LIFE_MS, ToastStack, ToastView, undo_toast
from crisisdesk.desk.look.theme import Look

pytestmark = pytest.mark.usefixtures("look")

ACTIONS = (
    PaletteAction(key="ack", title="Acknowledge", keys="A", group="For A-1"),
    PaletteAction(key="off", title="Acknowledge all", detail="no filter set", enabled=False),
    PaletteAction(key="wall", title="Wall mode", keys="F11", icon="monitor"),
)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with one field and one button, active."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    layout = QVBoxLayout(window)
    layout.addWidget(QLineEdit())
    layout.addWidget(KeyButton("Acknowledge", "A", "primary"))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()


def test_the_palette_is_used_by_keyboard_alone(qtbot: QtBot, window: QWidget) -> None:
    field = window.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    palette = CommandPalette(window)
    palette.open_with(ACTIONS)
    assert palette.field.hasFocus()
    assert palette.size() == window.size()
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as told:
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert told.args == ["wall"]
    assert palette.isHidden()
    assert field.hasFocus()


def test_a_disabled_action_is_shown_but_never_taken(qtbot: QtBot, window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.open_with(ACTIONS)
    taken: list[str] = []
    palette.chosen.connect(taken.append)
    for _ in range(3):
        index = palette.list.currentIndex()
        assert index.data() in ("Acknowledge", "Wall mode")
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert [row.action.key for row in palette.rows() if row.action] == ["ack", "off", "wall"]
    palette.field.setText("acknowledge all")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert taken == []


def test_typing_narrows_and_escape_changes_nothing(qtbot: QtBot, window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.open_with(ACTIONS)
    qtbot.keyClicks(palette.field, "wall")
    assert [row.action.key for row in palette.rows() if row.action] == ["wall"]
    taken: list[str] = []
    palette.chosen.connect(taken.append)
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert taken == []
    palette.open_with(ACTIONS)
    assert palette.field.text() == ""
    palette.dismiss()


def test_a_press_beside_the_popup_closes_it(qtbot: QtBot, window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.open_with(ACTIONS)
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert palette.isHidden()


def test_the_overlay_grows_with_the_window(window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.open_with(ACTIONS)
    window.resize(1300, 900)
    assert palette.size() == window.size()
    palette.dismiss()


def test_rows_are_named_for_readers(window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.open_with(ACTIONS)
    model = palette.list.model()
    names = [
        model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
    ]
    assert names == [
        "For A-1", "Acknowledge, key A", "Anywhere", "Acknowledge all, no filter set",
        "Wall mode, key F11",
    ]  # fmt: skip
    palette.dismiss()


def test_the_keys_sheet_closes_on_its_own_key(qtbot: QtBot, window: QWidget) -> None:
    sheet = KeysSheet(window)
    sheet.open_with([KeyGroup("Lists", (("J", "next row"), ("K", "row before")))])
    assert sheet.isVisible()
    assert "J next row" in sheet.accessibleDescription()
    qtbot.keyClick(sheet, Qt.Key.Key_A)
    assert sheet.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Question)
    assert sheet.isHidden()


def test_key_groups_are_shared_out_in_order() -> None:
    groups = [KeyGroup(str(n), (("a", "b"),) * 4) for n in range(6)]
    shared = columns(groups, 3)
    assert [[group.title for group in column] for column in shared] == [
        ["0", "1"], ["2", "3"], ["4", "5"],
    ]  # fmt: skip
    assert columns([], 3) == []


def test_an_undo_toast_lives_ten_seconds(qtbot: QtBot, window: QWidget) -> None:
    stack = ToastStack(window)
    stack.show_toast(undo_toast("bulk", "38 alerts acknowledged", "by your filter", 1000), 1000)
    stack.set_now(1000 + LIFE_MS - 1)
    assert stack.keys() == ["bulk"]
    undo = next(b for b in window.findChildren(KeyButton) if b.text() == "Undo")
    with qtbot.waitSignal(stack.acted) as told:
        undo.click()
    assert told.args == ["bulk", "undo"]
    with qtbot.waitSignal(stack.ended):
        stack.set_now(1000 + LIFE_MS)
    assert stack.keys() == []


def test_three_toasts_show_and_alerts_last(window: QWidget) -> None:
    stack = ToastStack(window)
    for n in range(5):
        stack.show_toast(
            ToastView(key=str(n), title=f"db {n}", severity="critical", lasting=True), n
        )
    shown = [w for w in window.findChildren(QWidget) if w.accessibleName() == "2 more messages"]
    assert shown[0].isVisible()
    visible = [
        w.accessibleName() for w in window.findChildren(QWidget)
        if w.accessibleName().startswith("critical db") and w.isVisible()
    ]  # fmt: skip
    assert sorted(visible) == ["critical db 2.", "critical db 3.", "critical db 4."]
    stack.set_now(10**9)
    assert len(stack.keys()) == 5
    stack.dismiss("4")
    stack.dismiss("4")
    assert len(stack.keys()) == 4


def test_the_ring_follows_the_keyboard(window: QWidget, look: Look) -> None:
    ring = FocusRing(window)
    field, button = window.findChild(QLineEdit), window.findChild(KeyButton)
    assert field is not None
    assert button is not None
    button.setFocus()
    gap = look.theme.px(2) + 1
    assert ring.isVisible()
    assert ring.geometry() == button.geometry().adjusted(-gap, -gap, gap, gap)
    field.setFocus()
    assert ring.geometry() == field.geometry().adjusted(-gap, -gap, gap, gap)
    window.resize(700, 500)
    assert ring.geometry() == field.geometry().adjusted(-gap, -gap, gap, gap)
    field.hide()
    assert not ring.isVisible() or ring.geometry().contains(button.geometry())
