"""What stands in a page's place says why and offers a way on; the keyboard is not lost over it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.empty_pages import (
    NO_CHANNEL,
    NOBODY_PAGED,
    EmptyPages,
    nothing_found,
    unreadable,
)
from crisisdesk.desk.frame.key_button import KeyButton

pytestmark = pytest.mark.usefixtures("look")


def test_words_name_what_was_looked_for() -> None:
    assert nothing_found("failed", "").title == "No delivery in “Failed”."
    assert nothing_found("all", "ann").title == "No delivery with “ann”."
    assert nothing_found("sent", "ann").title == "No delivery with “ann” in “Sent”."
    assert nothing_found("all", "x" * 99).title == f"No delivery with “{'x' * 23}…”."
    told = unreadable("Channels", "station.db is locked; try again")
    assert (told.title, told.text) == (
        "Channels cannot be read now.",
        "Station.db is locked; try again.",
    )
    for view in (NOBODY_PAGED, NO_CHANNEL, told, nothing_found("all", "x")):
        assert view.buttons


def test_it_takes_the_place_of_the_body_and_gives_it_back(qtbot: QtBot) -> None:
    body = QLineEdit()
    pages = EmptyPages(body)
    qtbot.addWidget(pages)
    with qtbot.waitActive(pages):
        pages.show()
    body.setFocus()
    pages.show_empty(NOBODY_PAGED)
    assert not body.isVisible()
    [button] = pages.findChildren(KeyButton)
    with qtbot.waitSignal(pages.asked) as told:
        button.click()
    assert told.args == ["people"]
    pages.show_empty(NO_CHANNEL)
    pages.show_empty(None)
    assert body.isVisible()
    assert pages.view is None
