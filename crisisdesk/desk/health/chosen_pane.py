"""What stands above the charts while a service or a source is chosen: head, alerts, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.health.alert_list import ServiceAlertDelegate, spoken_alert
from crisisdesk.desk.health.board_words import source_order, spoken_source
from crisisdesk.desk.health.service_head import ALERT, EVERYTHING, RUNBOOK, ChosenWords, chosen_head
from crisisdesk.desk.health.source_list import SourceDelegate
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.service_board.judging import ServiceLine
from crisisdesk.domain.service_board.words import nobody_words, watch_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.service_board.watching import SourceLine
    from crisisdesk.store.queries import AlertRow

# So many alerts and sources are seen at once; the rest is a turn of the wheel away.
_LISTED_PX, _LEAST_PX = 116, 44


class ChosenPane(PaneGround):
    """``left`` asks for all series again; hidden while nothing is chosen."""

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.line: ServiceLine | SourceLine | None = None
        self._now_ms = desk.now_ms()
        self.head = chosen_head()
        words = self.head.words
        assert isinstance(words, ChosenWords)
        self.words: ChosenWords = words
        self.alerts_head, self.sources_head = PaneHead("Open alerts"), PaneHead("Sources")
        self.alerts = LineList["AlertRow"](
            "Open alerts of this service",
            ServiceAlertDelegate(),
            lambda row: row.alert_id,
            lambda row: spoken_alert(row, self._now_ms),
            picks=False,
        )
        self.sources = LineList["SourceLine"](
            "Sources of this service",
            SourceDelegate(),
            lambda line: line.source.source_id,
            lambda line: spoken_source(line, self._now_ms),
            picks=False,
        )
        self._lay_out()
        self.head.pressed.connect(self._pressed)
        self.alerts.entered.connect(self.open_alert)
        self.hide()

    def _lay_out(self) -> None:
        self.lists = QWidget()
        row = QHBoxLayout(self.lists)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for head, of in ((self.alerts_head, self.alerts), (self.sources_head, self.sources)):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(head)
            column.addWidget(of)
            row.addWidget(side, 3 if of is self.alerts else 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.lists)

    def retheme(self) -> None:
        """Take new heights."""
        self._fit()
        super().retheme()

    def _fit(self) -> None:
        """Both lists are as high as the longer one needs, up to a bound."""
        px = theme().px
        wanted = max(
            of.lines.rowCount() * px(of.painter_of_lines.height)
            for of in (self.alerts, self.sources)
        )
        for of in (self.alerts, self.sources):
            of.setFixedHeight(max(px(_LEAST_PX), min(px(_LISTED_PX), wanted)))

    # -- what is shown -----------------------------------------------------------------------

    def show_line(self, line: ServiceLine | SourceLine | None, now_ms: int) -> None:
        """Become this service or source; None for nothing."""
        before, self.line, self._now_ms = self.line, line, now_ms
        self.words.show_line(line, now_ms)
        self.setVisible(line is not None)
        is_service = isinstance(line, ServiceLine)
        self.lists.setVisible(is_service)
        if not isinstance(line, ServiceLine):
            self.alerts.show_lines((), now_ms)
            self._show_buttons()
            return
        if not isinstance(before, ServiceLine) or before.name != line.name:
            self.alerts.show_lines((), now_ms)
        count = str(line.open) if line.open else "none"
        self.alerts_head.show_words("Open alerts", count, nobody_words(line))
        self.sources_head.show_words("Sources", watch_words(line, now_ms))
        self.sources.show_lines(source_order(line.watchers, now_ms), now_ms)
        self._fit()
        self._show_buttons()

    def show_alerts(self, service: str, rows: Sequence[AlertRow], now_ms: int) -> None:
        """Take the alerts of a service, unless another one is chosen by now."""
        if isinstance(self.line, ServiceLine) and self.line.name == service:
            self.alerts.show_lines(rows, now_ms)
            self._fit()
            self._show_buttons()

    def _show_buttons(self) -> None:
        buttons = self.head.buttons
        is_service = isinstance(self.line, ServiceLine)
        buttons[ALERT].setVisible(is_service)
        buttons[RUNBOOK].setVisible(is_service)
        buttons[ALERT].setEnabled(self.alert() is not None)
        buttons[RUNBOOK].setEnabled(bool(self.runbook()))

    def tick(self, now_ms: int) -> None:
        """Count what counts the time, once a second."""
        if self.isVisible() and self._now_ms // 1000 != now_ms // 1000:
            self._now_ms = now_ms
            self.head.tick(now_ms)
            for of in (self.alerts, self.sources):
                of.painter_of_lines.now_ms = now_ms
                of.viewport().update()

    # -- what is done ------------------------------------------------------------------------

    def alert(self) -> AlertRow | None:
        """The alert that is selected, else the worst; None where none is open."""
        rows = self.alerts.lines.rows()
        return self.alerts.selected() or (rows[0] if rows else None)

    def runbook(self) -> str:
        """The address of the service's runbook; "" for none."""
        return self.line.runbook if isinstance(self.line, ServiceLine) else ""

    def open_alert(self) -> None:
        """Show the alert in the Alerts room."""
        row = self.alert()
        if row is not None:
            self.desk.show_thing(row.alert_id)

    def open_runbook(self) -> None:
        """Hand the runbook's address to the browser, and say what that means."""
        url = self.runbook()
        if not url:
            return
        if QDesktopServices.openUrl(QUrl(url)):
            self.desk.say("Runbook handed to the browser", f"{url} loads only with a network.")
        else:
            self.desk.say("No browser took the runbook", f"Its address is {url}", "high")

    def _pressed(self, key: str) -> None:
        if key == ALERT:
            self.open_alert()
        elif key == RUNBOOK:
            self.open_runbook()
        elif key == EVERYTHING:
            self.left.emit()
