"""Buttons, heads, fields, empty state, panes and tray do what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyCard, EmptyState, EmptyView
from crisisdesk.desk.frame.heads import FilterField, PaneHead, RoomHead, Tab, TabRow
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.frame.tray import TrayPresence, tray_pixmap
from crisisdesk.desk.look.theme import Look, theme

pytestmark = pytest.mark.usefixtures("look")


def test_a_button_names_its_key_and_obeys_enter_and_space(qtbot: QtBot) -> None:
    button = KeyButton("Acknowledge", "A", "primary")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.accessibleDescription()) == ("Acknowledge", "Key A")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, key)
    button.setEnabled(False)
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.click()
    assert pressed == []


@pytest.mark.parametrize(("big", "height"), [(False, 28), (True, 36)])
def test_a_button_has_its_height_and_grows_with_the_zoom(
    look: Look, big: bool, height: int, qtbot: QtBot
) -> None:
    button = KeyButton("Run", "R", big=big)
    qtbot.addWidget(button)
    assert button.sizeHint().height() == height
    width = button.sizeHint().width()
    look.switch(zoom=200)
    assert button.sizeHint().height() == 2 * height
    assert button.sizeHint().width() > 1.8 * width


def test_kinds_look_different(qtbot: QtBot) -> None:
    button = KeyButton("Roll back")
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    pictures = []
    for kind in ("normal", "primary", "destructive", "drill"):
        button.set_kind(kind)
        pictures.append(button.grab().toImage())
    button.setEnabled(False)
    pictures.append(button.grab().toImage())
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])


def test_text_never_reads_markup_and_follows_the_theme(look: Look, qtbot: QtBot) -> None:
    label = Text("<b>x</b>", "title", "critical")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.palette().windowText().color() == theme().severity("critical").fg
    look.switch(name="light", zoom=150)
    assert label.palette().windowText().color() == look.theme.severity("critical").fg
    assert label.font().pixelSize() == 27


def test_tabs_emit_their_key_and_take_new_counts(qtbot: QtBot) -> None:
    row = TabRow([Tab("now", "Now", "18 groups"), Tab("mine", "Mine")])
    head = RoomHead("Alerts", row)
    head.add_right(FilterField())
    qtbot.addWidget(head)
    assert (head.height(), row.current()) == (48, "now")
    mine = row.findChildren(QAbstractButton)[1]
    with qtbot.waitSignal(row.chosen) as told:
        mine.click()
    assert (told.args, row.current()) == (["mine"], "mine")
    row.show_tabs([Tab("mine", "Mine", "2")])
    assert mine.accessibleName() == "Mine 2"
    row.set_current("now")
    assert row.current() == "now"


def test_pane_head_and_field_have_their_heights(qtbot: QtBot) -> None:
    pane, field = PaneHead("Timeline", "46 entries"), FilterField("Filter", "/", width=190)
    qtbot.addWidget(pane)
    qtbot.addWidget(field)
    pane.show_words("Tasks", "6 open", "1 late")
    assert (pane.height(), pane.accessibleName()) == (32, "Tasks 6 open")
    assert (field.width(), field.sizeHint().height()) == (190, 28)
    assert isinstance(field, QLineEdit)


def test_the_empty_state_offers_what_to_do(qtbot: QtBot) -> None:
    state = EmptyState(
        EmptyView(
            title="No alert needs you.",
            text="15 sources are fresh.",
            cards=(EmptyCard("test", "volume-2", "Sound test", "5 sounds", "not done", "Shift T"),),
            buttons=(EmptyButton("drill", "Start a drill", "G D"),),
        )
    )
    qtbot.addWidget(state)
    assert state.accessibleName() == "No alert needs you. 15 sources are fresh."
    emitted: list[str] = []
    state.chosen.connect(emitted.append)
    for button in state.findChildren(QAbstractButton):
        button.click()
    assert emitted == ["test", "drill"]


def test_panes_have_a_thin_line_and_a_wide_grip(qtbot: QtBot) -> None:
    split = SplitPane()
    qtbot.addWidget(split)
    split.resize(800, 300)
    for minimum in (100, 100):
        pane = QWidget()
        pane.setMinimumWidth(minimum)
        split.add_pane(pane)
    split.show()
    qtbot.waitExposed(split)
    split.setSizes([400, 399])
    grip = split.handle(1)
    assert (grip.width(), grip.contentsRect().width()) == (7, 1)
    assert grip.mask().boundingRect().width() == 1
    before = split.sizes()[0]
    qtbot.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(0, 50))
    qtbot.mouseMove(grip, QPoint(60, 50))
    qtbot.mouseRelease(grip, Qt.MouseButton.LeftButton)
    assert split.sizes()[0] == before + 60
    qtbot.keyClick(grip, Qt.Key.Key_Right)
    assert split.sizes()[0] == before + 76
    split.move_line(0, 1)
    assert split.sizes()[0] == 100


def test_without_a_tray_the_desk_says_so(qtbot: QtBot) -> None:
    tray = TrayPresence()
    tray.show_state("critical", "3 critical")
    if tray.available:
        assert tray.words == "In the tray"
    else:
        assert tray.words == "No tray in this session"
        assert tray.notify("db-primary", "stopped") is False


def test_tray_pictures_tell_states_apart() -> None:
    pictures = [
        tray_pixmap(state, 22).toImage()
        for state in ("quiet", "medium", "high", "critical", "emergency", "away")
    ]
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])


def test_a_change_of_theme_forgets_widgets_that_are_gone(look: Look, qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    kept = KeyButton("Run", "R", parent=home)
    for number in range(50):
        KeyButton(str(number), parent=home).deleteLater()
        Text(str(number), parent=home).deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    look.switch(name="contrast")
    assert home.findChildren(KeyButton) == [kept]


def test_where_room_is_short_the_filter_gives_way_before_the_counts_of_tabs(
    look: Look, qtbot: QtBot
) -> None:
    tabs = TabRow([Tab("now", "Now", "124"), Tab("mine", "Mine", "12"), Tab("s", "Silences", "3")])
    field, chip = FilterField(least=96), QWidget()
    chip.setFixedWidth(130)
    head = RoomHead("Alerts", tabs)
    head.add_right(chip)
    head.add_right(field)
    qtbot.addWidget(head)
    head.show()
    head.resize(1200, head.height())
    qtbot.waitUntil(lambda: field.width() == 190)
    head.resize(head.minimumSizeHint().width(), head.height())
    qtbot.waitUntil(lambda: field.width() == 96)
    for button in tabs.findChildren(QAbstractButton):
        assert button.width() >= button.sizeHint().width()
