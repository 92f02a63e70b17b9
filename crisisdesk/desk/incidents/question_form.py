"""The form for what does not fit into the strip: a brief, a read-back, a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice
from crisisdesk.desk.incidents.editors import TextEditor
from crisisdesk.desk.incidents.strip import LineField, line_field, take_keyboard, told_in
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent

    from crisisdesk.desk.incidents.strip import Asked, Question

_WIDE, _MOST_LINES, _FEW = 760, 10, 3
_BEGUN = "What you had begun is here again."


class _Row(QWidget):
    """The word of a field, the field, and why it was refused."""

    def __init__(self, asked: Asked, value: str) -> None:
        super().__init__()
        self.field: LineField | TextEditor
        if asked.lines > 1:
            self.field = TextEditor(asked.word, asked.hint, lines=(asked.lines, _MOST_LINES))
            self.field.setPlainText(value)
        else:
            self.field = line_field(asked, value)
        self.words = Text("", "small", "stale", wrap=True)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(3))
        column.addWidget(Text(asked.word, "small", "secondary"))
        column.addWidget(self.field)
        column.addWidget(self.words)
        column.addStretch(1)

    def text(self) -> str:
        """What stands in the field."""
        field = self.field
        return field.toPlainText() if isinstance(field, TextEditor) else told_in(field)

    def say(self, words: str) -> None:
        """Say why it was refused, or with "" nothing."""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.field.setAccessibleDescription(words)


class _Scroll(QScrollArea):
    """As high as what stands in it, where there is room; it scrolls where there is not."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """The height that the content has at this width."""
        body = self.widget()
        if body is None:
            return super().sizeHint()
        wide = self.viewport().width()
        tall = body.heightForWidth(wide) if body.hasHeightForWidth() else body.sizeHint().height()
        return QSize(body.sizeHint().width(), tall)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """At another width the content has another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class QuestionForm(Form):
    """``given`` carries the question's key and what was told; the owner answers with ``refuse`` or
    ``settle``. ``left`` says that it is closed.

    What is left half written is kept as a draft by the question's key until it was kept.
    """

    given = Signal(str, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.question: Question | None = None
        self.drafts: dict[str, dict[str, str]] = {}
        self._rows: dict[str, _Row] = {}
        self._away = self._busy = False
        self.head = Text("", "title", wrap=True)
        self.lead = Text("", "small", "secondary", wrap=True)
        self.words = Text("", "small", "stale", wrap=True)
        self.give, self.leave = (
            KeyButton("Save", "Ctrl Enter", "primary"),
            KeyButton("Leave", "Esc"),
        )
        self._scroll = _Scroll()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(14), px(20), px(14))
        column.setSpacing(px(6))
        column.addWidget(self.head)
        column.addWidget(self.lead)
        column.addWidget(self._scroll, 1)
        self._foot = QVBoxLayout()
        column.addLayout(self._foot)
        column.addWidget(self.words)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(0)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.dismiss)

    def paint(self, painter: QPainter) -> None:
        """It takes the place of a pane, so it has the ground of one."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)

    # -- asking ---------------------------------------------------------------------------

    def ask(self, question: Question, values: dict[str, str] | None = None) -> None:
        """Open with a question; what was left half written about it is there again."""
        self._put_away()
        self.question, self._busy = question, False
        self.setAccessibleName(question.title)
        self.head.setText(question.title)
        begun = values is None and question.key in self.drafts
        lead = " ".join(part for part in (question.lead, _BEGUN * begun) if part)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self.words.hide()
        self._fill(question, values or self.drafts.get(question.key, {}))
        self.give.setVisible(bool(question.verb))
        self.give.set_text(question.verb)
        self.set_away(self._away)

    def _fill(self, question: Question, values: dict[str, str]) -> None:
        self._clear_foot()
        ground, column = _column()
        for word, text in question.told:
            column.addLayout(_told(word, text))
        if question.told and len(question.asked) <= _FEW:
            # What is told may be long; what is asked about it stays in sight below.
            foot, below = _column()
            self._fill_rows(below, question, values)
            self._foot.addWidget(foot)
        else:
            self._fill_rows(column, question, values)
        self._scroll.setWidget(ground)
        self._scroll.updateGeometry()

    def _clear_foot(self) -> None:
        while (item := self._foot.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _fill_rows(self, column: QVBoxLayout, question: Question, values: dict[str, str]) -> None:
        self._rows, pair = {}, None
        for asked in question.asked:
            row = self._rows[asked.field] = self._row(asked, values)
            if not asked.half:
                column.addWidget(row)
                pair = None
            elif pair is None:
                pair = QHBoxLayout()
                pair.setSpacing(theme().px(14))
                pair.addWidget(row, 1)
                column.addLayout(pair)
            else:
                pair.addWidget(row, 1)
                pair = None

    def _row(self, asked: Asked, values: dict[str, str]) -> _Row:
        row = _Row(asked, values.get(asked.field, asked.value))
        field = row.field
        if isinstance(field, Choice):
            field.clicked.connect(self._give)
        else:
            field.entered.connect(self._give)
            field.left.connect(self.dismiss)
        if isinstance(field, TextEditor):
            field.textChanged.connect(self._scroll.updateGeometry)
        return row

    def focus_first(self) -> None:
        """Put the keyboard into the first field, or where there is none on the way out."""
        row = next(iter(self._rows.values()), None)
        if row is None:
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            take_keyboard(row.field)

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: row.text() for name, row in self._rows.items()}

    def set_away(self, away: bool) -> None:
        """Nothing can be sent while the engine is away; what is typed stays."""
        self._away = away
        self.give.setEnabled(not away and not self._busy)

    # -- what became of it ----------------------------------------------------------------

    def refuse(self, words: str, blamed: str = "") -> None:
        """Keep everything, and say at the field that is to blame why it was not kept."""
        self._busy = False
        self.set_away(self._away)
        name = self.question.field_of(blamed) if self.question is not None else ""
        self.words.setText("" if name else words)
        self.words.setVisible(not name)
        for field, row in self._rows.items():
            row.say(words if field == name else "")
        if name:
            take_keyboard(self._rows[name].field)
            self._scroll.ensureWidgetVisible(self._rows[name], 0, theme().px(8))

    def settle(self) -> None:
        """It was kept: forget what was written, and close."""
        if self.question is not None:
            self.drafts.pop(self.question.key, None)
            self.question = None
            self.left.emit()

    def dismiss(self) -> None:
        """Close; what was written is there when the same is asked again."""
        if self.question is not None:
            self._put_away()
            self.question = None
            self.left.emit()

    def _put_away(self) -> None:
        """Keep as a draft what differs from how the form began."""
        if self.question is None:
            return
        values = self.values()
        if all(values[a.field] == _begins(a) for a in self.question.asked):
            self.drafts.pop(self.question.key, None)
        else:
            self.drafts[self.question.key] = values

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, from whatever part of it has the keyboard."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        if self.question is None or not self.question.verb or not self.give.isEnabled():
            return
        for row in self._rows.values():
            row.say("")
        self.words.hide()
        self._busy = True
        self.set_away(self._away)
        self.given.emit(self.question.key, self.values())


def _column() -> tuple[QWidget, QVBoxLayout]:
    """A ground with a column that is not wider than can be read."""
    px = theme().px
    ground, inner = PaneGround(), QWidget()
    inner.setMaximumWidth(px(_WIDE))
    beside = QHBoxLayout(ground)
    beside.setContentsMargins(0, 0, 0, 0)
    beside.addWidget(inner, 100)
    beside.addStretch(1)
    column = QVBoxLayout(inner)
    column.setContentsMargins(px(2), px(4), px(8), px(4))
    column.setSpacing(px(10))
    return ground, column


def _begins(asked: Asked) -> str:
    """What stands in a field before anything was typed."""
    return asked.value or (asked.options[0].key if asked.options else "")


def _told(word: str, text: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme().px(2))
    column.addWidget(Text(word, "small", "tertiary"))
    told = Text(text, "body", wrap=True)
    told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(told)
    return column
