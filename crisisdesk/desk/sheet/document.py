"""A document onto pages: its blocks as rows of lines, so that a long text goes over to the next."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader, QTextLayout, QTextOption

from crisisdesk.desk.sheet.layout import GAP, Cell, ImageCell, Row, sheet_font
from crisisdesk.desk.sheet.paper import Frame, Paper, pdf_of, write_bytes
from crisisdesk.domain.papers.document import Block, Document, Facts, Heading, Image, Table, Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QFont

_FACT_SHARE = 0.24
_BODY, _HEAD = 9, 11
# Two of them with their words on a page.
_IMAGE_HIGH = 300.0


def document_pdf(document: Document, paper: Paper = "a4") -> bytes:
    """The document as a PDF; needs a QGuiApplication. Raises SheetError."""
    frame = Frame(
        name=document.title,
        title=document.title,
        under=document.under,
        mark=document.mark,
        foot=document.foot,
    )
    return pdf_of(frame, lambda width: blocks_of_document(document, width), paper)


def write_document(document: Document, path: Path, paper: Paper = "a4") -> None:
    """Write the PDF to a file; raises SheetError in words."""
    write_bytes(document_pdf(document, paper), path)


def blocks_of_document(document: Document, width: float) -> Iterator[list[Row]]:
    """What stays together: a heading with the beginning of what follows it, a row of a table."""
    waiting: list[Row] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            waiting += _heading(block, width)
            continue
        for rows in _rows_of(block, width):
            yield [*waiting, *rows]
            waiting = []
    if waiting:
        yield waiting


def _heading(heading: Heading, width: float) -> list[Row]:
    words = f"{heading.number}. {heading.text}" if heading.number else heading.text
    cell = Cell(0.0, width, words, sheet_font(_HEAD, 600))
    return [Row(cells=(cell,), above=10.0, ruled=True)]


def _rows_of(block: Block, width: float) -> Iterator[list[Row]]:
    body, strong = sheet_font(_BODY), sheet_font(_BODY, 600)
    if isinstance(block, Text):
        for row in _side_by_side([(0.0, width, block.text, body)], above=1.0):
            yield [row]
    elif isinstance(block, Image):
        yield _image_rows(block, width)
    elif isinstance(block, Facts):
        left = round(width * _FACT_SHARE)
        for word, text in block.pairs:
            columns = [(0.0, left, word, strong), (left + GAP, width - left - GAP, text, body)]
            yield _side_by_side(columns, above=2.0)
    elif isinstance(block, Table):
        places = _places(block.shares, width)
        yield _side_by_side(
            [(x, w, t, strong) for (x, w), t in zip(places, block.heads, strict=True)], above=2.0
        )
        for cells in block.rows:
            columns = [(x, w, t, body) for (x, w), t in zip(places, cells, strict=True)]
            yield _side_by_side(columns, above=3.0)


def _image_rows(block: Image, width: float) -> list[Row]:
    """The image and its words, which stay together."""
    rows = _side_by_side([(0.0, width, block.caption, sheet_font(_BODY))], above=3.0)
    drawn = _drawn(block)
    if drawn.isNull():
        return rows
    return [Row(cells=(ImageCell(drawn, width, _IMAGE_HIGH),), above=10.0), *rows]


def _drawn(block: Image) -> QImage:
    """The image; a null one where its bytes are not here or show nothing."""
    buffer = QBuffer()
    buffer.setData(QByteArray(base64.b64decode(block.data)))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, block.media.rpartition("/")[2].encode())
    reader.setAutoDetectImageFormat(False)
    return reader.read()


def _places(shares: Sequence[int], width: float) -> list[tuple[float, float]]:
    """Where each column begins and how wide it is."""
    room, whole, x = width - GAP * (len(shares) - 1), sum(shares), 0.0
    places = []
    for share in shares:
        wide = room * share / whole
        places.append((x, wide))
        x += wide + GAP
    return places


def _side_by_side(columns: list[tuple[float, float, str, QFont]], above: float) -> list[Row]:
    """One row for each line, so that no text is taller than a page."""
    lines = [
        [Cell(x, width, line, font) for line in _lines(text, width, font)]
        for x, width, text, font in columns
    ]
    rows: list[Row] = []
    for cells in zip_longest(*lines):
        here = tuple(cell for cell in cells if cell is not None)
        rows.append(Row(cells=here, above=0.0 if rows else above))
    return rows


def _lines(text: str, width: float, font: QFont) -> list[str]:
    """The text as it wraps inside a width; an empty one is one empty line."""
    found = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            found.append(_part(paragraph, line.textStart(), line.textLength()))
        layout.endLayout()
        if not paragraph:
            found.append(" ")
    return found


def _part(text: str, start: int, length: int) -> str:
    """A part of a text counted in UTF-16 units, as Qt counts."""
    units = text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * (start + length)]
    return units.decode("utf-16-le", "replace").rstrip() or " "
