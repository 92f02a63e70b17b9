"""The page on a real file: what arrives, what if, what is out and who has no way left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.channel_map.page import ChannelMapPage
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.snapshot import Change
from crisisdesk.engine.outage_commands import SetOutage

from tests.desk.channel_map.conftest import press
from tests.desk.comms_room.conftest import Shelf

pytestmark = pytest.mark.usefixtures("look")


def lost(page: ChannelMapPage) -> list[str]:
    return [one.name for one in page.stranded.lines.rows()]


def go_to(page: ChannelMapPage, name: str) -> None:
    names = [column.dependency for column in page.found.columns]
    page.grid.choose(names.index(name))


def test_it_says_what_would_follow_and_changes_nothing(page: ChannelMapPage, shelf: Shelf) -> None:
    assert page.top.sentence.text().endswith("Everybody can be reached.")
    assert lost(page) == []
    go_to(page, "dns")
    press(page, "S")
    assert page.top.sentence.text() == (
        "Mail and Slack would not arrive; SMS would. 2 of 3 people cannot be reached."
    )
    assert page.top.supposing.text().startswith("Supposing that dns is out")
    assert lost(page) == ["Bob", "Cy"]
    assert page.stranded_head.accessibleName() == "No way left 2"
    go_to(page, "carrier")
    press(page, "S")
    assert lost(page) == ["Ann", "Bob", "Cy"]
    press(page, "S")
    assert lost(page) == ["Bob", "Cy"]
    press(page, "X")
    assert (lost(page), page.top.supposing.isHidden()) == ([], True)
    assert shelf.desk.commands == []
    assert "X" not in [action.keys for action in page.actions()]


def test_what_is_out_is_read_when_it_changes(
    page: ChannelMapPage, shelf: Shelf, qtbot: QtBot
) -> None:
    shelf.station.do(SetOutage(dependency="dns", reason="cut"))
    page.on_snapshot(Change(touched=frozenset({"POL-1"})))
    shelf.desk.now += 2_000
    with qtbot.waitSignal(page.judged) as judged:
        page.tick(shelf.desk.now)
    assert judged.args == [1]
    assert lost(page) == ["Bob", "Cy"]
    assert page.top.out.text() == "dns is out, said by Klára Langová: cut"
    go_to(page, "dns")
    assert page.side.why.text().endswith("said by Klára Langová: cut.")


def test_the_form_says_it_and_both_ways_can_be_undone(
    page: ChannelMapPage, shelf: Shelf, qtbot: QtBot
) -> None:
    go_to(page, "dns")
    press(page, "S")
    press(page, "O")
    form = page.side.form
    assert (form.name.text(), form.is_open()) == ("dns", True)
    qtbot.keyClicks(form.reason, "cut")
    qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert shelf.desk.commands == ["say that dns is out"]
    assert not form.is_open()
    assert page.without == {}
    shelf.station.do(SetOutage(dependency="dns", reason="cut"))
    page.read()
    go_to(page, "dns")
    press(page, "E")
    undone = shelf.desk.undone  # type: ignore[attr-defined]
    assert [title for title, _undo in undone] == [
        "dns counts as out: pages go around it",
        "dns counts as there again",
    ]
    for _title, undo in undone:
        undo()
    assert shelf.desk.commands[1:] == [
        "say that dns is there again",
        "dns is there again",
        "say that dns is out",
    ]


def test_a_suspicion_is_accepted_with_its_reason(page: ChannelMapPage, shelf: Shelf) -> None:
    at = shelf.desk.now
    bad = {"status": "failed", "failed_at": at, "words": "timeout"}
    names = ("Ann-email", "Bob-email", "Bob-slack", "Cy-slack")
    shelf.put(*({"method_id": name, **bad} for name in names))
    page.read()
    go_to(page, "dns")
    press(page, "O")
    assert page.side.form.reason.text() == (
        "suspected: mail and Slack fail, and nothing that needs it works"
    )
    page.side.form.left.emit()
    assert not page.side.form.is_open()


def test_while_the_engine_is_away_nothing_is_said(page: ChannelMapPage) -> None:
    page.engine_changed(True)
    [out] = [action for action in page.actions() if action.keys == "O"]
    assert (out.enabled, out.detail) == (False, AWAY)
    page.begin_outage()
    page.end_outage()
    assert not page.side.form.is_open()
    assert page.side.reason.text() == AWAY


def test_keys_go_around_the_map(page: ChannelMapPage) -> None:
    before = page.grid.delegate.chosen
    press(page, "Right")
    assert page.grid.delegate.chosen == before + 1
    press(page, "Left")
    press(page, "J")
    assert page.grid.currentIndex().row() == 1
    press(page, "K")
    assert page.grid.currentIndex().row() == 0
    page.focus_first()
    page.suppose()
    assert page.without


def test_what_cannot_be_read_says_so_and_is_read_again(page: ChannelMapPage, shelf: Shelf) -> None:
    path = shelf.desk.path
    shelf.desk.path = path.with_name("elsewhere.db")
    page.read()
    assert page.pages.view is not None
    assert page.pages.view.title == "The channel map cannot be read now."
    shelf.desk.path = path
    page.pages.asked.emit("again")
    assert page.pages.view is None


def test_without_contacts_it_leads_to_people(qtbot: QtBot, shelf: Shelf) -> None:
    page = ChannelMapPage(shelf.desk)
    qtbot.addWidget(page)
    page.read()
    with qtbot.waitSignal(page.people):
        page.pages.asked.emit("people")


def test_a_narrow_page_has_the_pane_below(page: ChannelMapPage) -> None:
    page.resize(900, 640)
    assert page.split.orientation() is Qt.Orientation.Vertical
    page.resize(1228, 640)
    assert page.split.orientation() is Qt.Orientation.Horizontal
