"""The view of one help page: in a column fit to read, links told to others, nothing fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QUrl, Signal
from PySide6.QtGui import QPainter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from crisisdesk.desk.frame.focus_ring import RING_PROPERTY
from crisisdesk.desk.help.pages import slug
from crisisdesk.desk.help.render import READING_WIDTH, HelpDocument, picture_below
from crisisdesk.desk.look.paint import draw_ring
from crisisdesk.desk.look.qss import css
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QPaintEvent, QResizeEvent

    from crisisdesk.desk.help.pages import HelpPage

_SIDE, _TOP = 32, 20


class HelpBrowser(QTextBrowser):
    """Shows pages of one folder; ``followed`` tells the address of a link that was chosen."""

    followed = Signal(str)

    def __init__(self, root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self.page: HelpPage | None = None
        self._words: tuple[str, ...] = ()
        self.setOpenLinks(False)
        self.setProperty(RING_PROPERTY, False)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString()))

    def show_page(self, page: HelpPage, words: Sequence[str] = ()) -> None:
        """Show a page from its top, or from the first of the words that are searched for."""
        self.page, self._words = page, tuple(words)
        old = self.document()
        self.setDocument(HelpDocument(self._root, page, self))
        if isinstance(old, HelpDocument):
            old.deleteLater()
        self.setAccessibleName(f"Help page {page.title}")
        self._mark_words()
        self._fit()

    def go_to_heading(self, fragment: str) -> bool:
        """Bring the heading that a fragment names to the top; False when the page has none."""
        document = self.document()
        assert isinstance(document, HelpDocument)
        for block in document.blocks():
            if block.blockFormat().headingLevel() and slug(block.text()) == fragment:
                top = document.documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top))
                return True
        return False

    def retheme(self) -> None:
        """Write the page anew in the type and colours in force, at the same place in it."""
        bar = self.verticalScrollBar()
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        ground, selected = css(theme().color.panel), css(theme().color.selected)
        self.setStyleSheet(
            f"QTextBrowser {{ background: {ground}; border: 0; padding: 0;"
            f" selection-background-color: {selected};"
            f" selection-color: {css(theme().color.primary)}; }}"
        )
        if self.page is not None:
            self.show_page(self.page, self._words)
        bar.setValue(round(share * bar.maximum()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column."""
        super().resizeEvent(event)
        self._fit()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of ours; nothing for all else."""
        address = name.toString() if isinstance(name, QUrl) else name
        if kind != QTextDocument.ResourceType.ImageResource.value or self.page is None:
            return None
        return picture_below(self._root, self.page.name, address)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, and a ring inside its edge while it has the keyboard."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            draw_ring(painter, QRectF(self.viewport().rect()))
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Keep the ring where it is while the page moves below it."""
        super().scrollContentsBy(dx, dy)
        if self.hasFocus():
            self.viewport().update()

    def _fit(self) -> None:
        px = theme().px
        frame = self.document().rootFrame()
        shape = frame.frameFormat()
        free = self.viewport().width() - px(2 * _SIDE) - px(READING_WIDTH)
        right = px(_SIDE) + max(0, free)
        if (shape.leftMargin(), shape.rightMargin()) == (px(_SIDE), right):
            return
        shape.setLeftMargin(px(_SIDE))
        shape.setTopMargin(px(_TOP))
        shape.setBottomMargin(px(_TOP))
        shape.setRightMargin(right)
        frame.setFrameFormat(shape)

    def _mark_words(self) -> None:
        marked = QTextCharFormat()
        marked.setBackground(theme().color.accent_soft)
        found: list[QTextEdit.ExtraSelection] = []
        first: QTextCursor | None = None
        for word in self._words:
            cursor = self.document().find(word)
            while not cursor.isNull():
                entry = QTextEdit.ExtraSelection()
                entry.cursor, entry.format = cursor, marked
                found.append(entry)
                if first is None or cursor.position() < first.position():
                    first = cursor
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(found)
        if first is not None:
            top = QTextCursor(first)
            top.clearSelection()
            self.setTextCursor(top)
            self.ensureCursorVisible()
