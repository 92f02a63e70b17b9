"""The first run, walked by keys on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.first_run import FirstRun

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path, named=False) as found:
        yield found


@pytest.fixture
def page(live: Live, qapp: QApplication, qtbot: QtBot) -> FirstRun:
    desk = live.open(qapp)
    qtbot.waitUntil(lambda: desk.shell.pages.count() == 2)
    found = desk.shell.pages.currentWidget()
    assert isinstance(found, FirstRun)
    return found


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def name_it(page: FirstRun, qtbot: QtBot) -> None:
    QTest.keyClicks(focus(), "BRNO-2")
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    QTest.keyClicks(focus(), "Ana Jakes")
    QTest.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.step == 1)


def test_the_whole_walk_by_keys(live: Live, page: FirstRun, qtbot: QtBot) -> None:
    assert live.desk is not None
    shell = live.desk.shell
    name_it(page, qtbot)
    with qtbot.waitSignal(page.sounds.played):
        QTest.keyClick(focus(), Qt.Key.Key_Space)
    while focus() is not page.sounds.rows["low"].tick:
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.sounds.missing() == 4)
    page.next.setFocus()
    QTest.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    assert page.step == 2
    assert focus() is page.people.name.line
    QTest.keyClicks(focus(), "Priya Nair")
    page.people.url.line.setFocus()
    QTest.keyClicks(focus(), "webhook://127.0.0.1:9/x")
    QTest.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(page.people.contacts) == 1)
    assert len(live.read(lambda reader: reader.contacts())) == 1
    QTest.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    assert page.step == 3
    QTest.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    assert shell.pages.currentWidget() is shell.desk_page
    station = live.read(lambda reader: reader.station())
    assert (station.name, station.operator) == ("BRNO-2", "Ana Jakes")
    assert "low" in station.sounds_heard


def test_sounds_and_people_can_be_skipped_and_escape_goes_back(
    live: Live, page: FirstRun, qtbot: QtBot
) -> None:
    assert not page.later.isVisible(), "a station needs its names"
    name_it(page, qtbot)
    page.later.click()
    assert page.step == 2
    QTest.keyClick(focus(), Qt.Key.Key_Escape)
    assert page.step == 1
    page.later.click()
    page.later.click()
    assert page.step == 3
    assert not page.later.isVisible()
    assert live.read(lambda reader: reader.contacts()) == []
    assert live.read(lambda reader: reader.station()).sounds_heard == {}


def test_without_names_it_stays_and_says_so(live: Live, page: FirstRun) -> None:
    QTest.keyClick(focus(), Qt.Key.Key_Return, CTRL)
    assert page.step == 0
    assert page.station.verdict.isVisible()
    assert live.read(lambda reader: reader.station()).name == ""
