"""The timeline's head, views and clock."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.timeline_pane import TimelinePane
from crisisdesk.domain.timeline import TimelineFilter

from tests.domain.incident_log import MINUTE, START

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def pane(dossier: Dossier, qtbot: QtBot) -> TimelinePane:
    made = TimelinePane()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.show_dossier(dossier, START)
    return made


def test_the_head_counts_and_says_when_not_everything_is_there(
    pane: TimelinePane, dossier: Dossier
):
    assert pane.head.count.text() == "17 entries"
    pane.show_dossier(replace(dossier, entries=dossier.entries[:1], cut_short=("A-1",)), START)
    assert pane.head.count.text() == "1 entry, older ones not shown"


def test_tabs_choose_the_view(pane: TimelinePane):
    tabs = {b.accessibleName(): b for b in pane.head.tabs.findChildren(QAbstractButton)}
    assert list(tabs) == [chosen.capitalize() for chosen in TimelineFilter]
    tabs["Public"].click()
    assert [e.is_public for e in pane.view.rows.rows()] == [True]


def test_zones_are_named_where_there_is_room(pane: TimelinePane):
    assert pane.head.zones.isVisible()
    assert pane.head.zones.text().startswith("UTC")
    pane.resize(400, 500)
    assert not pane.head.zones.isVisible()


def test_earlier_today_follows_the_clock(pane: TimelinePane):
    pane.tick(START + MINUTE)
    assert pane.composer.now_ms == START + MINUTE
