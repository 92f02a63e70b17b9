"""The help in the window: keys, links, search, the way there and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.app import Desk, build_desk
from crisisdesk.desk.frame.empty_state import EmptyState
from crisisdesk.desk.help.room import HelpRoom
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.settings.places import Places

pytestmark = pytest.mark.usefixtures("look")
NONE = Qt.KeyboardModifier.NoModifier


class Opened(QObject):
    """Takes what the desk hands to the system's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """Keep it."""
        self.urls.append(url.toString())


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    found = build_desk(qapp, Places(tmp_path), starts_engine=False, sounds=False)
    found.state.set("first_run.done", True)
    found.start()
    qtbot.waitUntil(lambda: found.actions is not None)
    found.shell.activateWindow()
    qtbot.waitUntil(found.shell.isActiveWindow)
    yield found
    found.close()


@pytest.fixture
def opened() -> Iterator[Opened]:
    taker = Opened()
    # PySide6 takes the name as text, though its stubs ask for bytes.
    QDesktopServices.setUrlHandler("https", taker, "take")  # type: ignore[arg-type]
    yield taker
    QDesktopServices.unsetUrlHandler("https")


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    target: QWidget = QApplication.focusWidget() or desk.shell
    QTest.keyClick(target, key, modifier)


def help_of(desk: Desk) -> HelpRoom:
    assert desk.actions is not None
    room = desk.actions.help.room
    assert room is not None
    assert desk.shell.stack.currentWidget() is room
    return room


def page_of(desk: Desk) -> str:
    page = help_of(desk).browser.page
    assert page is not None
    return page.name


def test_nothing_of_the_help_is_there_before_it_is_wanted(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("room", "pages", "render", "browser"):
        monkeypatch.delitem(sys.modules, f"crisisdesk.desk.help.{name}", raising=False)
    desk: Desk = request.getfixturevalue("desk")
    assert desk.actions is not None
    desk.actions.learn()
    assert desk.actions.help.room is None
    assert not [name for name in sys.modules if name.startswith("crisisdesk.desk.help.r")]
    assert "crisisdesk.desk.help.pages" not in sys.modules


@pytest.mark.parametrize(("room", "page"), [(1, "alerts"), (2, "incidents"), (9, "first-steps")])
def test_f1_opens_the_page_of_the_room_and_esc_gives_the_room_back(
    desk: Desk, room: int, page: str
) -> None:
    desk.shell.open_room(room)
    before = QApplication.focusWidget()
    press(desk, Qt.Key.Key_F1)
    assert page_of(desk) == page
    assert help_of(desk).list.hasFocus()
    assert desk.shell.banner.isVisible()
    press(desk, Qt.Key.Key_Escape)
    assert desk.shell.room.key == room
    assert QApplication.focusWidget() is before


def test_f1_in_a_card_of_the_settings_opens_its_page(desk: Desk) -> None:
    desk.shell.open_room(9)
    room = desk.shell.room
    assert isinstance(room, SettingsRoom)
    card = room.people
    card.name.line.setFocus()
    press(desk, Qt.Key.Key_F1)
    assert page_of(desk) == "paging"
    press(desk, Qt.Key.Key_Escape)
    assert card.name.line.hasFocus()


def test_keys_go_through_the_list_and_back(desk: Desk) -> None:
    press(desk, Qt.Key.Key_F1)
    press(desk, Qt.Key.Key_J)
    assert page_of(desk) == "incidents"
    press(desk, Qt.Key.Key_Down)
    assert page_of(desk) == "playbooks"
    press(desk, Qt.Key.Key_K)
    press(desk, Qt.Key.Key_Up)
    assert page_of(desk) == "alerts"
    press(desk, Qt.Key.Key_Backspace)
    assert page_of(desk) == "incidents"
    press(desk, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page_of(desk) == "playbooks"
    press(desk, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page_of(desk) == "incidents"
    help_of(desk).browser.setFocus()
    press(desk, Qt.Key.Key_J)
    assert page_of(desk) == "playbooks"
    press(desk, Qt.Key.Key_Escape)
    assert desk.shell.room.key == 1


def test_alerts_cannot_be_touched_from_the_help(desk: Desk) -> None:
    press(desk, Qt.Key.Key_F1)
    assert desk.actions is not None
    keys = {action.keys for action in desk.actions.in_force()}
    assert keys.isdisjoint({"A", "E", "R", "Shift A", "C"})
    press(desk, Qt.Key.Key_2)
    assert desk.shell.room.key == 2


def test_search_finds_marks_and_says_when_nothing_is_found(desk: Desk) -> None:
    press(desk, Qt.Key.Key_F1)
    press(desk, Qt.Key.Key_Slash)
    room = help_of(desk)
    assert room.field.hasFocus()
    QTest.keyClicks(room.field, "group_wait")
    assert [hit.page.name for hit in room.list.hits()] == ["connect-alertmanager"]
    assert page_of(desk) == "connect-alertmanager"
    [mark] = room.browser.extraSelections()
    assert mark.cursor.selectedText() == "group_wait"
    QTest.keyClicks(room.field, "zz")
    [empty] = [state for state in room.findChildren(EmptyState) if state.isVisible()]
    assert "group_waitzz" in empty.accessibleName()
    assert not room.browser.isVisible()
    press(desk, Qt.Key.Key_Escape)
    assert room.field.text() == ""
    assert room.list.hasFocus()
    assert room.browser.isVisible()
    assert len(room.list.hits()) == len(room.pages)
    press(desk, Qt.Key.Key_Escape)
    assert desk.shell.room.key == 1


def test_links_between_pages_work_and_back_comes_to_the_same_line(desk: Desk, qtbot: QtBot) -> None:
    desk.shell.resize(1280, 500)
    press(desk, Qt.Key.Key_F1)
    room = help_of(desk)
    room.open_page("connect-prometheus")
    bar = room.browser.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 60)
    bar.setValue(60)
    room.browser.anchorClicked.emit(QUrl("connect-alertmanager.md"))
    assert page_of(desk) == "connect-alertmanager"
    assert room.list.currentIndex().data() == "Connect Alertmanager"
    assert bar.value() == 0
    room.back()
    assert page_of(desk) == "connect-prometheus"
    assert bar.value() == 60


def test_a_link_outside_is_shown_and_opened_only_when_asked(desk: Desk, opened: Opened) -> None:
    press(desk, Qt.Key.Key_F1)
    room = help_of(desk)
    room.browser.anchorClicked.emit(QUrl("https://example.org/docs"))
    assert page_of(desk) == "alerts"
    assert room.bar.isVisible()
    assert room.bar.address.text() == "https://example.org/docs"
    assert opened.urls == []
    press(desk, Qt.Key.Key_Escape)
    assert not room.bar.isVisible()
    press(desk, Qt.Key.Key_O)
    assert opened.urls == []
    room.browser.anchorClicked.emit(QUrl("https://example.org/docs"))
    press(desk, Qt.Key.Key_O)
    assert opened.urls == ["https://example.org/docs"]
    room.browser.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert not room.bar.open_button.isVisible()
    assert "is no page" in room.bar.accessibleName()
    press(desk, Qt.Key.Key_O)
    assert opened.urls == ["https://example.org/docs"]


def test_the_palette_names_every_page(desk: Desk) -> None:
    press(desk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert desk.actions is not None
    palette = desk.actions.palette
    titles = {row.action.title for row in palette.rows() if row.action is not None}
    assert {"Help: Paging", "Help: Connect Alertmanager", "Help"} <= titles
    QTest.keyClicks(palette.field, "help: sound")
    press(desk, Qt.Key.Key_Return)
    assert page_of(desk) == "sound"


def test_theme_and_zoom_are_followed_at_the_same_place(desk: Desk, look: Look) -> None:
    press(desk, Qt.Key.Key_F1)
    room = help_of(desk)
    look.switch(name="light", zoom=150)
    head = room.browser.document().begin().begin().fragment().charFormat()
    assert head.foreground().color() == theme().color.primary
    assert head.font().pixelSize() == theme().px(26)
    ground = room.browser.grab().toImage().pixelColor(3, 3)
    assert ground == theme().color.panel
    assert page_of(desk) == "alerts"


def test_everything_has_a_name(desk: Desk) -> None:
    press(desk, Qt.Key.Key_F1)
    room = help_of(desk)
    assert room.accessibleName() == "Help"
    assert room.list.accessibleName() == "Help pages"
    assert room.field.accessibleName() == "Search the help"
    assert room.browser.accessibleName() == "Help page Alerts"
    assert room.close_button.accessibleName() == "Back to work"


def test_missing_pages_are_said_to_be_missing(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    room = HelpRoom(desk.shell, empty)
    qtbot.addWidget(room)
    room.resize(900, 600)
    room.show()
    [state] = room.findChildren(EmptyState)
    assert state.isVisible()
    assert str(empty) in state.accessibleName()
    room.open_page("alerts")
    assert room.browser.page is None
