"""The runbook of the selected alert, opened by its key on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.runbook_words import NONE
from crisisdesk.desk.app import Desk

from tests.desk.live import Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


class Opened(QObject):
    """Takes what the desk hands to the system's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """Keep it."""
        self.urls.append(url.toString())


@pytest.fixture
def opened() -> Iterator[Opened]:
    taker = Opened()
    # PySide6 takes the name as text, though its stubs ask for bytes.
    QDesktopServices.setUrlHandler("https", taker, "take")  # type: ignore[arg-type]
    yield taker
    QDesktopServices.unsetUrlHandler("https")


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def titles(desk: Desk) -> list[str]:
    return [toast.view.title for toast in desk.shell.toasts._toasts.values()]


def test_b_opens_the_runbook_and_says_so_when_there_is_none(
    live: Live, qapp: QApplication, qtbot: QtBot, opened: Opened
) -> None:
    desk = live.open(qapp)
    url = "https://wiki.example/db"
    content = {"kind": "catalogue", "services": {"db": {"runbook": url}}}
    live.client.publish_policy("Shop", content)
    known = live.raise_alert("Replication stopped", service="db")
    room = desk.shell.alerts
    qtbot.waitUntil(lambda: room.tally.open() == 1)
    QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_J)
    assert room.view.selected_id == known
    assert [one.keys for one in room.actions() if one.key == "runbook"] == ["B"]
    QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: opened.urls == [url])
    qtbot.waitUntil(lambda: "Runbook opened" in titles(desk))
    line = f"{url}  of db; B opens it"
    qtbot.waitUntil(lambda: ("Runbook", line) in [f[:2] for f in room.detail.context._facts])
    stranger = live.raise_alert("Queue long", service="mail")
    qtbot.waitUntil(lambda: room.tally.open() == 2)
    room.go_to(stranger)
    qtbot.waitUntil(lambda: room.view.selected_id == stranger)
    QTest.keyClick(QApplication.focusWidget() or desk.shell, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: NONE in titles(desk))
    assert opened.urls == [url]
