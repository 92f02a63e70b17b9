"""The emergency contact sheet as a PDF, in black on white."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from crisisdesk import __version__
from crisisdesk.desk.look.fonts import load_fonts
from crisisdesk.desk.sheet.layout import Row, blocks_of, pages_of, sheet_font
from crisisdesk.domain.contact_sheet import TITLE

if TYPE_CHECKING:
    from pathlib import Path

    from crisisdesk.domain.contact_sheet import ContactSheet

Paper = Literal["a4", "letter"]
PAPERS: dict[Paper, QPageSize.PageSizeId] = {
    "a4": QPageSize.PageSizeId.A4,
    "letter": QPageSize.PageSizeId.Letter,
}
MARGIN = 42.0
HEAD = 44.0
FOOT = 22.0
# Units of the page for one point: what is drawn falls on a grid finer than a printer's dots.
PER_POINT = 10


class SheetError(Exception):
    """The sheet was not written; the text says why."""


def sheet_pdf(sheet: ContactSheet, paper: Paper = "a4") -> bytes:
    """The sheet as a PDF; needs a QGuiApplication. Raises SheetError."""
    load_fonts()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(f"{TITLE}: {sheet.station}" if sheet.station else TITLE)
    writer.setCreator(f"CrisisDesk {__version__}")
    writer.setResolution(72 * PER_POINT)
    size = QPageSize(PAPERS[paper])
    writer.setPageLayout(
        QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0.0, 0.0, 0.0, 0.0))
    )
    points = size.size(QPageSize.Unit.Point)
    width, height = points.width() - 2 * MARGIN, points.height() - 2 * MARGIN
    pages = pages_of(blocks_of(sheet, width), height - HEAD - FOOT)
    painter = QPainter()
    if not painter.begin(writer):
        raise SheetError("the PDF cannot be drawn")
    try:
        painter.scale(PER_POINT, PER_POINT)
        painter.translate(MARGIN, MARGIN)
        for number, rows in enumerate(pages, start=1):
            if number > 1:
                writer.newPage()
            _draw_frame(painter, sheet, width, height, f"{number}/{len(pages)}")
            _draw_rows(painter, rows, width)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def write_sheet(sheet: ContactSheet, path: Path, paper: Paper = "a4") -> None:
    """Write the PDF to a file; raises SheetError in words."""
    data = sheet_pdf(sheet, paper)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise SheetError(f"{path} cannot be written: {error.strerror or error}") from error


def _draw_frame(
    painter: QPainter, sheet: ContactSheet, width: float, height: float, number: str
) -> None:
    """What stands on every page: title, station and moment above, number below."""
    left = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
    painter.setPen(QPen(Qt.GlobalColor.black, 0.0))
    painter.setFont(sheet_font(17, 600))
    painter.drawText(QRectF(0, 0, width, 22), left, TITLE)
    painter.setFont(sheet_font(9))
    painter.drawText(QRectF(0, 23, width, 14), left, sheet.made)
    right = int(Qt.AlignmentFlag.AlignRight) | int(Qt.AlignmentFlag.AlignTop)
    painter.setFont(sheet_font(12, 600))
    painter.drawText(QRectF(width / 2, 3, width / 2, 18), right, sheet.station)
    foot = QRectF(0, height - 12, width, 14)
    painter.setFont(sheet_font(8))
    painter.drawText(foot, left, "A paper does not change: print it anew when people do.")
    painter.drawText(foot, right, number)


def _draw_rows(painter: QPainter, rows: list[Row], width: float) -> None:
    y = HEAD
    for row in rows:
        if row.ruled:
            painter.setPen(QPen(Qt.GlobalColor.black, 0.5))
            painter.drawLine(QPointF(0, y + 3), QPointF(width, y + 3))
        painter.setPen(QPen(Qt.GlobalColor.black, 0.0))
        for cell in row.cells:
            cell.draw(painter, y + row.above)
        y += row.height
