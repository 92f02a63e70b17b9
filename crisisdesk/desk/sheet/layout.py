"""Lays the emergency contact sheet out: rows of cells, kept together person by person, on pages.

All lengths are points of 1/72 inch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QImage, QTextLayout, QTextOption

from crisisdesk.desk.look.fonts import make_font
from crisisdesk.domain.contact_sheet import NOBODY

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.contact_sheet import ContactSheet, SheetPerson

FAMILIES = ("Inter", "DejaVu Sans", "sans-serif")
GAP = 14.0
WORD_WIDTH = 54.0


class Cell:
    """One text that wraps inside its width, ``x`` points from the left margin.

    ``down`` is how far below the top of its row it begins.
    """

    def __init__(self, x: float, width: float, text: str, font: QFont) -> None:
        self.x, self.height, self.down = x, 0.0, 0.0
        self._layout = QTextLayout(text, font)
        option = QTextOption()
        # At blanks where there are any; a long address still stays inside its column.
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, self.height))
            self.height += line.height()
        self._layout.endLayout()

    def draw(self, painter: QPainter, y: float) -> None:
        """Draw it in a row whose top is at ``y``."""
        self._layout.draw(painter, QPointF(self.x, y + self.down))


class ImageCell:
    """One image at the left margin, a point for each pixel, scaled down into its room."""

    x = down = 0.0

    def __init__(self, image: QImage, width: float, height: float) -> None:
        self._image = image
        shrink = min(1.0, width / max(1, image.width()), height / max(1, image.height()))
        self._width, self.height = image.width() * shrink, image.height() * shrink

    def draw(self, painter: QPainter, y: float) -> None:
        """Draw it in a row whose top is at ``y``."""
        painter.drawImage(QRectF(0.0, y, self._width, self.height), self._image)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells that begin at one height; ``ruled`` draws a line above them."""

    cells: tuple[Cell | ImageCell, ...]
    above: float = 0.0
    ruled: bool = False

    @property
    def height(self) -> float:
        """Its tallest cell and the room above."""
        return self.above + max(cell.down + cell.height for cell in self.cells)


def sheet_font(px: int, weight: int = 400) -> QFont:
    """The sheet's type at that many points.

    Without kerning and other shapes of letters: Qt writes a PDF whose text cannot be searched or
    copied where it puts one in place of a letter.
    """
    font = make_font(FAMILIES, px, weight)
    font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    return font


def blocks_of(sheet: ContactSheet, width: float) -> Iterator[list[Row]]:
    """The head of the sheet, then one block for each person."""
    yield [_fact_row(word, text, 0.0, width, 9) for word, text in sheet.heads]
    for person in sheet.people:
        yield list(_person_rows(person, width))
    if not sheet.people:
        yield [Row(cells=(Cell(0.0, width, NOBODY, sheet_font(11)),), above=10.0, ruled=True)]


def _person_rows(person: SheetPerson, width: float) -> Iterator[Row]:
    """Name and role on the left; numbers, large, and facts on the right."""
    left = round(width * 0.34)
    x, right = left + GAP, width - left - GAP
    numbers = person.numbers or ("no number is written down",)
    font = sheet_font(12, 600) if person.numbers else sheet_font(9)
    beside = [Row(cells=(Cell(x, right, number, font),), above=1.0) for number in numbers]
    beside += [_fact_row(word, text, x, right, 8) for word, text in person.facts]
    cells: list[Cell | ImageCell] = [Cell(0.0, left, person.name, sheet_font(12, 600))]
    if person.role:
        cells.append(Cell(0.0, left, person.role, sheet_font(9)))
        cells[1].down = cells[0].height + 1.0
    tall, down = cells[-1].down + cells[-1].height, 0.0
    while beside and down < tall:
        row = beside.pop(0)
        for cell in row.cells:
            cell.down = down + (row.above if down else 0.0)
            cells.append(cell)
        down += row.height
    yield Row(cells=tuple(cells), above=8.0, ruled=True)
    yield from beside


def _fact_row(word: str, text: str, x: float, width: float, px: int) -> Row:
    wide = WORD_WIDTH * px / 8
    cells = (
        Cell(x, wide, word, sheet_font(px, 600)),
        Cell(x + wide, width - wide, text, sheet_font(px)),
    )
    return Row(cells=cells, above=2.0)


def pages_of(blocks: Iterable[list[Row]], height: float) -> list[list[Row]]:
    """Rows page by page; a block stays together where one page can hold it."""
    pages: list[list[Row]] = [[]]
    left = height
    for block in blocks:
        whole = sum(row.height for row in block)
        if whole > left and whole <= height:
            pages.append([])
            left = height
        for row in block:
            if row.height > left and pages[-1]:
                pages.append([])
                left = height
            pages[-1].append(row)
            left -= row.height
    return pages
