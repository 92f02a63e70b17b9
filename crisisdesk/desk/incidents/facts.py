"""The facts of an incident: what is known and why, each edited where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.incidents.editors import InPlace, LineEditor, TextEditor
from crisisdesk.desk.incidents.prose import Prose, lay_text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.timeline_words import FIELD_WORDS, value_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.incident import Incident

_LABEL, _PAD = 124, 6
_HINTS = {
    "title": "What is broken, in one line",
    "description": "What is going on",
    "business_impact": "What it does to whom",
    "root_cause": "Not known yet",
    "resolution_summary": "What ended it",
    "lessons_learned": "What to do better",
}
TEXT_FIELDS = tuple(_HINTS)


def kind_words(incident: Incident) -> str:
    """The category, and the type of crisis whose plan it follows."""
    words = value_words("category", incident.category).capitalize()
    kind = incident.crisis_type.replace("_", " ")
    return f"{words}, type of crisis: {kind}" if kind else words


class Fact(InPlace):
    """One line of the form: its word at the left, its text at the right as high as it needs."""

    wanted = Signal(str)

    def __init__(self, field: str, parent: QWidget | None = None) -> None:
        self._value, self._lost = "", ""
        self._laid: tuple[int, Prose] | None = None
        super().__init__(field, FIELD_WORDS[field], parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setToolTip("Enter edits")
        self.setAccessibleName(f"{self.name}: nothing yet")
        if isinstance(self.editor, TextEditor):
            self.editor.textChanged.connect(self.updateGeometry)

    def _make_editor(self) -> LineEditor | TextEditor:
        if self.field == "title":
            return LineEditor(self.name, _HINTS["title"])
        return TextEditor(self.name, _HINTS.get(self.field, ""), lines=(3, 12))

    def show_value(self, value: str, lost: str) -> None:
        """Take the text as it is now; ``lost`` is one that a change at the same time replaced."""
        if (value, lost) != (self._value, self._lost):
            self._value, self._lost, self._laid = value, lost, None
            trace = f"; overwritten at the same time: {lost}" if lost else ""
            self.setAccessibleName(f"{self.name}: {value or 'nothing yet'}{trace}")
            self.updateGeometry()
            self.update()

    def begin(self) -> None:
        """Open the editor; the category is chosen, not typed."""
        if self.field == "category":
            self.wanted.emit(self.field)
        else:
            super().begin()

    def start_text(self) -> str:
        """The text as it is."""
        return self._value

    def retheme(self) -> None:
        """Measure again."""
        self._laid = None
        super().retheme()

    def hasHeightForWidth(self) -> bool:
        """As high as the text is long."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at a width, pixels."""
        px = theme().px
        if self.is_editing():
            height = px(_PAD) * 2 + self.editor.sizeHint().height()
            if isinstance(self.editor, TextEditor):
                height = px(_PAD) * 2 + self.editor.maximumHeight()
            return height + round(self._foot(width).height) + px(4)
        height = px(_PAD) * 2 + round(self._lay(width).height)
        return height + (px(18) if self._lost else 0)

    def sizeHint(self) -> QSize:
        """For layouts that ask before there is a width."""
        width = self.width() or theme().px(360)
        return QSize(theme().px(240), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """It may be narrow."""
        return QSize(theme().px(200), theme().px(30))

    def editor_box(self) -> QRect:
        """Right of the word."""
        px = theme().px
        left = px(_LABEL)
        height = self.height() - px(_PAD) * 2 - round(self._foot(self.width()).height) - px(4)
        return QRect(left, px(_PAD), max(px(120), self.width() - left - px(12)), height)

    def _lay(self, width: int) -> Prose:
        if self._laid is None or self._laid[0] != width:
            text = self._value or _HINTS.get(self.field, "")
            self._laid = (width, lay_text(text, "small", self._room(width)))
        return self._laid[1]

    @staticmethod
    def _room(width: int) -> float:
        px = theme().px
        return float(max(px(80), width - px(_LABEL) - px(12)))

    def _foot(self, width: int) -> Prose:
        """Below an open editor: how to leave it, or why it was refused."""
        one = isinstance(self.editor, LineEditor)
        words = "Enter saves, Esc leaves" if one else "Ctrl Enter saves, Esc leaves"
        return lay_text(self.refusal or words, "micro", self._room(width))

    def paint(self, painter: QPainter) -> None:
        """Word, text, trace; below an open editor how to leave it or why it was refused."""
        look = theme()
        px, color = look.px, look.color
        if self.underMouse() and not self.is_editing():
            painter.fillRect(self.rect(), color.hover)
        word = QRectF(px(12), px(_PAD), px(_LABEL - 18), px(16))
        draw_text(painter, word, self.name, color.tertiary, "small")
        x = px(_LABEL)
        foot = QRectF(x, self.height() - px(20), self.width() - x - px(12), px(16))
        if self.is_editing():
            below, ink = self._foot(self.width()), color.tertiary
            if self.refusal:
                ink = look.state("stale").fg
            below.draw(painter, x, self.editor.geometry().bottom() + px(4), ink)
            return
        ink = color.primary if self._value else color.tertiary
        self._lay(self.width()).draw(painter, x, px(_PAD), ink)
        if self._lost:
            draw_icon(painter, foot.x(), foot.y(), "history", look.state("stale").fg, 14)
            foot.setLeft(foot.left() + px(20))
            words = f"overwritten at the same time: {self._lost}"
            draw_text(painter, foot, words, look.state("stale").fg, "micro")


class FactsForm(QScrollArea):
    """The facts below one another; scrolls when they are more than fit."""

    typed = Signal(str, str)
    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        px = theme().px
        body = _Ground()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, px(4), 0, px(8))
        layout.setSpacing(0)
        self.facts: dict[str, Fact] = {}
        for field in ("title", "description", "category", *TEXT_FIELDS[2:]):
            fact = self.facts[field] = Fact(field, body)
            fact.saved.connect(self._saved)
            fact.wanted.connect(self.wanted)
            fact.opened.connect(self._reveal)
            layout.addWidget(fact)
        layout.addStretch(1)
        self.setWidget(body)

    def show_incident(self, incident: Incident) -> None:
        """Take the facts as they are now."""
        lost = {entry["field"]: entry["value"] for entry in incident.overwritten}
        for field, fact in self.facts.items():
            value: Any = getattr(incident, field)
            trace = value_words(field, lost[field]) if field in lost else ""
            words = kind_words(incident) if field == "category" else value
            fact.show_value(words, trace)

    def _reveal(self) -> None:
        fact = self.sender()
        if isinstance(fact, Fact):
            # The form has not grown yet; look again once it has.
            QTimer.singleShot(0, fact, lambda: self.ensureWidgetVisible(fact, 0, theme().px(8)))

    def _saved(self, text: str) -> None:
        fact = self.sender()
        if isinstance(fact, Fact):
            self.typed.emit(fact.field, text)


class _Ground(QWidget):
    """The ground of a pane."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        look().changed.connect(self._take_color)
        self._take_color()

    def _take_color(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)
