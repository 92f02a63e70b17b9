"""A station's file with people, and the page of the map that reads it within the call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.channel_map.page import ChannelMapPage
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy

from tests.desk.comms_room.conftest import FileDesk, Shelf, shelf

__all__ = ["shelf"]

OURS = {"kind": "channel_dependencies", "channels": {"sms": ["-internet", "-dns"]}}
TEAM = {"Ann": ("email", "sms"), "Bob": ("slack", "email"), "Cy": ("slack",)}


class UndoDesk(FileDesk):
    """A desk that takes down what can be undone."""

    def __init__(self, desk: FileDesk) -> None:
        super().__init__(desk.path)
        self.undone: list[tuple[str, Callable[[], None]]] = []

    def offer_undo(self, title: str, undo: Callable[[], None]) -> None:
        self.undone.append((title, undo))


def people(shelf: Shelf) -> None:
    """Ann by mail and SMS over an own modem, Bob by Slack and mail, Cy by Slack."""
    shelf.station.do(PublishPolicy(name="Ours", content=OURS))
    for name, channels in TEAM.items():
        methods = [
            {"method_id": f"{name}-{channel}", "channel": channel, "label": "", "masked": channel}
            for channel in channels
        ]
        emergency = {"phones": ["+420 1"], "mails": []} if name == "Bob" else {}
        more = {"emergency": emergency} if emergency else {}
        shelf.station.do(c.SaveContact(name=name, methods=methods, more=more))


@pytest.fixture
def page(qtbot: QtBot, shelf: Shelf) -> ChannelMapPage:
    """The page in view, with the team, read once."""
    people(shelf)
    shelf.desk = UndoDesk(shelf.desk)
    made = ChannelMapPage(shelf.desk)
    qtbot.addWidget(made)
    made.resize(1228, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.tick(shelf.desk.now)
    return made


def press(page: ChannelMapPage, keys: str) -> None:
    """Do what these keys do on the page."""
    next(action for action in page.actions() if action.keys == keys).run()
