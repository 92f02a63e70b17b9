"""The figures of an incident in a row: how many, how much, how bad, how far; edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.editors import InPlace, RefusalWords
from crisisdesk.desk.incidents.faces import MARK_OF
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import Role, theme
from crisisdesk.domain.amounts import count_words, money_words, span_words
from crisisdesk.domain.timeline_words import value_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.incidents.dossier import Dossier

_HEIGHT = 75


class Figure(NamedTuple):
    """One cell: ``value`` is the figure ("" shows a dash), ``below`` explains it."""

    icon: str
    word: str
    value: str
    below: str
    start: str = ""
    ink: str = ""
    warns: bool = False


class FigureCell(InPlace):
    """One figure. ``typed`` cells open an editor, others only say that they were pressed."""

    wanted = Signal(str)

    def __init__(
        self, field: str, name: str, *, typed: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(field, name, parent)
        self._typed = typed
        self.figure = Figure("timer", name, "", "")

    def show_figure(self, figure: Figure) -> None:
        """Take another figure; what is being typed stays."""
        if figure != self.figure:
            self.figure = figure
            self.setAccessibleName(f"{figure.word}: {figure.value or 'nothing'}, {figure.below}")
            self.update()

    def begin(self) -> None:
        """Open the editor, or ask for what opens instead."""
        if self._typed:
            super().begin()
        else:
            self.wanted.emit(self.field)

    def start_text(self) -> str:
        """The figure as it is typed."""
        return self.figure.start

    def editor_box(self) -> QRect:
        """Over the figure."""
        px = theme().px
        return QRect(px(10), px(26), max(px(60), self.width() - px(20)), px(28))

    def sizeHint(self) -> QSize:
        """Label, figure, words."""
        return QSize(theme().px(120), theme().px(_HEIGHT))

    def paint(self, painter: QPainter) -> None:
        """Label, figure, what it means."""
        look, figure = theme(), self.figure
        px, color = look.px, look.color
        width = self.width()
        if self.underMouse() and not self.is_editing():
            fill(painter, 0, 0, width - 1, self.height() - 1, color.hover)
        fill(painter, width - 1, 0, 1, self.height(), color.hair)
        draw_icon(painter, px(14), px(9), figure.icon, color.tertiary, 14)
        box = QRectF(px(34), px(9), width - px(44), px(14))
        draw_text(painter, box, figure.word, color.tertiary, "micro")
        room = width - px(28)
        ink = look.severity(figure.ink).fg if figure.ink else color.primary
        value = figure.value or "–"
        role: Role = "figure" if look.width(value, "figure") <= room else "title"
        box = QRectF(px(14), px(25), room, px(30))
        draw_text(painter, box, value, ink if figure.value else color.tertiary, role, tabular=True)
        if not self.is_editing():
            ink = look.state("stale").fg if figure.warns else color.secondary
            box = QRectF(px(14), px(55), room, px(14))
            draw_text(painter, box, figure.below, ink, "micro", tabular=True)


def figures_of(dossier: Dossier) -> dict[str, Figure]:
    """What the cells say, by their names."""
    incident = dossier.incident
    lost = {entry["field"]: entry["value"] for entry in incident.overwritten}

    def below(field: str, words: str) -> tuple[str, bool]:
        if field in lost:
            return f"over {value_words(field, lost[field])}, written at the same time", True
        return words, False

    users, users_warn = below("user_impact_count", "people, as far as known")
    money, money_warn = below("financial_impact_cents", "lost so far, as far as known")
    words = f"{incident.priority.upper()} · {incident.impact} impact"
    words += ", by hand" if incident.by_hand else ""
    badness, bad_warn = below("severity", words)
    amount = money_words(incident.financial_impact_cents)
    return {
        "user_impact_count": Figure(
            "users",
            "Users affected",
            count_words(incident.user_impact_count),
            users,
            start=str(incident.user_impact_count or ""),
            warns=users_warn,
        ),
        "financial_impact_cents": Figure(
            "banknote", "Money", amount, money, start=amount, warns=money_warn
        ),
        "severity": Figure(
            "siren",
            "Severity",
            incident.severity.capitalize(),
            badness,
            ink=MARK_OF[incident.severity] if incident.is_open else "",
            warns=bad_warn,
        ),
        "alerts": _alerts_figure(dossier),
        "response": _response_figure(dossier),
    }


def _alerts_figure(dossier: Dossier) -> Figure:
    firing = sum(a.is_open and not a.owner for a in dossier.alerts)
    acked = sum(a.is_open and bool(a.owner) for a in dossier.alerts)
    ended = len(dossier.alerts) - firing - acked
    parts = [(firing, "firing"), (acked, "acked"), (ended, "resolved")]
    words = ", ".join(f"{count} {word}" for count, word in parts if count) or "none attached"
    return Figure("bell-ring", "Alerts attached", count_words(len(dossier.alerts)), words)


def _response_figure(dossier: Dossier) -> Figure:
    incident = dossier.incident
    if incident.first_response_at is None:
        return Figure("user-check", "First response", "", "nobody has written or moved it yet")
    took = span_words(incident.first_response_at - incident.created_at)
    return Figure("user-check", "First response", took, "after it was declared")


class FigureRow(Painted):
    """The cells side by side, equally wide."""

    typed = Signal(str, str)
    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 1)
        outer.setSpacing(0)
        layout = QHBoxLayout()
        layout.setSpacing(0)
        outer.addLayout(layout)
        self.words = RefusalWords()
        outer.addWidget(self.words)
        self.cells: dict[str, FigureCell] = {}
        for field, name, typed in (
            ("user_impact_count", "Users affected", True),
            ("financial_impact_cents", "Money", True),
            ("severity", "Severity", False),
            ("alerts", "Alerts attached", False),
            ("response", "First response", False),
        ):
            cell = self.cells[field] = FigureCell(field, name, typed=typed, parent=self)
            cell.saved.connect(self._saved)
            cell.wanted.connect(self.wanted)
            cell.told.connect(self.words.say)
            layout.addWidget(cell, 1)

    def show_dossier(self, dossier: Dossier) -> None:
        """Take the figures as they are now."""
        for field, figure in figures_of(dossier).items():
            self.cells[field].show_figure(figure)

    def _saved(self, text: str) -> None:
        cell = self.sender()
        if isinstance(cell, FigureCell):
            self.typed.emit(cell.field, text)

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
