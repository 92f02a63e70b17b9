"""The simulator: an alert of some severity from some moment on, played ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.painters import FindingPainter, PlanPainter
from crisisdesk.desk.planning.policies.plan_rows import (
    ASSUMES,
    NOW_WORD,
    FindingRow,
    PlanRow,
    reached_words,
    read_hours,
    read_start,
    spoken_finding,
    spoken_plan,
)
from crisisdesk.desk.planning.policies.row_list import RowList
from crisisdesk.desk.planning.policies.shelf import count_of
from crisisdesk.desk.settings_room.card import Field, row
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HOURS = 12
_SEVERITIES = tuple(reversed(tuple(Severity)))


class Wanted(NamedTuple):
    """What is to be played: the start in UTC ms, and how far ahead."""

    severity: str
    start_ms: int
    hours: int


class Simulator(QWidget):
    """``changed`` says that something else is to be played, ``jumped`` carries a field's name."""

    changed = Signal()
    jumped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.head = PaneHead("If nobody answers")
        self.severity = QComboBox()
        for one in _SEVERITIES:
            self.severity.addItem(str(one).capitalize(), str(one))
        self.severity.setCurrentIndex(_SEVERITIES.index(Severity.CRITICAL))
        self.severity.setAccessibleName("Severity of the alert")
        self.start = Field("From, UTC", "now, 03:00, 2026-12-24 03:00")
        self.start.line.setText(NOW_WORD)
        self.hours = Field("Hours ahead", str(_HOURS), width=90)
        self.hours.line.setText(str(_HOURS))
        self.plan: RowList[PlanRow] = RowList(
            "Who is paged when", PlanPainter(), lambda one: one.key, spoken_plan
        )
        self.unplayed = Text("", "body", "secondary", wrap=True)
        self.unplayed.setContentsMargins(px(12), px(8), px(12), px(12))
        self.unplayed.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.unplayed.hide()
        self.findings_head = PaneHead("Findings")
        self.findings: RowList[FindingRow] = RowList(
            "Findings, Enter goes to the field",
            FindingPainter(),
            lambda one: one.key,
            spoken_finding,
        )
        self.clean = Text("", "small", "secondary", wrap=True)
        self.clean.setContentsMargins(px(12), px(10), px(12), px(10))
        self.clean.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self._connect()
        self.setAutoFillBackground(True)
        look().changed.connect(self._repaint_ground)
        self._repaint_ground()

    def _lay_out(self) -> None:
        px = theme().px
        severity = _labelled("Severity", self.severity)
        fields = row(severity, self.start, self.hours)
        fields.setStretch(1, 1)
        for part in (severity, self.start, self.hours):
            fields.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        fields.setContentsMargins(px(12), px(10), px(12), px(6))
        assumes = Text(ASSUMES, "small", "tertiary", wrap=True)
        assumes.setContentsMargins(px(12), 0, px(12), px(8))
        above = _column(self.head)
        above.layout().addLayout(fields)  # type: ignore[union-attr]
        for widget in (assumes, self.unplayed, self.plan):
            above.layout().addWidget(widget)  # type: ignore[union-attr]
        above.layout().setStretchFactor(self.plan, 1)  # type: ignore[union-attr]
        above.layout().setStretchFactor(self.unplayed, 1)  # type: ignore[union-attr]
        below = _column(self.findings_head, self.clean, self.findings)
        panes = SplitPane(Qt.Orientation.Vertical)
        panes.add_pane(above, stretch=3)
        panes.add_pane(below, stretch=1)
        panes.setSizes([px(450), px(190)])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panes)

    def _connect(self) -> None:
        self.severity.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.start.line.textChanged.connect(lambda _: self.changed.emit())
        self.hours.line.textChanged.connect(lambda _: self.changed.emit())
        self.findings.entered.connect(self._jump)

    def _repaint_ground(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)

    def _jump(self) -> None:
        chosen = self.findings.selected()
        if chosen is not None:
            self.jumped.emit(chosen.field)

    # -- what is asked -----------------------------------------------------------------------

    def wanted(self, now_ms: int) -> Wanted | None:
        """What is to be played; None, and a word at its field, when one cannot be used."""
        start = self._read(self.start, lambda text: read_start(text, now_ms))
        hours = self._read(self.hours, read_hours)
        if start is None or hours is None:
            return None
        return Wanted(str(self.severity.currentData()), start, hours)

    @staticmethod
    def _read(field: Field, read: Callable[[str], int]) -> int | None:
        try:
            value = read(field.line.text())
        except Malformed as error:
            words = f"{error.problem}; {error.remedy}."
            field.refuse(words[:1].upper() + words[1:])
            return None
        field.refuse("")
        return value

    def is_now(self) -> bool:
        """Whether the start goes with the clock."""
        return self.start.text.casefold() in ("", NOW_WORD)

    # -- what is shown -----------------------------------------------------------------------

    def show_plan(self, rows: Sequence[PlanRow]) -> None:
        """Show who is paged when."""
        self.unplayed.hide()
        self.plan.show()
        self.plan.show_rows(rows)
        self.head.show_words("If nobody answers", reached_words(rows))

    def show_unplayed(self, words: str) -> None:
        """Say why nothing is played."""
        self.plan.hide()
        self.plan.show_rows([])
        self.unplayed.setText(words)
        self.unplayed.show()
        self.head.show_words("If nobody answers", "not played")

    def show_findings(self, rows: Sequence[FindingRow], clean: str) -> None:
        """Show what is wrong; ``clean`` is said when nothing is."""
        self.findings.show_rows(rows)
        self.findings.setVisible(bool(rows))
        self.clean.setText(clean)
        self.clean.setVisible(not rows)
        refused = sum(one.level in ("missing", "refused") for one in rows)
        errors = sum(one.level == "error" for one in rows)
        warnings = len(rows) - errors - refused
        parts = ["cannot be published"] if refused else []
        parts += [count_of(errors, "error")] if errors else []
        parts += [count_of(warnings, "warning")] if warnings else []
        self.findings_head.show_words("Findings", ", ".join(parts) or "none")


def _labelled(label: str, widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme().px(3))
    column.addWidget(Text(label, "micro", "secondary"))
    column.addWidget(widget)
    return holder


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return holder
