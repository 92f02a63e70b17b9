"""The Channels page on a real file: verdicts, methods, tests, who has no working channel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.channels_page import ChannelsPage, headline
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.channel_health import Channels, Verdict
from crisisdesk.engine import commands as c

from tests.desk.comms_room.conftest import Shelf

pytestmark = pytest.mark.usefixtures("look")


def people(shelf: Shelf) -> None:
    """Ann by a webhook that fails, Bob by push that works, Eve by nothing."""

    def method(name: str, channel: str) -> dict[str, object]:
        masked = f"{channel}://{name}.example/…"
        return {"method_id": name, "channel": channel, "label": "", "masked": masked}

    emergency = {"phones": ["+420 1"], "mails": []}
    shelf.station.do(
        c.SaveContact(name="Ann", methods=[method("m1", "webhook")], more={"emergency": emergency}),
        c.SaveContact(name="Bob", methods=[method("m2", "push"), method("m3", "push")]),
        c.SaveContact(name="Eve", role="DBA"),
    )
    at = shelf.desk.now
    shelf.put(
        {"method_id": "m1", "status": "failed", "failed_at": at, "words": "410 gone"},
        {"method_id": "m2", "status": "sent", "claimed_at": at, "sent_at": at + 10},
    )


@pytest.fixture
def page(qtbot: QtBot, shelf: Shelf) -> ChannelsPage:
    people(shelf)
    made = ChannelsPage(shelf.desk)
    qtbot.addWidget(made)
    made.resize(1228, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.tick(shelf.desk.now)
    return made


def run(page: ChannelsPage, keys: str) -> None:
    next(action for action in page.actions() if action.keys == keys).run()


def test_channels_stand_worst_first_with_their_methods(page: ChannelsPage) -> None:
    lines = page.table.lines.rows()
    assert [(line.channel, line.verdict) for line in lines] == [
        ("webhook", Verdict.FAILING),
        ("push", Verdict.UNUSED),
        ("push", Verdict.WORKS),
    ]
    assert page.why.text() == "Failing: The last attempt failed: 410 gone."
    assert [m.contact_name for m in page.methods.lines.rows()] == ["Ann"]
    run(page, "J")
    assert page.methods_head.accessibleName() == "push, m3.example 1 contact method"


def test_who_has_no_working_channel_is_named_below(page: ChannelsPage) -> None:
    told = [(one.name, one.why, one.phones) for one in page.stranded.lines.rows()]
    assert told == [
        ("Ann", "webhook, m1.example: failing", ("+420 1",)),
        ("Eve", "no contact method in use", ()),
    ]
    assert page.stranded_head.accessibleName() == "No working channel 2"


def test_a_test_page_goes_to_the_selected_method_by_key_button_and_click(
    page: ChannelsPage, shelf: Shelf
) -> None:
    run(page, "T")
    page.test.click()
    place = page.methods.visualRect(page.methods.lines.index(0, 0))
    at = QPoint(place.right() - 30, place.center().y())
    QTest.mouseClick(page.methods.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert shelf.desk.commands == ["send a test page to Ann"] * 3
    page.engine_changed(True)
    assert (page.test.isEnabled(), page.reason.text()) == (False, AWAY)
    page.send_test()
    QTest.mouseClick(page.methods.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(shelf.desk.commands) == 3


def test_it_is_read_again_when_pages_move_and_keeps_what_is_selected(
    page: ChannelsPage, shelf: Shelf
) -> None:
    run(page, "J")
    chosen = page.table.selected()
    assert chosen is not None
    at = shelf.desk.now
    shelf.put({"method_id": "m1", "status": "sent", "claimed_at": at, "sent_at": at + 99}, first=9)
    page.on_snapshot(Change(deliveries_changed=True))
    shelf.desk.now += 5_000
    page.tick(shelf.desk.now)
    verdicts = {line.provider: line.verdict for line in page.table.lines.rows()}
    assert verdicts["m1.example"] is Verdict.WORKS
    again = page.table.selected()
    assert again is not None
    assert again.key == chosen.key
    assert [one.name for one in page.stranded.lines.rows()] == ["Eve"]


def test_what_cannot_be_read_says_so_and_is_read_again(page: ChannelsPage, shelf: Shelf) -> None:
    path = shelf.desk.path
    shelf.desk.path = path.with_name("elsewhere.db")
    page.read()
    assert page.pages.view is not None
    assert page.pages.view.title == "Channels cannot be read now."
    shelf.desk.path = path
    page.pages.asked.emit("again")
    assert page.pages.view is None


def test_without_contacts_it_leads_to_people(qtbot: QtBot, shelf: Shelf) -> None:
    page = ChannelsPage(shelf.desk)
    qtbot.addWidget(page)
    page.read()
    with qtbot.waitSignal(page.people):
        page.pages.asked.emit("people")


def test_the_headline_counts_verdicts_and_says_what_nobody_knows(page: ChannelsPage) -> None:
    assert headline(page.found)[0] == "1 failing, 1 not used lately, 1 works"
    assert headline(Channels(untried=2))[1] == "2 contacts have only channels not used lately"
    assert headline(Channels(untried=1))[1] == "1 contact has only channels not used lately"


def test_a_narrow_page_has_the_methods_below(page: ChannelsPage) -> None:
    page.resize(900, 640)
    assert page.split.orientation() is Qt.Orientation.Vertical
    assert page.split.sizes()[0] > page.split.sizes()[1] > 100
    page.resize(1228, 640)
    assert page.split.orientation() is Qt.Orientation.Horizontal
    assert page.split.sizes()[0] > page.split.sizes()[1]


def test_enter_leads_to_the_methods_and_j_moves_there(page: ChannelsPage, qtbot: QtBot) -> None:
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.methods.hasFocus()
    run(page, "J")
    assert page.methods.hasFocus()
