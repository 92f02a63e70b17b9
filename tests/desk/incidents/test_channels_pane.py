"""The lines of channels: words, buttons where there is an address, and a keyboard that stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.channels_pane import (
    NONE_YET,
    ChannelsPane,
    detail_of,
    title_of,
)
from crisisdesk.domain.incident import Incident

pytestmark = pytest.mark.usefixtures("look")


def channel(name: str, address: str = "", **more: Any) -> dict[str, Any]:
    told = {"name": name, "kind": "bridge", "address": address, "use": "", "plan": "", "at": 1}
    return {**told, "by": "Ann", "set": "e1", **more}


def incident(*channels: dict[str, Any]) -> Incident:
    found = {one["name"].casefold(): one for one in channels}
    return Incident(
        incident_id="INC-A", title="Orders", severity="major", created_at=1, channels=found
    )


def test_each_says_what_it_is_and_where() -> None:
    room = channel("War room", "tel:+1", use="for all", kind="in_person")
    assert (title_of(room), detail_of(room)) == ("War room (in person)", "tel:+1; for all")
    assert detail_of(channel("Hall")) == "no address"
    assert title_of(channel("x" * 50)).endswith("…")


def test_buttons_open_and_copy_and_keep_the_keyboard(qtbot: QtBot) -> None:
    pane = ChannelsPane()
    qtbot.addWidget(pane)
    pane.show()
    qtbot.waitExposed(pane)
    pane.show_incident(incident())
    assert pane.none.text() == NONE_YET
    assert pane.none.isVisibleTo(pane)
    pane.show_incident(incident(channel("War room", "tel:+1"), channel("Hall")))
    assert not pane.none.isVisibleTo(pane)
    assert [sorted(row.buttons) for row in pane.rows] == [[], ["Copy", "Open"]]
    heard: list[str] = []
    pane.opened.connect(heard.append)
    pane.copied.connect(heard.append)
    for button in pane.rows[1].buttons.values():
        button.click()
    assert heard == ["tel:+1", "tel:+1"]
    assert pane.rows[1].buttons["Open"].accessibleName() == "Open War room, tel:+1"
    rows = pane.rows
    pane.show_incident(replace(incident(channel("War room", "tel:+1"), channel("Hall")), title="x"))
    assert pane.rows is rows
    pane.activateWindow()
    pane.rows[1].buttons["Copy"].setFocus()
    qtbot.waitUntil(pane.rows[1].buttons["Copy"].hasFocus)
    pane.show_incident(incident(channel("WAR ROOM", "tel:+2", set="e2")))
    assert pane.rows[0].buttons["Copy"].hasFocus()
