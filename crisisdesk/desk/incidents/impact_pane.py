"""What the incident does to others: promised availability as bars, and its places on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.incidents.objective_row import SHOWN as OBJECTIVES_SHOWN
from crisisdesk.desk.incidents.objective_row import ObjectiveRow, read_objectives
from crisisdesk.desk.look.paint import RIGHT, draw_box, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.world.crisis_map import CrisisMap
from crisisdesk.desk.world.data import gazetteer
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.context.sla_impact import IncidentImpact, SlaImpact, percent_words, sla_words
from crisisdesk.domain.geography.standing import PlaceStanding, hurt, places_of
from crisisdesk.store.queries.incident_impact import read_impact

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.look.theme import Tone
    from crisisdesk.domain.recovery.objective import Standing
    from crisisdesk.store.queries import StationReader

# More promises than these are counted in the head.
SHOWN = 3
_ROW = 34
_NEAR_PERCENT = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactFace:
    """What the pane shows, as of ``at_ms``."""

    found: IncidentImpact
    places: tuple[PlaceStanding, ...]
    at_ms: int
    objectives: tuple[Standing, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        placed = bool(self.found.impact.services and self.places)
        return placed or bool(self.found.promises or self.objectives)


def read_face(
    reader: StationReader, incident_id: str, viewer: str, now_ms: int
) -> ImpactFace | None:
    """What is known now; None when there is no such incident, or it is not for the viewer."""
    incident = reader.incident(incident_id)
    if incident is None or not incident.may_see(viewer):
        return None
    found = read_impact(reader, incident_id, now_ms)
    if found is None:
        return None
    catalogue = reader.services().catalogue
    places = places_of(found.impact, catalogue, gazetteer(catalogue.places))
    objectives = read_objectives(reader, incident_id, now_ms)
    return ImpactFace(found=found, places=places, at_ms=now_ms, objectives=objectives)


def head_words(face: ImpactFace) -> tuple[str, str]:
    """``3 services, 2 of 5 places`` and what is broken."""
    many = len(face.found.impact.services)
    told = f"{many} service{'' if many == 1 else 's'}" if many or face.found.promises else ""
    if face.places:
        told += f", {len(hurt(face.places))} of {len(face.places)} places"
    broken = sum(one.is_breached for one in face.found.promises)
    more = len(face.found.promises) - SHOWN
    right = [f"{broken} broken"] if broken else []
    right += [f"{more} more"] if more > 0 else []
    return told, ", ".join(right)


class _Promise(Painted):
    """One promise: how much of its error budget is spent, and when it breaks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._impact: SlaImpact | None = None
        self._now = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_promise(self, impact: SlaImpact, now_ms: int) -> None:
        self._impact, self._now = impact, now_ms
        words = sla_words(impact, now_ms)
        self.setAccessibleName(f"Promised: {words}")
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(280), theme().px(_ROW))

    def paint(self, painter: QPainter) -> None:
        if self._impact is None:
            return
        one, color, px = self._impact, theme().color, theme().px
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        tone = _tone(one)
        left, width = px(12), self.width() - px(24)
        line = QRectF(left, px(4), width, px(16))
        words = _state_words(one, self._now)
        ink = color.secondary if tone is None else tone.fg
        used = draw_text(painter, line, words, ink, "small", align=RIGHT, tabular=True, weight=600)
        line.setWidth(width - used - px(8))
        name = draw_text(painter, line, one.service, color.primary, "small", weight=600)
        line.setLeft(left + name + px(6))
        promise = f"{percent_words(one.target_ppm)} in {span_words(one.window_ms)}"
        draw_text(painter, line, promise, color.tertiary, "small", tabular=True)
        bar = QRectF(left, px(23), width, px(5))
        draw_box(painter, bar, fill=color.hover, radius=px(2))
        bar.setWidth(width * min(100, one.spent_percent) / 100)
        draw_box(painter, bar, fill=color.accent if tone is None else tone.fg, radius=px(2))


def _tone(one: SlaImpact) -> Tone | None:
    if one.is_breached:
        return theme().severity("critical")
    return theme().severity("high") if one.spent_percent >= _NEAR_PERCENT else None


def _state_words(one: SlaImpact, now_ms: int) -> str:
    if one.is_breached:
        return f"broken, {span_words(-one.left_ms)} over"
    if one.breaches_at is not None:
        return f"{one.spent_percent} % spent, broken in {span_words(one.breaches_at - now_ms)}"
    return f"{one.spent_percent} % spent"


class ImpactPane(QWidget):
    """Hidden while nothing is known. The map shows where the page is tall enough for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face: ImpactFace | None = None
        self.head = PaneHead("Impact")
        self.objectives = [ObjectiveRow() for _ in range(OBJECTIVES_SHOWN)]
        self.rows = [_Promise() for _ in range(SHOWN)]
        self.map = CrisisMap()
        self._tall = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.head, *self.objectives, *self.rows, self.map):
            layout.addWidget(widget)
        self.setVisible(False)

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return self.face is not None and self.face.is_known

    def show_face(self, face: ImpactFace | None) -> None:
        """Take what is known; None hides it."""
        self.face = face
        self.setVisible(self.is_known)
        if face is None or not self.is_known:
            return
        self.head.show_words("Impact", *head_words(face))
        for at, clock in enumerate(self.objectives):
            clock.setVisible(at < len(face.objectives))
            if at < len(face.objectives):
                clock.show_objective(face.objectives[at], face.at_ms)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(face.found.promises))
            if at < len(face.found.promises):
                row.show_promise(face.found.promises[at], face.at_ms)
        self.map.show_places(face.places)
        self._fit_map()

    def set_tall(self, tall: bool) -> None:
        """Whether there is room for the map."""
        self._tall = tall
        self._fit_map()

    def _fit_map(self) -> None:
        placed = self.face is not None and any(p.place is not None for p in self.face.places)
        self.map.setVisible(self._tall and placed)
