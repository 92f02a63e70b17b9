"""Pages of a PDF, in black on white: what stands on every page, and rows below each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from crisisdesk import __version__
from crisisdesk.desk.look.fonts import load_fonts
from crisisdesk.desk.sheet.layout import Row, blocks_of, pages_of, sheet_font
from crisisdesk.domain.contact_sheet import TITLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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
    """The paper was not written; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands on every page: title and ``under`` above, ``mark`` opposite, ``foot`` below.

    ``name`` is what a viewer of the file calls it.
    """

    name: str
    title: str
    under: str
    mark: str = ""
    foot: str = ""


def pdf_of(
    frame: Frame, blocks: Callable[[float], Iterable[list[Row]]], paper: Paper = "a4"
) -> bytes:
    """A PDF of blocks laid out for a width in points; needs a QGuiApplication.

    A block stays on one page where it can. Raises SheetError.
    """
    load_fonts()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(frame.name)
    writer.setCreator(f"CrisisDesk {__version__}")
    writer.setResolution(72 * PER_POINT)
    size = QPageSize(PAPERS[paper])
    writer.setPageLayout(
        QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0.0, 0.0, 0.0, 0.0))
    )
    points = size.size(QPageSize.Unit.Point)
    width, height = points.width() - 2 * MARGIN, points.height() - 2 * MARGIN
    pages = pages_of(blocks(width), height - HEAD - FOOT)
    painter = QPainter()
    if not painter.begin(writer):
        raise SheetError("the PDF cannot be drawn")
    try:
        painter.scale(PER_POINT, PER_POINT)
        painter.translate(MARGIN, MARGIN)
        for number, rows in enumerate(pages, start=1):
            if number > 1:
                writer.newPage()
            _draw_frame(painter, frame, width, height, f"{number}/{len(pages)}")
            _draw_rows(painter, rows, width)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def sheet_pdf(sheet: ContactSheet, paper: Paper = "a4") -> bytes:
    """The emergency contact sheet as a PDF. Raises SheetError."""
    frame = Frame(
        name=f"{TITLE}: {sheet.station}" if sheet.station else TITLE,
        title=TITLE,
        under=sheet.made,
        mark=sheet.station,
        foot="A paper does not change: print it anew when people do.",
    )
    return pdf_of(frame, lambda width: blocks_of(sheet, width), paper)


def write_sheet(sheet: ContactSheet, path: Path, paper: Paper = "a4") -> None:
    """Write the sheet's PDF to a file; raises SheetError in words."""
    write_bytes(sheet_pdf(sheet, paper), path)


def write_bytes(data: bytes, path: Path) -> None:
    """Write a file whole; raises SheetError in words."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise SheetError(f"{path} cannot be written: {error.strerror or error}") from error


def paper_here() -> Paper:
    """What this machine's country prints on."""
    metric = QLocale.system().measurementSystem() == QLocale.MeasurementSystem.MetricSystem
    return "a4" if metric else "letter"


def _draw_frame(painter: QPainter, frame: Frame, width: float, height: float, number: str) -> None:
    left = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
    right = int(Qt.AlignmentFlag.AlignRight) | int(Qt.AlignmentFlag.AlignTop)
    painter.setPen(QPen(Qt.GlobalColor.black, 0.0))
    mark_font = sheet_font(12, 600)
    painter.setFont(mark_font)
    painter.drawText(QRectF(width / 2, 3, width / 2, 18), right, frame.mark)
    marked = painter.fontMetrics().horizontalAdvance(frame.mark) + 12 if frame.mark else 0
    painter.setFont(sheet_font(17, 600))
    title = painter.fontMetrics().elidedText(
        frame.title, Qt.TextElideMode.ElideRight, int(width - marked)
    )
    painter.drawText(QRectF(0, 0, width - marked, 22), left, title)
    painter.setFont(sheet_font(9))
    painter.drawText(QRectF(0, 23, width, 14), left, frame.under)
    foot = QRectF(0, height - 12, width, 14)
    painter.setFont(sheet_font(8))
    painter.drawText(foot, left, frame.foot)
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
