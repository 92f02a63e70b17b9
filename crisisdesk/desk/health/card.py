"""The head and the foot of a chart's card: name and value, freshness and verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.health.lettering import letter
from crisisdesk.desk.health.raised import open_now
from crisisdesk.desk.health.words import value_words
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from crisisdesk.desk.health.reading import Charted
    from crisisdesk.desk.health.words import Fresh

_PAD, _LINE, _SMALL = 12, 22, 16
# So much of the foot the verdict may take.
_VERDICT_SHARE = 0.7


def value_of(shown: Charted, fresh: Fresh) -> str:
    """The newest value in words; what is silent has none now: its last one is on the line."""
    if shown.newest_ms is None:
        return ""
    return "?" if fresh.tone == "down" else value_words(shown.value)


def paint_head(painter: QPainter, shown: Charted, fresh: Fresh, width: int) -> None:
    """The mark of an open alert, the name of the series, and its value."""
    px, color = theme().px, theme().color
    value, left, right = value_of(shown, fresh), px(_PAD), width - px(_PAD)
    standing = open_now(shown.over.spells)
    if standing is not None:
        draw_mark(painter, left, px(8), standing.severity, "filled", 14)
        left += px(20)
    wide = theme().width(value, "lead", tabular=True, weight=600) + px(8)
    name = QRectF(left, px(4), right - wide - left, px(_LINE))
    letter(painter, name, str(shown.series), color.primary, "body", weight=600)
    ink = color.primary if fresh.tone == "ok" else ink_color(fresh.tone)
    box = QRectF(right - wide, px(4), wide, px(_LINE))
    draw_text(painter, box, value, ink, "lead", align=RIGHT, tabular=True, weight=600)


def paint_foot(painter: QPainter, shown: Charted, fresh: Fresh, width: int, top: int) -> None:
    """How fresh it is and from where, and how it stands."""
    px, color, said = theme().px, theme().color, shown.verdict
    draw_icon(painter, px(_PAD), round(top + px(1)), fresh.icon, ink_color(fresh.tone), 14)
    left, right = px(_PAD + 18), width - px(_PAD)
    weight = 400 if said.tone == "ok" else 600
    wide = theme().width(said.words, "micro", weight=weight) + px(2)
    wide = min(wide, (right - left) * _VERDICT_SHARE)
    words = f"{fresh.words} · {shown.series.source_id}"
    tone = color.tertiary if fresh.tone == "ok" else ink_color(fresh.tone)
    box = QRectF(left, top, max(0.0, right - wide - left - px(_PAD)), px(_SMALL))
    letter(painter, box, words, tone)
    box = QRectF(right - wide, top, wide, px(_SMALL))
    letter(painter, box, said.words, _verdict_ink(said.tone), align=RIGHT, weight=weight)


def _verdict_ink(tone: str) -> QColor:
    if tone == "ok":
        return theme().color.tertiary
    return theme().token("chart.warn") if tone == "near" else ink_color(tone)
