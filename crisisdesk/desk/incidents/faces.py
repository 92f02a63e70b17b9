"""The faces of incidents: which mark and word a severity takes, and the words of a status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import draw_text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.incident import DONE_STATUSES
from crisisdesk.domain.severity import IncidentSeverity

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.look.marks import MarkState

# An incident has four severities and alerts have five: the lowest alert mark stays unused.
MARK_OF: dict[str, str] = {
    IncidentSeverity.MINOR: "medium",
    IncidentSeverity.MAJOR: "high",
    IncidentSeverity.CRITICAL: "critical",
    IncidentSeverity.EMERGENCY: "emergency",
}
WORD_OF: dict[str, str] = {
    IncidentSeverity.MINOR: "MINOR",
    IncidentSeverity.MAJOR: "MAJOR",
    IncidentSeverity.CRITICAL: "CRIT",
    IncidentSeverity.EMERGENCY: "EMER",
}
SEVERITIES: tuple[str, ...] = tuple(IncidentSeverity)


def severity_name(rank: int) -> str:
    """The incident severity of a rank 1 to 4."""
    return SEVERITIES[rank - 1]


def incident_mark_state(status: str) -> MarkState:
    """Filled while it is led, an outline once it has ended."""
    return "outline" if status in DONE_STATUSES else "filled"


def draw_incident_mark(
    painter: QPainter, x: float, y: float, severity: str, status: str, size: int = 16
) -> None:
    """The mark of an incident; an ended one goes grey."""
    color = theme().color.tertiary if status in DONE_STATUSES else None
    draw_mark(painter, x, y, MARK_OF[severity], incident_mark_state(status), size, color)


def draw_severity_word(painter: QPainter, rect: QRectF, severity: str, status: str) -> None:
    """The short word beside the mark."""
    color = theme().severity(MARK_OF[severity]).fg
    if status in DONE_STATUSES:
        color = theme().color.tertiary
    draw_text(painter, rect, WORD_OF[severity], color, "micro", weight=600)


def alert_mark_state(alert: Alert) -> MarkState:
    """Filled means nobody has it."""
    if not alert.is_open:
        return "outline"
    return "acked" if alert.owner else "filled"


def alert_words(alert: Alert, *, short: bool = False) -> str:
    """How an attached alert stands: firing, acked by whom (``short``: by initials), resolved."""
    if not alert.is_open:
        return alert.status
    owner = initials(alert.owner) if short else alert.owner
    return f"acked, {owner}" if alert.owner else "firing"


def initials(name: str) -> str:
    """Two letters for a name: ``KL`` for Klára Langová."""
    words = name.split()
    if not words:
        return ""
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])).upper()
