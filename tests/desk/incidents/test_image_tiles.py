"""What stands in place of an image says so, and only images of the incident are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from crisisdesk.desk.incidents import image_tiles
from crisisdesk.desk.incidents.image_cache import ImageCache
from crisisdesk.desk.incidents.image_layout import MISSING_HIGH, MISSING_WIDE
from crisisdesk.desk.incidents.image_tiles import GONE, NOT_HERE, ImageTiles
from crisisdesk.desk.look.paint import draw_text
from crisisdesk.domain.fold import fold
from crisisdesk.domain.image_reference import Reference
from crisisdesk.domain.timeline import EntryKind, TimelineEntry
from crisisdesk.domain.told import Told, plain

from tests.domain.image_bytes import png
from tests.domain.test_image import added

pytestmark = pytest.mark.usefixtures("look")
DATA = png(120, 60, 200)
EVENT = added(DATA)
KNOWN = {EVENT.agg: fold([EVENT])}


def entry(*names: str) -> TimelineEntry:
    return TimelineEntry(
        key="U-1",
        subject="U-1",
        happened_at=1,
        logged_at=1,
        author="Klára",
        kind=EntryKind.NOTE,
        told=Told(icon="pin", line=(plain("x"),)),
        images=tuple(Reference(name, "a caption") for name in names),
    )


def painted(
    tiles: ImageTiles, shown: TimelineEntry, monkeypatch: pytest.MonkeyPatch
) -> tuple[QImage, list[str]]:
    words: list[str] = []

    def noted(painter: QPainter, rect: Any, text: str, *args: Any, **how: Any) -> float:
        words.append(text)
        return draw_text(painter, rect, text, *args, **how)

    monkeypatch.setattr(image_tiles, "draw_text", noted)
    image = QImage(600, 200, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    tiles.paint(painter, 0, 0, shown, tiles.lay(shown, 580))
    painter.end()
    return image, words


def test_it_is_painted_with_its_caption_once_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[Callable[[], None]] = []

    class Reader:
        def image_data(self, _image_id: str) -> bytes:
            return DATA

    tiles = ImageTiles()
    tiles.known = KNOWN  # type: ignore[assignment]
    tiles.cache = ImageCache(lambda ask, answer: waiting.append(lambda: answer(ask(Reader()))))  # type: ignore[arg-type]
    _image, words = painted(tiles, entry(EVENT.agg), monkeypatch)
    assert words == ["Being read", "a caption"]
    waiting[0]()
    image, words = painted(tiles, entry(EVENT.agg), monkeypatch)
    assert words == ["a caption"]
    assert image.pixelColor(60, 30).red() == 200


def test_what_is_not_here_has_its_room_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    tiles = ImageTiles()
    tiles.cache = ImageCache(lambda _ask, answer: answer(None))
    foreign = entry("IMG-" + "0" * 20)
    laid = tiles.lay(foreign, 580).tiles[0]
    assert (laid.width, laid.height) == (MISSING_WIDE, MISSING_HIGH)
    assert painted(tiles, foreign, monkeypatch)[1] == [NOT_HERE, "a caption"]
    # Known, but its bytes have left the log of this station.
    tiles.known = KNOWN  # type: ignore[assignment]
    tiles.cache.pixmap(EVENT.agg, 120, 60)
    assert painted(tiles, entry(EVENT.agg), monkeypatch)[1] == [GONE, "a caption"]
