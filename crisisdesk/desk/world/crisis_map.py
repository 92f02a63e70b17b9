"""The map of an incident's places: land, and at each place a shape and a word for how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.world.data import land
from crisisdesk.desk.world.projection import Projection, fit, place_labels
from crisisdesk.domain.geography.standing import PlaceStanding, PlaceState, hurt, unplaced

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

_HEIGHT, _AWAY, _LINE = 168, 8, 14
_NONE = "No region is known of its services."


class CrisisMap(Painted):
    """Shows as much of the world as holds the places; the hurt ones are labelled first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places: tuple[PlaceStanding, ...] = ()
        self._land: tuple[Projection, QPainterPath] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.show_places(())

    def show_places(self, places: tuple[PlaceStanding, ...]) -> None:
        """Take the places as they stand, the worst first."""
        self.places = places
        told = ", ".join(one.words for one in hurt(places)) or "all is well"
        self.setAccessibleName(f"Map: {told if places else _NONE}")
        self.setToolTip("\n".join(one.words for one in places))
        self.update()

    def sizeHint(self) -> QSize:
        """A band below the other facts."""
        return QSize(theme().px(300), theme().px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """No window has to stay large for it."""
        return QSize(0, 0)

    def paint(self, painter: QPainter) -> None:
        """Sea, land, places, labels."""
        color, px = theme().color, theme().px
        fill(painter, 0, 0, self.width(), self.height(), color.window)
        shown = [one for one in self.places if one.place is not None]
        projection = fit(
            [(p.place.latitude, p.place.longitude) for p in shown if p.place is not None],
            self.width(),
            self.height(),
        )
        self._paint_land(painter, projection)
        if not self.places:
            # On a strip of its own: coasts would run through the words.
            fill(painter, 0, 0, self.width(), px(26), color.panel)
            box = QRectF(px(12), px(4), self.width() - px(24), px(18))
            draw_text(painter, box, _NONE, color.tertiary, "small")
        self._paint_places(painter, projection, shown)
        if lost := unplaced(self.places):
            box = QRectF(px(12), self.height() - px(20), self.width() - px(24), px(16))
            words = f"not on the map: {', '.join(lost)}"
            draw_text(painter, box, words, color.tertiary, "micro")

    def _paint_land(self, painter: QPainter, projection: Projection) -> None:
        if self._land is None or self._land[0] != projection:
            path = QPainterPath()
            path.setFillRule(Qt.FillRule.OddEvenFill)
            for ring in land():
                # A world that is cut at its back shows on both sides of the cut.
                for turn in (-360.0, 0.0, 360.0):
                    path.addPolygon(
                        QPolygonF(
                            [QPointF(*projection.point(lat, lon + turn)) for lat, lon in ring]
                        )
                    )
            self._land = projection, path
        color = theme().color
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect())
        painter.setPen(QPen(color.strong, 1))
        painter.setBrush(color.raised)
        painter.drawPath(self._land[1])
        painter.restore()

    def _paint_places(
        self, painter: QPainter, projection: Projection, shown: list[PlaceStanding]
    ) -> None:
        px, look = theme().px, theme()
        points = []
        for one in shown:
            assert one.place is not None
            x, y = projection.point(one.place.latitude, one.place.longitude)
            points.append((x, y, look.width(_label(one), "small", weight=600) + px(2)))
        bottom = px(20) if unplaced(self.places) else 0
        room = (px(4), px(2), self.width() - px(8), self.height() - px(4) - bottom)
        boxes = place_labels(points, px(_LINE), px(_AWAY), room)
        # The worst are drawn last, over those that are well.
        for one, (x, y, _), box in reversed(list(zip(shown, points, boxes, strict=True))):
            ink = _ink(one.state)
            _draw_mark(painter, one.state, x, y, px(6), ink)
            if box is not None:
                well = one.state == PlaceState.WELL
                words = theme().color.secondary if well else ink
                draw_text(painter, QRectF(*box), _label(one), words, "small", weight=600)


def _label(one: PlaceStanding) -> str:
    return one.region if one.state == PlaceState.WELL else f"{one.region} {one.state}"


def _ink(state: PlaceState) -> QColor:
    if state == PlaceState.WELL:
        return theme().state("ok").fg
    return theme().severity("critical" if state == PlaceState.OUT else "high").fg


def _draw_mark(
    painter: QPainter, state: PlaceState, x: float, y: float, size: float, ink: QColor
) -> None:
    """A disc with a bar where something is out, a triangle where it reaches, a ring where all is
    well."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if state == PlaceState.OUT:
        painter.drawEllipse(QPointF(x, y), size, size)
        bar = QRectF(x - size * 0.55, y - size * 0.18, size * 1.1, size * 0.36)
        painter.fillRect(bar, theme().color.window)
    elif state == PlaceState.REACHED:
        painter.drawPolygon(
            [
                QPointF(x, y - size),
                QPointF(x + size, y + size * 0.8),
                QPointF(x - size, y + size * 0.8),
            ]
        )
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, max(1.5, size / 3)))
        painter.drawEllipse(QPointF(x, y), size * 0.75, size * 0.75)
    painter.restore()
