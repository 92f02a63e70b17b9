"""Keeps the impact pane true: reads it when the incident changed, and as its clocks go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.impact_pane import ImpactFace, read_face
from crisisdesk.desk.incidents.incident_asking import IncidentAsking

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.impact_pane import ImpactPane
    from crisisdesk.desk.room import Desk

# What was promised is told in minutes; reading it looks through a year of incidents.
EVERY_MS = 10_000


class ImpactWatch(IncidentAsking[ImpactFace | None]):
    """What the incident in view does to others."""

    def __init__(self, desk: Desk, pane: ImpactPane) -> None:
        super().__init__(
            desk, EVERY_MS, read_face, pane.show_face, clear=lambda: pane.show_face(None)
        )
