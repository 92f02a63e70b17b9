"""What is painted again and again in the same way: words, dashes, grounds of cards; drawn once and
kept while the theme stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from crisisdesk.desk.look.paint import CENTER, LEFT, RIGHT, draw_box
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor

    from crisisdesk.desk.look.theme import Theme

# Twelve charts have some hundreds of different words, one or two sizes of cards and one time.
_WORDS_MOST, _PICTURES_MOST, _DASHES_MOST = 1_000, 12, 50
# A strip of dashes is this long, px; each of their patterns fits in without a rest.
_STRIP = 40


class _Word(NamedTuple):
    """Words as a picture; both lengths are px."""

    picture: QPixmap
    width: float
    height: float


_words: dict[tuple[Any, ...], _Word] = {}
_pictures: dict[tuple[Any, ...], QPixmap] = {}
_strips: dict[tuple[Any, ...], QPixmap] = {}
_of: list[Theme] = []


def letter(
    painter: QPainter,
    box: QRectF,
    text: str,
    color: QColor,
    role: Role = "micro",
    *,
    align: Qt.AlignmentFlag = LEFT,
    tabular: bool = False,
    weight: int = 0,
    ground: QColor | None = None,
) -> float:
    """Write one line into a box as `draw_text` does: in the middle of its height, elided. Returns
    the width used; ``ground`` fills what lies behind the words. For words that stay: new ones at
    each painting are better drawn at once."""
    room = box.width()
    if not text or room <= 0:
        return 0.0
    _follow_theme()
    ratio = painter.device().devicePixelRatioF()
    key = (text, role, tabular, weight, int(room), color.rgba(), ratio, ground is None)
    word = _words.get(key)
    if word is None:
        if len(_words) >= _WORDS_MOST:
            _words.clear()
        inks = color, ground
        word = _words[key] = _write(
            text, room, inks, role, tabular=tabular, weight=weight, ratio=ratio
        )
    left = box.left()
    if align == RIGHT:
        left += room - word.width
    elif align == CENTER:
        left += (room - word.width) / 2
    top = box.top() + (box.height() - word.height) / 2
    # On the screen's pixels, so that it stays sharp.
    place = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
    painter.drawPixmap(place, word.picture)
    return word.width


def _write(
    text: str,
    room: float,
    inks: tuple[QColor, QColor | None],
    role: Role,
    *,
    tabular: bool,
    weight: int,
    ratio: float,
) -> _Word:
    dress = theme()
    metrics = dress.metrics(role, tabular=tabular, weight=weight)
    width = metrics.horizontalAdvance(text)
    if width > room + 0.5:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text)
    height = metrics.height()
    picture = _blank(int(width) + 3, int(height) + 1, ratio, inks[1])
    painter = QPainter(picture)
    painter.setFont(dress.font(role, tabular=tabular, weight=weight))
    painter.setPen(inks[0])
    painter.drawText(QPointF(0, metrics.ascent()), text)
    painter.end()
    return _Word(picture, width, height)


def dashed(
    painter: QPainter, left: float, right: float, y: float, dashes: tuple[int, int], color: QColor
) -> None:
    """A line of dashes across, one pixel high: so long drawn, so long not, px at 100 %."""
    _follow_theme()
    ratio = painter.device().devicePixelRatioF()
    key = (dashes, color.rgba(), ratio)
    strip = _strips.get(key)
    if strip is None:
        if len(_strips) >= _DASHES_MOST:
            _strips.clear()
        strip = _strips[key] = _blank(_STRIP, 1, ratio)
        inner = QPainter(strip)
        for start in range(0, _STRIP, sum(dashes)):
            inner.fillRect(start, 0, dashes[0], 1, color)
        inner.end()
    painter.drawTiledPixmap(QRectF(left, y, right - left, 1), strip)


def card(painter: QPainter, width: int, height: int) -> None:
    """Paint the ground of a card of this size at the painter's origin."""
    _follow_theme()

    def ground(inner: QPainter) -> None:
        px, color = theme().px, theme().color
        box = QRectF(0, 0, width, height)
        inner.fillRect(box, color.window)
        draw_box(inner, box, fill=color.panel, line=color.hair, radius=px(6))

    painter.drawPixmap(0, 0, kept(painter, ("card",), width, height, ground))


def kept(
    painter: QPainter,
    key: tuple[Any, ...],
    width: int,
    height: int,
    paint: Callable[[QPainter], None],
) -> QPixmap:
    """The picture of this key and size (px), painted at its first use; several charts share it."""
    _follow_theme()
    ratio = painter.device().devicePixelRatioF()
    whole = (*key, width, height, ratio)
    picture = _pictures.get(whole)
    if picture is None:
        if len(_pictures) >= _PICTURES_MOST:
            _pictures.clear()
        picture = _pictures[whole] = _blank(width, height, ratio)
        inner = QPainter(picture)
        paint(inner)
        inner.end()
    return picture


def _blank(width: int, height: int, ratio: float, color: QColor | None = None) -> QPixmap:
    found = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
    found.setDevicePixelRatio(ratio)
    found.fill(Qt.GlobalColor.transparent if color is None else color)
    return found


def _follow_theme() -> None:
    """Forget what was drawn for another theme or zoom."""
    if not _of or _of[0] is not theme():
        _of[:] = [theme()]
        for store in (_words, _pictures, _strips):
            store.clear()
