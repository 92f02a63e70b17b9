"""List and detail side by side, or one of them where the window is narrow."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.delegate import RowDelegate
from crisisdesk.desk.alerts.detail import DetailPane
from crisisdesk.desk.alerts.list_pane import ListPane
from crisisdesk.desk.alerts.model import QueueModel
from crisisdesk.desk.alerts.panes import Panes
from crisisdesk.desk.alerts.rates import Rates
from crisisdesk.desk.alerts.view import QueueView

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


class Kept:
    """What a window remembers."""

    def __init__(self, **kept: object) -> None:
        self.kept = kept

    def remember(self, key: str, value: object) -> None:
        self.kept[key] = value

    def remembered(self, key: str, default: object) -> object:
        return self.kept.get(key, default)


def made(qtbot: QtBot, width: int, desk: Kept) -> tuple[Panes, ListPane, DetailPane, QWidget]:
    room = QWidget()
    qtbot.addWidget(room)
    listed = ListPane(QueueView(QueueModel(room), RowDelegate(Rates())))
    detail = DetailPane()
    panes = Panes(desk, room, listed, detail)  # type: ignore[arg-type]
    layout = QHBoxLayout(room)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(panes.split)
    room.resize(width, 600)
    room.show()
    panes.resized()
    return panes, listed, detail, room


def test_a_wide_window_shows_both_and_gives_the_detail_its_width(qtbot: QtBot) -> None:
    desk = Kept(**{"alerts.split": 520})
    panes, listed, detail, _room = made(qtbot, 1_400, desk)
    assert listed.isVisible()
    assert detail.isVisible() is not listed.is_empty
    detail.show()
    panes.resized()
    assert not panes.leave_detail()


def test_a_narrow_one_shows_the_detail_in_place_of_the_list_and_back(qtbot: QtBot) -> None:
    panes, listed, detail, _room = made(qtbot, 700, Kept())
    assert (listed.isVisible(), detail.isVisible()) == (True, False)
    panes.open_detail()
    assert (listed.isVisible(), detail.isVisible()) == (False, True)
    panes.show()
    assert detail.isVisible(), "a patch of the list must not take the detail away"
    assert panes.leave_detail()
    assert (listed.isVisible(), detail.isVisible()) == (True, False)
    assert not panes.leave_detail()
