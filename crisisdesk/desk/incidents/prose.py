"""Wrapped text in the desk's type: segments in several styles, measured once per width."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTextCharFormat, QTextLayout, QTextOption

from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QPainter

    from crisisdesk.domain.told import Segment


class Prose(NamedTuple):
    """Laid-out text: its height in pixels and how far its last line reaches."""

    layout: QTextLayout
    height: float
    last_top: float
    last_width: float

    def draw(self, painter: QPainter, x: float, y: float, color: QColor) -> None:
        """Paint with the top left corner at x, y; ``color`` is for what has none of its own."""
        painter.setPen(color)
        self.layout.draw(painter, QPointF(x, y))


def _lay(text: str, role: Role, width: float, formats: list[QTextLayout.FormatRange]) -> Prose:
    look = theme()
    layout = QTextLayout(text.replace("\n", "\u2028"), look.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.setCacheEnabled(True)
    step, top, reach = look.line(role), 0.0, 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, top + (step - line.height()) / 2))
        reach = line.naturalTextWidth()
        top += step
    layout.endLayout()
    return Prose(layout=layout, height=top, last_top=max(0.0, top - step), last_width=reach)


def lay_text(text: str, role: Role, width: float) -> Prose:
    """Plain text in one step of the scale."""
    return _lay(text, role, width, [])


def lay_segments(segments: Sequence[Segment], width: float, role: Role = "body") -> Prose:
    """Timeline words: strong is 600, mono is the id face, worse takes the colour of high."""
    look, formats, at = theme(), [], 0
    for segment in segments:
        if segment.style != "plain":
            style = QTextCharFormat()
            if segment.style == "mono":
                style.setFont(look.mono(12 if role == "body" else 11))
            else:
                style.setFont(look.font(role, weight=600))
            if segment.style == "worse":
                style.setForeground(look.severity("high").fg)
            span = QTextLayout.FormatRange()
            span.start, span.length, span.format = at, len(segment.text), style
            formats.append(span)
        at += len(segment.text)
    return _lay("".join(segment.text for segment in segments), role, width, formats)
