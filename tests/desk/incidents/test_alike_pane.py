"""The lines of alike alerts: what, why, a button; nothing moves under the keyboard."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.alike_pane import AlikePane, line_of
from crisisdesk.domain.correlation.alike import Alike

from tests.domain.correlation.test_alike import alert

pytestmark = pytest.mark.usefixtures("look")


def one(name: str, service: str = "db") -> Alike:
    return Alike(alert=alert(name, service), points=4, because="same service db")


def test_it_says_what_and_why() -> None:
    assert line_of(one("A-1")) == ("db: A-1", "high, same service db")
    assert line_of(one("A-1", ""))[0] == "A-1"
    assert line_of(one("x" * 60))[0].endswith("…")


def test_it_is_hidden_while_there_is_nothing_and_stays_still_under_the_keyboard(
    qtbot: QtBot,
) -> None:
    pane = AlikePane()
    qtbot.addWidget(pane)
    assert pane.isHidden()
    pane.show_alike([one("A-1"), one("A-2")])
    qtbot.waitExposed(pane)
    heard: list[str] = []
    pane.wanted.connect(heard.append)
    pane.buttons["A-2"].click()
    assert heard == ["A-2"]
    assert pane.buttons["A-1"].accessibleName() == "Attach db: A-1; high, same service db"
    rows = pane.rows
    pane.show_alike([one("A-1"), one("A-2")])
    assert pane.rows is rows
    pane.activateWindow()
    pane.buttons["A-2"].setFocus()
    qtbot.waitUntil(pane.buttons["A-2"].hasFocus)
    pane.show_alike([])
    assert pane.rows is rows
    pane.buttons["A-2"].clearFocus()
    pane.show_alike([])
    assert pane.isHidden()
