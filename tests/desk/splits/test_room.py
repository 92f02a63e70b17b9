"""The page of a real split in a real window on a real engine, worked by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import Client
from crisisdesk.desk.app import Desk
from crisisdesk.desk.fleet.attach import FleetDoor
from crisisdesk.desk.splits.delegate import lay_out
from crisisdesk.desk.splits.room import SPLITS, SplitRoom
from crisisdesk.desk.supervisor import read_door
from crisisdesk.settings.places import Places

from tests.crash.engine_process import running
from tests.desk.live import OPERATOR, Live
from tests.desk.splits.conftest import CUT
from tests.desk.splits.story import Story, tell

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.usefixtures("look"), CUT]


@pytest.fixture
def visit(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> Iterator[Callable[..., tuple[Live, SplitRoom, Story]]]:
    """Opens a desk on the station of a story of its own, with an engine.

    A copy of a file that was told once would be another station.
    """
    closing: list[Callable[[], object]] = []

    def open_on(*, collide: bool = True) -> tuple[Live, SplitRoom, Story]:
        story = tell(tmp_path, collide=collide)
        folder = story.folder
        engine = running(folder, CRISISDESK_SEALED="true")
        process, _ = engine.__enter__()
        closing.append(lambda: engine.__exit__(None, None, None))
        door = read_door(Places(folder))
        assert door is not None
        client = Client(door.url, door.token, OPERATOR)
        closing.append(client.close)
        live = Live(qtbot, Places(folder), process, client)
        desk = live.open(qapp)
        closing.append(desk.close)
        room = desk.shell.rooms[SPLITS]
        assert isinstance(room, SplitRoom)
        qtbot.waitUntil(lambda: room.page is not None, timeout=10_000)
        return live, room, story

    yield open_on
    for close in reversed(closing):
        close()


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    target: QWidget = QApplication.focusWidget() or desk.shell
    QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def desk_of(live: Live) -> Desk:
    assert live.desk is not None
    return live.desk


Visit = Callable[..., tuple[Live, SplitRoom, Story]]


def test_the_banner_leads_to_it_and_escape_leads_back(visit: Visit, qtbot: QtBot) -> None:
    live, room, _ = visit()
    shell = desk_of(live).shell
    qtbot.waitUntil(lambda: "Rejoined" in shell.banner.accessibleName())
    assert "3 things were changed on both sides; 2 to decide." in shell.banner.accessibleName()
    shell.open_room(2)
    press(desk_of(live), Qt.Key.Key_F7)
    assert shell.room is room
    assert room.list.hasFocus()
    press(desk_of(live), Qt.Key.Key_Escape)
    assert shell.room.key == 2
    shell.banner.look_button.click()
    assert shell.room is room


def test_it_is_not_the_room_that_a_restart_opens(visit: Visit) -> None:
    live, _, _ = visit()
    shell = desk_of(live).shell
    shell.open_room(2)
    press(desk_of(live), Qt.Key.Key_F7)
    assert shell.remembered("window.room", 0) == 2


def test_keys_move_open_and_unfold(visit: Visit, qtbot: QtBot) -> None:
    live, room, story = visit()
    desk = desk_of(live)
    press(desk, Qt.Key.Key_F7)

    def at() -> str:
        line = room.list.selected()
        return "" if line is None else line.key

    qtbot.waitUntil(lambda: "mine" in [line.key for line in room.list.lines.rows()])
    assert at() == f"decide {story.incident}"
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_J)
    press(desk, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: at() == "mine")
    press(desk, Qt.Key.Key_Return)
    assert any(line.brief for line in room.list.lines.rows())
    press(desk, Qt.Key.Key_Return)
    assert not any(line.brief for line in room.list.lines.rows())
    press(desk, Qt.Key.Key_K)
    assert at() == f"both {story.alerts[1]}"
    press(desk, Qt.Key.Key_Return)
    assert desk.shell.room.key == 1


def test_a_choice_is_the_operators_and_settles_the_matter(visit: Visit, qtbot: QtBot) -> None:
    live, room, story = visit()
    desk = desk_of(live)
    press(desk, Qt.Key.Key_F7)
    line = room.list.selected()
    assert line is not None
    incident = live.read(lambda reader: reader.incident(story.incident))
    rival = incident.rivals[0]
    at = [choice.words for choice in line.choices].index(f"{rival} commands")
    press(desk, Qt.Key(Qt.Key.Key_A + at))
    qtbot.waitUntil(
        lambda: live.read(lambda reader: reader.incident(story.incident)).commander == rival,
        timeout=5_000,
    )
    qtbot.waitUntil(lambda: room.page is not None and room.page.decisions() == 1, timeout=8_000)
    assert live.read(lambda reader: reader.incident(story.incident)).rivals == []
    qtbot.waitUntil(lambda: "1 to decide" in desk.shell.banner.accessibleName(), timeout=5_000)


def test_a_painted_button_is_pressed_by_the_mouse(visit: Visit, qtbot: QtBot) -> None:
    live, room, story = visit()
    desk = desk_of(live)
    press(desk, Qt.Key.Key_F7)
    lost = live.read(lambda reader: reader.incident(story.incident)).overwritten[-1]["value"]
    index = room.list.lines.index_of(f"decide {story.incident}")
    line = room.list.lines.row(index.row())
    box = room.list.visualRect(index)
    [button] = [b for b in lay_out(line, box.width()).buttons if "Put back" in b.words]
    place = box.topLeft() + QPoint(*button.box.center().toPoint().toTuple())
    QTest.mouseClick(room.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(
        lambda: live.read(lambda reader: reader.incident(story.incident)).title == lost,
        timeout=5_000,
    )


def test_marked_as_read_it_is_not_told_again_but_can_be_seen(visit: Visit, qtbot: QtBot) -> None:
    live, room, _ = visit()
    desk = desk_of(live)
    qtbot.waitUntil(lambda: "Rejoined" in desk.shell.banner.accessibleName())
    press(desk, Qt.Key.Key_F7)
    press(desk, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: "Rejoined" not in desk.shell.banner.accessibleName())
    assert not room.mark.isEnabled()
    assert room.page is not None
    assert desk.shell.remembered("splits.read", []) == [room.page.cut.key]
    press(desk, Qt.Key.Key_Escape)
    live.raise_alert("Something new")
    press(desk, Qt.Key.Key_F7)
    assert desk.shell.room is room


def test_where_nothing_collided_it_says_so_and_shows_the_rest_on_demand(
    visit: Visit, qtbot: QtBot
) -> None:
    live, room, _ = visit(collide=False)
    desk = desk_of(live)
    assert "Rejoined" not in desk.shell.banner.accessibleName()
    door = next(part for part in desk.parts or [] if isinstance(part, FleetDoor))
    door.open_splits()
    shown = room.stack.currentWidget()
    assert shown is not None
    assert "Nothing collided" in shown.accessibleName()
    assert "2 things changed here, 1 thing elsewhere" in shown.accessibleName()
    room._calm_chosen("unfold")
    assert [line.brief for line in room.list.lines.rows()] == [False, True, True, False, True]


def test_settings_list_it(visit: Visit, qtbot: QtBot) -> None:
    live, room, _ = visit()
    desk = desk_of(live)
    assert desk.actions is not None
    desk.actions.open_palette()
    QTest.keyClicks(desk.actions.palette.field, "hub and stations")
    press(desk, Qt.Key.Key_Return)
    assert desk.shell.room.key == 9
    from crisisdesk.desk.frame.key_button import KeyButton
    from crisisdesk.desk.settings_room.room import SettingsRoom

    settings = desk.shell.room
    assert isinstance(settings, SettingsRoom)
    looks = [b for b in settings.hub.findChildren(KeyButton) if b.text() == "Look"]
    assert len(looks) == 1
    assert "while this station was cut off" in looks[0].accessibleName()
    looks[0].click()
    assert desk.shell.room is room
