"""What stands above the charts: the alerts and sources of what is chosen, and its runbook."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from crisisdesk.desk.health.service_head import ALERT, EVERYTHING, RUNBOOK

from tests.desk.health.conftest import Seated, press


class Browser(QObject):
    """Takes what is handed to the system's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_its_alerts_and_sources_are_listed(seated: Seated) -> None:
    bench = seated.bench
    bench.look(bench.declare("db", name="pg"))
    low = bench.fire(1, service="db", severity="low", title="Slow")
    worst = bench.fire(2, service="db", severity="critical", title="Gone")
    seated.look()
    seated.room.beside.pane.select("db")
    above = seated.room.beside.above
    assert above.isVisible()
    assert [row.alert_id for row in above.alerts.lines.rows()] == [worst, low]
    assert above.alerts.lines.data(above.alerts.lines.index(0, 0)).startswith("critical, Gone")
    assert [line.source.name for line in above.sources.lines.rows()] == ["pg"]
    assert above.alerts_head.accessibleName() == "Open alerts 2"
    above.head.pressed.emit(ALERT)
    above.alerts.setCurrentIndex(above.alerts.lines.index(1, 0))
    above.alerts.entered.emit()
    assert seated.desk.shown == [worst, low]


def test_alerts_of_another_service_are_not_shown(seated: Seated) -> None:
    seated.bench.fire(1, service="db")
    seated.look()
    above, pane = seated.room.beside.above, seated.room.beside.pane
    pane.select("db")
    rows = above.alerts.lines.rows()
    assert len(rows) == 1
    kept = list(rows)
    pane.select("mail")
    above.show_alerts("db", kept, seated.desk.now)
    assert list(above.alerts.lines.rows()) == []
    assert not above.head.buttons[ALERT].isEnabled()


def test_nothing_chosen_hides_it(seated: Seated) -> None:
    pane, above = seated.room.beside.pane, seated.room.beside.above
    pane.select("db")
    assert above.isVisible()
    above.head.pressed.emit(EVERYTHING)
    assert not above.isVisible()
    assert pane.chosen_line() is None
    pane.show_side("sources")
    assert not above.isVisible()


def test_the_runbook_is_handed_to_the_browser(seated: Seated, browser: Browser) -> None:
    QDesktopServices.setUrlHandler("https", browser, "take")  # type: ignore[arg-type]
    try:
        pane = seated.room.beside.pane
        pane.select("db")
        press(seated.room, "R")
        pane.select("mail")
        seated.room.beside.above.head.pressed.emit(RUNBOOK)
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert browser.opened == ["https://wiki.example/db"]
    (said,) = seated.desk.said
    assert "loads only with a network" in said


def test_it_counts_the_time(seated: Seated) -> None:
    bench = seated.bench
    bench.look(bench.declare("db", name="pg"))
    seated.look()
    seated.room.beside.pane.select("db")
    above = seated.room.beside.above
    above.tick(seated.desk.now + 21_000)
    said = above.sources.lines.data(above.sources.lines.index(0, 0))
    assert said == "pg, tcp, late, last look 21 s ago, every 10 s"
