"""Short words that are painted again and again: laid out once, and kept while the theme stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPixmap, QStaticText

from crisisdesk.desk.look.paint import LEFT, draw_box
from crisisdesk.desk.look.theme import Role, look, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from crisisdesk.desk.look.theme import Theme

# Twelve charts have some hundreds of different words and one or two sizes of cards.
_WORDS_MOST, _CARDS_MOST = 2_000, 8


class _Laid(NamedTuple):
    text: QStaticText
    width: float
    height: float


_words: dict[tuple[str, Role, bool, int, int], _Laid] = {}
_cards: dict[tuple[int, int, float], QPixmap] = {}
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
) -> None:
    """Write one line into a box as `draw_text` does: in the middle of its height, elided."""
    if not text or box.width() <= 0:
        return
    _follow_theme()
    key = (text, role, tabular, weight, int(box.width()))
    laid = _words.get(key)
    if laid is None:
        if len(_words) >= _WORDS_MOST:
            _words.clear()
        laid = _words[key] = _lay(text, box.width(), role, tabular=tabular, weight=weight)
    left = box.left()
    if align & Qt.AlignmentFlag.AlignRight:
        left = box.right() - laid.width
    elif align & Qt.AlignmentFlag.AlignHCenter:
        left = box.center().x() - laid.width / 2
    painter.setFont(theme().font(role, tabular=tabular, weight=weight))
    painter.setPen(color)
    top = box.top() + (box.height() - laid.height) / 2
    painter.drawStaticText(QPointF(round(left), round(top)), laid.text)


def _lay(text: str, width: float, role: Role, *, tabular: bool, weight: int) -> _Laid:
    metrics = theme().metrics(role, tabular=tabular, weight=weight)
    wide = metrics.horizontalAdvance(text)
    if wide > width + 0.5:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        wide = metrics.horizontalAdvance(text)
    laid = QStaticText(text)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    laid.prepare(font=theme().font(role, tabular=tabular, weight=weight))
    return _Laid(laid, wide, metrics.height())


def card(painter: QPainter, width: int, height: int) -> None:
    """Paint the ground of a card of this size at the painter's origin."""
    _follow_theme()
    ratio = painter.device().devicePixelRatioF()
    key = (width, height, ratio)
    ground = _cards.get(key)
    if ground is None:
        if len(_cards) >= _CARDS_MOST:
            _cards.clear()
        ground = _cards[key] = _ground(width, height, ratio)
    painter.drawPixmap(0, 0, ground)


def _ground(width: int, height: int, ratio: float) -> QPixmap:
    from PySide6.QtGui import QPainter

    px, color = theme().px, theme().color
    found = QPixmap(round(width * ratio), round(height * ratio))
    found.setDevicePixelRatio(ratio)
    found.fill(color.window)
    inner = QPainter(found)
    box = QRectF(0, 0, width, height)
    draw_box(inner, box, fill=color.panel, line=color.hair, radius=px(6))
    inner.end()
    return found


def _follow_theme() -> None:
    """Forget what was laid out for another theme or zoom."""
    if not _of or _of[0] is not look().theme:
        _of[:] = [look().theme]
        _words.clear()
        _cards.clear()
