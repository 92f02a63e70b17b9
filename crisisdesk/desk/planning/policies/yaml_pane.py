"""The whole policy as the file that the command line publishes, to be read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.drafts import from_yaml, to_yaml, yaml_fault
from crisisdesk.desk.planning.policies.fields import field_words

if TYPE_CHECKING:
    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.domain.errors import DomainError

_WORDS = "What “crisisdesk policy publish” takes. The form shows the same."


class YamlPane(QWidget):
    """``written`` carries the text after each change by hand."""

    written = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._showing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        column.addWidget(Text(_WORDS, "small", "tertiary", wrap=True))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("The policy as YAML")
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

    def show_draft(self, draft: Draft) -> None:
        """Show it; a text that says the same already keeps its own lines and its cursor."""
        text = draft.raw or to_yaml(draft.name, draft.content)
        shown = self.text.toPlainText()
        if shown == text or (not draft.raw and self._says(shown, draft)):
            return
        self._showing = True
        self.text.setPlainText(text)
        self._showing = False

    @staticmethod
    def _says(text: str, draft: Draft) -> bool:
        return yaml_fault(text) is None and from_yaml(text) == (draft.name, draft.content)

    def show_fault(self, fault: DomainError | None) -> None:
        """Say below what cannot be published."""
        where = f"{field_words(fault.field)} ({fault.field}) " if fault is not None else ""
        words = f"{where}{fault.problem}; {fault.remedy}." if fault is not None else ""
        self.refusal.setText(words)
        self.refusal.setVisible(bool(words))
        self.text.setAccessibleDescription(words)

    def set_read_only(self, read_only: bool) -> None:
        """Let it be read alone."""
        self.text.setReadOnly(read_only)

    def _changed(self) -> None:
        if not self._showing:
            self.written.emit(self.text.toPlainText())
