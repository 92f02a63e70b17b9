"""The whole file as the command line publishes it, to be read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.fields import field_words
from crisisdesk.desk.planning.policies.file_shape import FileShape, PolicyFile
from crisisdesk.desk.planning.policies.yaml_lines import line_of
from crisisdesk.domain.errors import DomainError

if TYPE_CHECKING:
    from crisisdesk.desk.planning.policies.drafts import Draft

_WORDS = "What “crisisdesk policy publish” takes. The form shows the same."


class YamlPane(QWidget):
    """``written`` carries the text after each change by hand; ``noun`` is what it is the file of,
    ``words`` stand above it, ``shape`` is how it is written."""

    written = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        noun: str = "policy",
        words: str = _WORDS,
        shape: FileShape | None = None,
    ) -> None:
        super().__init__(parent)
        self.shape: FileShape = shape or PolicyFile()
        px = theme().px
        self._showing = False
        self._fault: DomainError | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        column.addWidget(Text(words, "small", "tertiary", wrap=True))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(f"The {noun} as YAML")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.textChanged.connect(self._changed)
        column.addWidget(self.text, 1)
        self.refusal = Text("", "small", "critical", wrap=True)
        self.refusal.hide()
        column.addWidget(self.refusal)
        look().changed.connect(self._retheme)
        self._retheme()

    def _retheme(self) -> None:
        font = theme().mono(12)
        self.text.setFont(font)
        self.text.setTabStopDistance(QFontMetricsF(font).horizontalAdvance("  "))
        self._mark_line()

    def show_draft(self, draft: Draft) -> None:
        """Show it; a text that says the same already keeps its own lines and its cursor."""
        text = draft.raw or self.shape.text(draft)
        shown = self.text.toPlainText()
        if shown == text or (not draft.raw and self._says(shown, draft)):
            return
        self._showing = True
        self.text.setPlainText(text)
        self._showing = False
        # The line of what is wrong is that of this text.
        self.show_fault(self._fault)

    def _says(self, text: str, draft: Draft) -> bool:
        try:
            return self.shape.draft(text, draft) == draft
        except DomainError:
            return False

    def show_fault(self, fault: DomainError | None) -> None:
        """Say below what cannot be published, and mark its line."""
        self._fault = fault
        words = ""
        if fault is not None:
            line = self.line_of(fault.field)
            # YAML that cannot be read names its line itself.
            at = f"Line {line}, " if line and "at line" not in fault.problem else ""
            spoken = field_words(fault.field)
            # What has no words of its own is named once, as it stands in the file.
            known = spoken[:1].isupper()
            where = f"{spoken} ({fault.field})" if known else fault.field
            words = f"{at}{where} {fault.problem}; {fault.remedy}."
        self.refusal.setText(words)
        self.refusal.setVisible(bool(words))
        self.text.setAccessibleDescription(words)
        self._mark_line()

    def line_of(self, field: str) -> int:
        """The line, from 1, that a field stands in; 0 when nothing tells."""
        return line_of(self.text.toPlainText(), field)

    def go_to(self, field: str) -> None:
        """Put the keyboard on the line of a field."""
        block = self.text.document().findBlockByNumber(max(0, self.line_of(field) - 1))
        self.text.setTextCursor(QTextCursor(block))
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _mark_line(self) -> None:
        line = self.line_of(self._fault.field) if self._fault is not None else 0
        marks = []
        if line:
            mark = QTextEdit.ExtraSelection()
            tone = theme().severity("critical")
            mark.format.setBackground(tone.soft)
            # Where grounds do not differ the line under the words says it.
            mark.format.setUnderlineColor(tone.fg)
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            full = QTextFormat.Property.FullWidthSelection
            mark.format.setProperty(full, True)
            cursor = QTextCursor(self.text.document().findBlockByNumber(line - 1))
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            mark.cursor = cursor
            marks.append(mark)
        self.text.setExtraSelections(marks)

    def set_read_only(self, read_only: bool) -> None:
        """Let it be read alone."""
        self.text.setReadOnly(read_only)

    def _changed(self) -> None:
        if not self._showing:
            self.written.emit(self.text.toPlainText())
