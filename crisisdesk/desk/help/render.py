"""A help page as a document in the desk's type and colours; loads nothing but its own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
)

from crisisdesk.desk.help.pages import file_below, regular
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor, QFont

    from crisisdesk.desk.help.pages import HelpPage

READING_WIDTH = 760
_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_LINE_SHARE = 138
_HEADINGS: dict[int, Role] = {1: "figure", 2: "title", 3: "lead"}
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value


class Piece(NamedTuple):
    """A stretch of text in one format."""

    start: int
    length: int
    format: QTextCharFormat


def picture_below(root: Path, current: str, address: str) -> QImage:
    """A picture of the help folder; a null image for every other address."""
    path = file_below(root, current, address)
    return QImage() if path is None else QImage(str(path))


class HelpDocument(QTextDocument):
    """One page; whatever Qt asks it for, only pictures below the help folder are read."""

    def __init__(self, root: Path, page: HelpPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root, self.page = root, page
        look = theme()
        self.setUndoRedoEnabled(False)
        self.setDefaultFont(look.font("body"))
        self.setDocumentMargin(0)
        self.setIndentWidth(look.px(26))
        self.setMarkdown(regular(page.text), _FEATURES)
        self._show_pictures()
        for table in self._tables():
            _dress_table(table)
        self._dress_text()
        self._frame_code()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of ours; nothing for all else."""
        address = name.toString() if isinstance(name, QUrl) else name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        return picture_below(self._root, self.page.name, address)

    def blocks(self) -> Iterator[QTextBlock]:
        """All blocks in order."""
        block = self.begin()
        while block.isValid():
            yield block
            block = block.next()

    def pieces(self) -> list[Piece]:
        """All text in stretches of one format."""
        found = []
        for block in self.blocks():
            at = block.begin()
            while not at.atEnd():
                fragment = at.fragment()
                found.append(Piece(fragment.position(), fragment.length(), fragment.charFormat()))
                at += 1
        return found

    def _tables(self) -> list[QTextTable]:
        frames = self.rootFrame().childFrames()
        return [frame for frame in frames if isinstance(frame, QTextTable)]

    def _cursor(self, start: int, length: int) -> QTextCursor:
        cursor = QTextCursor(self)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _show_pictures(self) -> None:
        """Hold our pictures ready; say in words where one would have to come from elsewhere.

        Qt's own way, for what is not held, is to try the address as a file.
        """
        for piece in reversed(self.pieces()):
            if not piece.format.isImageFormat():
                continue
            shown = QTextImageFormat(piece.format.toImageFormat())
            address = shown.name()
            image = picture_below(self._root, self.page.name, address)
            cursor = self._cursor(piece.start, piece.length)
            if image.isNull():
                words = shown.property(QTextFormat.Property.ImageAltText.value) or address
                cursor.insertText(f"[picture left out: {words}]", QTextCharFormat())
                continue
            self.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(address), image)
            shown.setWidth(min(image.width(), theme().px(READING_WIDTH)))
            cursor.setCharFormat(shown)

    def _dress_text(self) -> None:
        for piece in self.pieces():
            if piece.format.isImageFormat():
                continue
            block = self.findBlock(piece.start)
            dressed = _char_format(piece.format, block.blockFormat().headingLevel())
            if is_code(block):
                dressed = QTextCharFormat()
                dressed.setFont(theme().mono(12))
                dressed.setForeground(theme().color.primary)
            self._cursor(piece.start, piece.length).setCharFormat(dressed)
        px = theme().px
        for block in self.blocks():
            shape = block.blockFormat()
            in_table = QTextCursor(block).currentTable() is not None
            level = shape.headingLevel()
            shape.setLineHeight(_LINE_SHARE, _PROPORTIONAL)
            shape.setTopMargin(
                0 if in_table or block.blockNumber() == 0 else px(22 if level else 0)
            )
            shape.setBottomMargin(0 if in_table else px(12 if level == 1 else 8))
            if is_code(block):
                shape.setTopMargin(0)
                shape.setBottomMargin(0)
                shape.setNonBreakableLines(False)
                shape.clearBackground()
            QTextCursor(block).setBlockFormat(shape)

    def _frame_code(self) -> None:
        """Put each stretch of code into a frame with a ground and a line of its own."""
        stretches: list[tuple[int, int, int]] = []
        before = -2
        for block in self.blocks():
            if not is_code(block):
                continue
            start, end = block.position(), block.position() + block.length() - 1
            if block.blockNumber() == before + 1:
                start = stretches.pop()[0]
            stretches.append((start, end, block.blockFormat().indent()))
            before = block.blockNumber()
        px, color = theme().px, theme().color
        for start, end, indent in reversed(stretches):
            cursor = self._cursor(start, end - start)
            shape = QTextFrameFormat()
            shape.setBackground(color.raised)
            shape.setBorder(1)
            shape.setBorderBrush(color.hair)
            shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            shape.setPadding(px(10))
            shape.setTopMargin(px(2))
            shape.setBottomMargin(px(8))
            shape.setLeftMargin(px(26) if indent else 0)
            flat = QTextBlockFormat()
            flat.setIndent(0)
            cursor.mergeBlockFormat(flat)
            line = self.findBlock(start).blockFormat()
            frame = cursor.insertFrame(shape)
            # The frame begins a paragraph of its own, which knows nothing of the code.
            QTextCursor(self.findBlock(frame.firstPosition())).setBlockFormat(line)
            self._close_up(frame.lastPosition() + 1)
            self._close_up(frame.firstPosition() - 1)

    def _close_up(self, position: int) -> None:
        """Take away the empty paragraph that a new frame leaves beside itself."""
        block = self.findBlock(position)
        if block.length() > 1 or not block.position() or not block.next().isValid():
            return
        cursor = QTextCursor(self)
        # An empty paragraph goes with the mark of its own end, or of the one before it.
        before = self.findBlock(block.position() - 1)
        cursor.setPosition(block.position() - (1 if before.text() and not is_code(before) else 0))
        cursor.deleteChar()


def is_code(block: QTextBlock) -> bool:
    """Whether a block is a line of fenced code."""
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence.value)


def _char_format(old: QTextCharFormat, level: int) -> QTextCharFormat:
    """The desk's format for what Markdown made of a stretch of text."""
    look, color = theme(), theme().color
    new = QTextCharFormat()
    code, link = old.fontFixedPitch(), old.anchorHref()
    bold = old.fontWeight() >= 600
    if code:
        new.setFont(look.mono(12, 500 if bold else 400))
        new.setBackground(QBrush(color.raised))
    elif level:
        new.setFont(look.font(_HEADINGS.get(level, "strong")))
    else:
        new.setFont(_italic(look.font("strong" if bold else "body"), italic=old.fontItalic()))
    new.setForeground(color.primary)
    if link:
        new.setAnchor(True)
        new.setAnchorHref(link)
        new.setForeground(color.link)
        new.setFontUnderline(True)
    return new


def _italic(font: QFont, *, italic: bool) -> QFont:
    from PySide6.QtGui import QFont

    slanted = QFont(font)
    slanted.setItalic(italic)
    return slanted


def _dress_table(table: QTextTable) -> None:
    """Hair lines between the rows; a head without words is taken away."""
    px, color = theme().px, theme().color
    heads = [table.cellAt(0, column) for column in range(table.columns())]
    if not any(head.firstCursorPosition().block().text().strip() for head in heads):
        table.removeRows(0, 1)
        headless = True
    else:
        headless = False
    shape = table.format()
    shape.setBorder(0)
    shape.setBorderCollapse(True)
    shape.setCellSpacing(0)
    shape.setCellPadding(0)
    shape.setTopMargin(px(4))
    shape.setBottomMargin(px(14))
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    shape.setAlignment(Qt.AlignmentFlag.AlignLeft)
    shape.setHeaderRowCount(0)
    table.setFormat(shape)
    for row in range(table.rows()):
        for column in range(table.columns()):
            head = row == 0 and not headless
            _dress_cell(table, row, column, color.strong if head else color.hair)


def _dress_cell(table: QTextTable, row: int, column: int, line: QColor) -> None:
    px = theme().px
    shape = QTextTableCellFormat()
    shape.setTopPadding(px(5))
    shape.setBottomPadding(px(5))
    shape.setLeftPadding(0)
    shape.setRightPadding(px(16))
    shape.setBottomBorder(1)
    shape.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBottomBorderBrush(QBrush(line))
    table.cellAt(row, column).setFormat(shape)
