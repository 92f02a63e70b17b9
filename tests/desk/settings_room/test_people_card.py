"""People: a real address, a real test page, a refusal at its field, editing and removing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.settings_room.people_card import SHOWN, PeopleCard
from crisisdesk.desk.settings_room.room import SettingsRoom

from tests.comms.receivers import answer, receiving
from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def press(qtbot: QtBot, card: PeopleCard, name: str) -> KeyButton:
    """Click the button of that name, which comes with the next round of the layout."""

    def found() -> list[KeyButton]:
        buttons = card.findChildren(KeyButton)
        return [one for one in buttons if one.accessibleName() == name and one.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    [button] = found()
    button.click()
    return button


def said(card: PeopleCard) -> str:
    return "\n".join(text.text() for text in card.findChildren(Text) if text.isVisibleTo(card))


def add(qtbot: QtBot, card: PeopleCard, url: str) -> None:
    card.name.line.setText("Priya Nair")
    card.url.line.setText(url)
    card.save.click()
    qtbot.waitUntil(lambda: bool(card.contacts))
    qtbot.waitUntil(lambda: not card.url.text)


def test_a_test_page_arrives_and_its_outcome_is_told(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    with receiving(lambda _: answer(200)) as receiver:
        add(qtbot, card, f"webhook://{receiver.host}/hook-secret")
        assert "hook-secret" not in said(card)
        press(qtbot, card, "Send a test to Priya Nair by webhook")
        qtbot.waitUntil(lambda: len(receiver.requests) == 1, timeout=10_000)
        qtbot.waitUntil(lambda: "sent" in said(card), timeout=10_000)
        assert receiver.requests[0].path == "/hook-secret"


def test_a_test_that_fails_says_why(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    with receiving(lambda _: answer(410)) as receiver:
        add(qtbot, card, f"webhook://{receiver.host}/gone")
        press(qtbot, card, "Send a test to Priya Nair by webhook")
        qtbot.waitUntil(lambda: "failed: " in said(card), timeout=10_000)
    assert "410" in said(card)


def test_a_bad_address_is_refused_at_its_field_and_kept(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    card.name.line.setText("Priya Nair")
    card.url.line.setText("http://example.org/x")
    card.save.click()
    qtbot.waitUntil(card.url.refusal.isVisible)
    assert "webhooks://" in card.url.refusal.text()
    assert (card.name.text, card.url.text) == ("Priya Nair", "http://example.org/x")
    assert card.url.line.hasFocus()
    assert card.contacts == []
    QTest.keyClicks(card.url.line, "y")
    assert not card.url.refusal.isVisible()


def test_nothing_is_sent_without_a_name_or_an_address(room: SettingsRoom) -> None:
    card = room.people
    card.send()
    assert card.name.refusal.text() == "A name is needed."
    card.name.line.setText("Priya Nair")
    card.send()
    assert card.url.refusal.text() == "An address is needed."
    assert card.save.isEnabled()


def test_asking_twice_at_once_saves_one_person(
    room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    card = room.people
    card.name.line.setText("Priya Nair")
    card.url.line.setText("webhook://127.0.0.1:9/x")
    card.send()
    card.send()
    qtbot.waitUntil(lambda: not card.url.text)
    assert len(live.read(lambda reader: reader.contacts())) == 1


def test_an_edit_without_an_address_keeps_the_one_stored(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    with receiving(lambda _: answer(200)) as receiver:
        add(qtbot, card, f"webhook://{receiver.host}/kept")
        press(qtbot, card, "Edit Priya Nair")
        card.role.line.setText("network")
        card.save.click()
        qtbot.waitUntil(lambda: card.contacts[0].role == "network")
        assert len(card.contacts[0].methods) == 1
        press(qtbot, card, "Send a test to Priya Nair by webhook")
        qtbot.waitUntil(lambda: len(receiver.requests) == 1, timeout=10_000)
        assert receiver.requests[0].path == "/kept"
        qtbot.waitUntil(lambda: "sent" in said(card), timeout=10_000)


def test_who_is_removed_is_gone(room: SettingsRoom, live: Live, qtbot: QtBot) -> None:
    card = room.people
    add(qtbot, card, "webhook://127.0.0.1:9/x")
    press(qtbot, card, "Remove Priya Nair")
    assert live.read(lambda reader: reader.contacts()), "it asks once more"
    press(qtbot, card, "Really remove Priya Nair")
    # The feed may tell of it before the command is answered, or after.
    qtbot.waitUntil(lambda: "Priya Nair is no longer paged." in said(card))
    qtbot.waitUntil(lambda: "Nobody yet" in said(card))
    assert live.read(lambda reader: reader.contacts()) == []


def test_tab_goes_through_the_people_before_the_form(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    add(qtbot, card, "webhook://127.0.0.1:9/x")
    press(qtbot, card, "Edit Priya Nair").setFocus()
    met = []
    for _ in range(6):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        met.append(focus.accessibleName())
    assert met == [
        "Switch off Priya Nair",
        "Remove Priya Nair",
        "Send a test to Priya Nair by webhook",
        "Switch off webhook of Priya Nair",
        "Remove webhook of Priya Nair",
        "Name",
    ]


def test_a_method_is_switched_off_put_first_and_removed(
    room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    card = room.people
    add(qtbot, card, "webhook://127.0.0.1:9/x")
    press(qtbot, card, "Edit Priya Nair")
    card.url.line.setText("json://127.0.0.1:9/y")
    card.save.click()
    qtbot.waitUntil(lambda: channels(card) == ["webhook", "json"])
    press(qtbot, card, "Try json of Priya Nair first")
    qtbot.waitUntil(lambda: channels(card) == ["json", "webhook"])
    press(qtbot, card, "Switch off webhook of Priya Nair")
    qtbot.waitUntil(lambda: "webhook, high and worse, off" in said(card))
    assert [m["enabled"] for m in card.contacts[0].methods] == [True, False]
    live.desk.shell.undo_last()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "and worse, off" not in said(card))
    press(qtbot, card, "Remove json of Priya Nair")
    press(qtbot, card, "Really remove json of Priya Nair")
    qtbot.waitUntil(lambda: channels(card) == ["webhook"])


def test_a_person_is_switched_off_and_says_so(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    add(qtbot, card, "webhook://127.0.0.1:9/x")
    press(qtbot, card, "Switch off Priya Nair")
    qtbot.waitUntil(lambda: "switched off: is not paged" in said(card))
    press(qtbot, card, "Switch on Priya Nair")
    qtbot.waitUntil(lambda: "switched off" not in said(card))


def channels(card: PeopleCard) -> list[str]:
    return [method["channel"] for one in card.contacts for method in one.methods]


def test_what_a_person_prefers_is_saved_shown_and_edited(room: SettingsRoom, qtbot: QtBot) -> None:
    card = room.people
    assert not card.likes.isVisible()
    card.more.click()
    assert card.likes.isVisible()
    card.url.line.setFocus()
    met = []
    for _ in range(9):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        met.append(focus.accessibleName())
    assert met == [
        *(field.line.accessibleName() for field in card.likes.fields),
        "Page from this severity on",
        "Add",
    ]
    card.name.line.setText("Priya Nair")
    card.likes.phones.line.setText("+91 22")
    card.likes.zone.line.setText("Asia/Kolkata")
    card.likes.quiet.line.setText("22:00-06:00")
    QTest.keyClick(card.likes.quiet.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(card.contacts))
    qtbot.waitUntil(lambda: "quiet daily 22:00-06:00 only critical" in said(card))
    assert not card.likes.isVisible()
    assert card.likes.phones.text == ""
    press(qtbot, card, "Edit Priya Nair")
    assert card.likes.zone.text == "Asia/Kolkata"
    card.likes.quiet.line.setText("")
    card.save.click()
    qtbot.waitUntil(lambda: card.contacts[0].quiet == [])
    assert card.contacts[0].emergency == {"phones": ["+91 22"]}


def test_a_preference_that_cannot_be_is_refused_at_its_line(
    room: SettingsRoom, qtbot: QtBot
) -> None:
    card = room.people
    card.more.click()
    card.name.line.setText("Priya Nair")
    card.likes.phones.line.setText("+91 22")
    card.likes.quiet.line.setText("at night")
    card.more.click()
    card.send()
    assert card.likes.quiet.refusal.isVisible()
    assert card.likes.quiet.line.hasFocus()
    card.likes.quiet.line.setText("22:00-06:00")
    card.send()
    qtbot.waitUntil(card.likes.zone.refusal.isVisible)
    assert "Europe/Prague" in card.likes.zone.refusal.text()
    assert card.contacts == []


def test_of_many_people_the_first_are_shown_and_the_others_found(
    room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    card = room.people
    rows = "".join(f"P{n:02d},DBA\n" for n in range(SHOWN + 5))
    live.client.import_contacts("csv", f"Name,Role\n{rows}Zoe,Network\n", apply=True)
    qtbot.waitUntil(lambda: "and 6 more: type what to find" in said(card))
    assert "Zoe" not in said(card)
    card.finder.line.setText("net zo")
    qtbot.waitUntil(lambda: "Zoe" in said(card))
    assert "P00" not in said(card)
    assert "more: type" not in said(card)
