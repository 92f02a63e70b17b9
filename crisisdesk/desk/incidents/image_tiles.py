"""Paints the images of a timeline entry below its words, or says why one cannot be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from crisisdesk.desk.incidents.image_layout import CAPTION, Tile, Tiles, lay_tiles
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_box, draw_text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.image_cache import ImageCache
    from crisisdesk.domain.image import NoteImage
    from crisisdesk.domain.image_reference import Reference
    from crisisdesk.domain.timeline import TimelineEntry

NOT_HERE, GONE = "Not on this station yet", "Its bytes are not on this station"
_ON_ITS_WAY = "Being read"


class ImageTiles:
    """``known`` are the images of the incident shown; others are not shown, wherever they are."""

    def __init__(self) -> None:
        self.known: Mapping[str, NoteImage] = {}
        self.cache: ImageCache | None = None

    def lay(self, entry: TimelineEntry, room: float) -> Tiles:
        """Where they stand; what is not here has its room all the same."""
        sizes = [
            None if one is None else (one.width, one.height)
            for one in (self.known.get(shown.image_id) for shown in entry.images)
        ]
        return lay_tiles(sizes, room, theme().px(100) / 100)

    def paint(
        self, painter: QPainter, x: float, y: float, entry: TimelineEntry, tiles: Tiles
    ) -> None:
        """All of them with their corner at x, y."""
        px, color = theme().px, theme().color
        for shown, tile in zip(entry.images, tiles.tiles, strict=True):
            box = QRectF(x + tile.x, y + tile.y, tile.width, tile.height)
            self._paint_one(painter, box, shown, tile)
            words = QRectF(box.x(), box.bottom() + px(2), box.width(), px(CAPTION - 4))
            draw_text(painter, words, shown.caption, color.secondary, "micro")

    def _paint_one(self, painter: QPainter, box: QRectF, shown: Reference, tile: Tile) -> None:
        px, color = theme().px, theme().color
        if shown.image_id not in self.known or self.cache is None:
            self._say(painter, box, NOT_HERE)
            return
        ratio = painter.device().devicePixelRatioF()
        wide, high = max(1, round(tile.width * ratio)), max(1, round(tile.height * ratio))
        pixmap = self.cache.pixmap(shown.image_id, wide, high)
        if pixmap is None:
            self._say(painter, box, _ON_ITS_WAY)
        elif pixmap.isNull():
            self._say(painter, box, GONE)
        else:
            draw_box(painter, box, fill=color.raised, radius=px(2))
            size = pixmap.size() / ratio
            inner = QRectF(0, 0, size.width(), size.height())
            inner.moveCenter(box.center())
            painter.drawPixmap(inner, pixmap, QRectF(pixmap.rect()))
            draw_box(painter, box, line=color.strong, radius=px(2))

    @staticmethod
    def _say(painter: QPainter, box: QRectF, words: str) -> None:
        px, color = theme().px, theme().color
        draw_box(painter, box, fill=color.raised, line=color.strong, radius=px(2))
        draw_icon(painter, box.x() + px(8), box.y() + px(8), "image", color.tertiary)
        room = box.adjusted(px(30), px(7), -px(6), 0)
        room.setHeight(px(18))
        draw_text(painter, room, words, color.tertiary, "small")
