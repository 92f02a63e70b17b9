"""By when an incident is to be recovered: the objectives of its runs, each with its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.times import utc_minute
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.recovery.objective import PROCEDURE, Standing, standings, words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.store.queries import StationReader

# More runs than these are not shown: the ones under way stand first.
SHOWN = 2
# Amber from here on: the last quarter of the time.
_NEAR = 4
_ROW = 40


def read_objectives(reader: StationReader, incident_id: str, now_ms: int) -> tuple[Standing, ...]:
    """Those of the incident's runs, under way first."""
    return tuple(standings(reader.runs(incident_id=incident_id, every=True), now_ms)[:SHOWN])


def face_of(one: Standing, now_ms: int) -> tuple[str, str]:
    """(icon, tone) of how it stands; the last quarter of the time is amber."""
    if one.state == "missed":
        return "clock-alert", "down"
    if one.state == "met":
        return "circle-check", "ok"
    if one.state == "left":
        return "circle-x", "high"
    return "timer", "high" if (one.by - now_ms) * _NEAR <= one.within_ms else ""


def second_words(one: Standing) -> str:
    """Whose objective it is."""
    whose = one.title if one.of == PROCEDURE else f"{one.title}, for {one.of}"
    return f"{whose} · within {span_words(one.within_ms)}"


class ObjectiveRow(Painted):
    """One objective; ``show_objective`` again turns its clock."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one: Standing | None = None
        self._now = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_objective(self, one: Standing, now_ms: int) -> None:
        """Take it as it is now."""
        self._one, self._now = one, now_ms
        told = f"Recovered by {utc_minute(one.by)} UTC: {words(one, now_ms)}, {second_words(one)}"
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(theme().px(280), theme().px(_ROW))

    def paint(self, painter: QPainter) -> None:
        """Icon, moment, time left, and below whose it is."""
        if self._one is None:
            return
        one, color, px = self._one, theme().color, theme().px
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
        icon, tone = face_of(one, self._now)
        ink = color.secondary
        if tone in ("down", "ok"):
            ink = theme().state(tone).fg
        elif tone:
            ink = theme().severity(tone).fg
        draw_icon(painter, px(12), px(5), icon, ink, 16)
        line = QRectF(px(34), px(4), self.width() - px(46), px(17))
        left = words(one, self._now)
        used = draw_text(painter, line, left, ink, "small", align=RIGHT, tabular=True, weight=600)
        line.setWidth(max(0.0, line.width() - used - px(8)))
        told = f"Recovered by {utc_minute(one.by)} UTC"
        draw_text(painter, line, told, color.primary, "small", weight=600, tabular=True)
        below = QRectF(px(34), px(21), self.width() - px(46), px(15))
        draw_text(painter, below, second_words(one), color.tertiary, "micro")
