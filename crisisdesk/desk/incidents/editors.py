"""Fields that say when they are done: Enter keeps, Esc leaves, and nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy

from crisisdesk.desk.frame.painted import PaintedButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NEWLINE_MODS = Qt.KeyboardModifier.ControlModifier


class LineEditor(QLineEdit):
    """One line; Enter and Esc go no further than here."""

    entered = Signal()
    left = Signal()

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say done or leave."""
        if event.key() in _ENTER:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class TextEditor(QPlainTextEdit):
    """Several lines that grow with the text; Ctrl Enter and Esc go no further than here."""

    entered = Signal()
    left = Signal()

    def __init__(
        self, name: str, hint: str = "", *, lines: tuple[int, int] = (1, 8), ring: bool = True
    ) -> None:
        super().__init__()
        self._least, self._most = lines
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("ring", ring)
        self.textChanged.connect(self._fit)
        look().changed.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say done or leave."""
        if event.key() in _ENTER and event.modifiers() & _NEWLINE_MODS:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lines that another width makes."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = int(self.document().size().height())
        lines = min(self._most, max(self._least, needed))
        bars = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            bars.ScrollBarAsNeeded if needed > self._most else bars.ScrollBarAlwaysOff
        )
        spacing = theme().metrics("body").lineSpacing()
        self.setFixedHeight(round(lines * spacing) + theme().px(16))


class RefusalWords(Text):
    """Why something in the row above was not kept, whole; hidden while all is well."""

    def __init__(self) -> None:
        super().__init__("", "small", "stale", wrap=True)
        px = theme().px
        self.setContentsMargins(px(14), px(2), px(14), px(8))
        self.hide()

    def say(self, words: str) -> None:
        """Say it, or with "" nothing."""
        self.setText(words)
        self.setVisible(bool(words))


class InPlace(PaintedButton):
    """A thing that is read until Enter (or a click) and then typed into where it stands.

    Subclasses paint it and say where the editor goes. ``saved`` carries what was typed; the owner
    answers with ``settle`` when it was kept or ``refuse`` when it was not.
    """

    saved = Signal(str)
    # The refusal, or "" when there is none any more.
    told = Signal(str)
    opened = Signal()

    def __init__(self, field: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.name = field, name
        self.refusal = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editor: LineEditor | TextEditor = self._make_editor()
        self.editor.setParent(self)
        self.editor.hide()
        self.editor.entered.connect(self._save)
        self.editor.left.connect(self.settle)
        self.clicked.connect(self.begin)

    def _make_editor(self) -> LineEditor | TextEditor:
        return LineEditor(self.name)

    def start_text(self) -> str:
        """What the editor begins with."""
        return ""

    def editor_box(self) -> QRect:
        """Where the editor goes."""
        return self.rect()

    def text_typed(self) -> str:
        """What stands in the editor."""
        editor = self.editor
        return editor.text() if isinstance(editor, LineEditor) else editor.toPlainText()

    def is_editing(self) -> bool:
        """Whether it is open for typing."""
        return not self.editor.isHidden()

    def begin(self) -> None:
        """Open for typing with the present value."""
        if not self.is_editing():
            self._open(self.start_text())
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editor.selectAll()

    def draft(self) -> str | None:
        """What was typed and is not kept yet; None when nothing is open."""
        return self.text_typed() if self.is_editing() else None

    def take_draft(self, draft: str | None) -> None:
        """Be open with that text again, or closed."""
        self._tell("")
        if draft is None:
            self._close()
        else:
            self._open(draft)

    def refuse(self, words: str) -> None:
        """Stay open and say why it was not kept."""
        self._tell(words)
        self.editor.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def settle(self) -> None:
        """Close the editor; the focus comes back here."""
        had_focus = self.editor.hasFocus()
        self._close()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the editor in its place."""
        super().resizeEvent(event)
        self.editor.setGeometry(self.editor_box())

    def sizeHint(self) -> QSize:
        """One line, unless a subclass knows better."""
        return QSize(theme().px(80), theme().px(28))

    def _open(self, text: str) -> None:
        editor = self.editor
        if isinstance(editor, LineEditor):
            editor.setText(text)
        else:
            editor.setPlainText(text)
        editor.setGeometry(self.editor_box())
        editor.show()
        self.updateGeometry()
        self.update()
        self.opened.emit()

    def _tell(self, words: str) -> None:
        if words != self.refusal:
            self.refusal = words
            self.told.emit(words)

    def _close(self) -> None:
        self._tell("")
        self.editor.setAccessibleDescription("")
        self.editor.hide()
        self.updateGeometry()
        self.update()

    def _save(self) -> None:
        self.saved.emit(self.text_typed())
