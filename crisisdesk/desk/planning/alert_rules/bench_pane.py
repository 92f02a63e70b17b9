"""The test bench beside the editor: what the rule is tried on, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead, Tab, TabRow
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.alert_rules.bench_input import FILE, STRETCHES, TYPED, Wanted
from crisisdesk.desk.planning.alert_rules.bench_words import (
    SpanRow,
    Tried,
    chart_title,
    drawn_of,
    notes,
    series_of,
    series_words,
    span_rows,
    spoken_span,
    summary,
)
from crisisdesk.desk.planning.alert_rules.trial_chart import TrialChart
from crisisdesk.desk.planning.policies.row_list import RowList, RowPainter
from crisisdesk.desk.settings_room.card import row

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.detection.series import Series

_TABS = (*(Tab(one.key, one.word) for one in STRETCHES), Tab(FILE, "File"), Tab(TYPED, "Typed"))
_HINT = "0.4 0.5 0.95 0.97 (a minute apart, the last one now), or CSV: at,value"


class SpanPainter(RowPainter["SpanRow"]):
    """A span in two lines: when and how long, then the series and its value."""

    def height(self, row: SpanRow) -> int:
        """Two lines."""
        return theme().px(44)

    def draw(self, painter: QPainter, rect: QRectF, row: SpanRow) -> None:
        """Line by line."""
        px, color = theme().px, theme().color
        box = QRectF(rect.x() + px(12), rect.y() + px(5), rect.width() - px(24), px(17))
        used = draw_text(painter, box, row.length, color.secondary, "small", align=RIGHT)
        box.setRight(box.right() - used - px(8))
        draw_text(painter, box, row.when, color.primary, "small", tabular=True, weight=600)
        box = QRectF(rect.x() + px(12), rect.y() + px(23), rect.width() - px(24), px(16))
        used = draw_text(painter, box, row.value, color.secondary, "micro", align=RIGHT)
        box.setRight(box.right() - used - px(8))
        draw_text(painter, box, row.series, color.tertiary, "micro")


class BenchPane(PaneGround):
    """``wanted_changed`` says that the rule is to be tried on something else, ``stopped`` that it
    is not to be tried any further."""

    wanted_changed = Signal()
    stopped = Signal()

    def __init__(self, key: str = STRETCHES[2].key, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tried: Tried | None = None
        self._series: list[Series] = []
        self._at = 0
        self._file = ""
        self.dialog: QFileDialog | None = None
        self.head = PaneHead("Test bench", "pages nobody")
        self.tabs = TabRow(_TABS)
        self.tabs.set_current(key)
        self.tabs.chosen.connect(self.choose)
        self.file = KeyButton("Choose a file…", "Alt 5")
        self.file.clicked.connect(self.choose_file)
        self.file_name = Text("", "small", "secondary")
        self.typed = QPlainTextEdit()
        self.typed.setAccessibleName("Samples to try the rule on")
        self.typed.setPlaceholderText(_HINT)
        self.typed.setTabChangesFocus(True)
        self.typed.textChanged.connect(self.wanted_changed)
        self.said = Text("", "body", "primary", wrap=True)
        self.notes = Text("", "small", "stale", wrap=True)
        self.stop = KeyButton("Stop", "Shift T", height=24)
        self.stop.clicked.connect(self.stopped)
        self.chart_head = PaneHead("")
        self.chart = TrialChart()
        self.spans: RowList[SpanRow] = RowList(
            "Where it would have fired", SpanPainter(), lambda one: one.key, spoken_span
        )
        self.spans.moved.connect(self._span_chosen)
        self._lay_out()
        look().changed.connect(self._fit)
        self._fit()
        self._show_source()
        self.show_nothing("")

    def _lay_out(self) -> None:
        px = theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        above = QVBoxLayout()
        above.setContentsMargins(px(12), px(8), px(12), px(8))
        above.setSpacing(px(6))
        above.addLayout(row(self.tabs, 1))
        chosen = row(self.file, self.file_name)
        chosen.setStretch(1, 1)
        above.addLayout(chosen)
        above.addWidget(self.typed)
        told = row(self.said, self.stop)
        told.setStretch(0, 1)
        told.setAlignment(self.said, Qt.AlignmentFlag.AlignTop)
        told.setAlignment(self.stop, Qt.AlignmentFlag.AlignTop)
        above.addLayout(told)
        above.addWidget(self.notes)
        column.addLayout(above)
        column.addWidget(self.chart_head)
        column.addWidget(self.chart, 2)
        column.addWidget(self.spans, 3)
        self._spare = QWidget()
        column.addWidget(self._spare, 5)

    def _fit(self) -> None:
        self.typed.setFont(theme().mono(12))
        self.typed.setFixedHeight(theme().px(64))

    # -- what it is tried on -----------------------------------------------------------------

    def wanted(self) -> Wanted:
        """What the rule is to be tried on."""
        key = self.tabs.current()
        return Wanted(key, {FILE: self._file, TYPED: self.typed.toPlainText()}.get(key, ""))

    def choose(self, key: str) -> None:
        """Try it on something else; typing goes where samples are typed."""
        self.tabs.set_current(key)
        self._show_source()
        if key == TYPED:
            self.typed.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.wanted_changed.emit()

    def _show_source(self) -> None:
        key = self.tabs.current()
        self.file.setVisible(key == FILE)
        self.file_name.setVisible(key == FILE)
        self.typed.setVisible(key == TYPED)

    def choose_file(self) -> None:
        """Ask which file."""
        self.choose(FILE)
        dialog = QFileDialog(self, "Try the rule on a file", "", "CSV (*.csv);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        self.dialog = dialog
        dialog.open()

    def take_file(self, name: str) -> None:
        """Try it on this one."""
        self._file = name
        self.file_name.setText(name.rpartition("/")[2])
        self.file_name.setToolTip(name)
        self.wanted_changed.emit()

    # -- what came of it ---------------------------------------------------------------------

    def show_nothing(self, words: str, *, bad: bool = False) -> None:
        """Say why nothing was tried."""
        self._show_parts(words, shown=False, bad=bad)
        self.tried, self._series = None, []
        self.spans.show_rows([])

    def show_running(self, share: float) -> None:
        """Say how far the trial is; what came of the one before stays in view until then."""
        self.said.set_ink("secondary")
        self.said.setText(f"Trying it: {round(share * 100)} %")
        self.stop.show()

    def show_tried(self, tried: Tried) -> None:
        """Show what came of it."""
        before = self.series()
        self.tried, self._series = tried, series_of(tried)
        self._at = self._series.index(before) if before in self._series else 0
        self._show_parts(summary(tried), shown=True)
        words = notes(tried)
        self.notes.setText(words)
        self.notes.setVisible(bool(words))
        self.spans.show_rows(span_rows(tried))
        self._show_chart()

    def _show_parts(self, words: str, *, shown: bool, bad: bool = False) -> None:
        self.said.set_ink("stale" if bad else "primary" if shown else "secondary")
        self.said.setText(words)
        self.stop.hide()
        self.notes.setVisible(False)
        for part in (self.chart_head, self.chart, self.spans):
            part.setVisible(shown)
        self._spare.setVisible(not shown)

    # -- which series ------------------------------------------------------------------------

    def series(self) -> Series | None:
        """The series that is drawn."""
        return self._series[self._at] if self._series else None

    def next_series(self) -> None:
        """Draw the next one, around the end."""
        if self._series:
            self._at = (self._at + 1) % len(self._series)
            self._show_chart()

    def _span_chosen(self) -> None:
        chosen = self.spans.selected()
        if chosen is None or self.tried is None:
            return
        found = [
            n
            for n, one in enumerate(self._series)
            if chosen.key.endswith(f" {one.source_id} {one}")
        ]
        if found and found[0] != self._at:
            self._at = found[0]
            self._show_chart()

    def _show_chart(self) -> None:
        series = self.series()
        if self.tried is None or series is None:
            self.chart.show_drawn(None)
            self.chart_head.show_words("No series was compared", "")
            return
        count = len(self._series)
        place = f"{self._at + 1} of {count}, S next" if count > 1 else ""
        title = chart_title(self.tried, series)
        words = series_words(series)
        self.chart_head.show_words(title, words if words != title else "", place)
        drawn = drawn_of(self.tried, series)
        said = f"{title}, {series_words(series)}, would have fired {len(drawn.spans)} times"
        self.chart.show_drawn(drawn, said)
