"""What stands in the lines of heartbeats, loop tests and people, and how such a line is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QRectF

from crisisdesk.desk.frame.line_list import LineDelegate
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.heartbeat import State
from crisisdesk.domain.loop_test import LoopLine, Proof, loop_words
from crisisdesk.domain.reachability import Audited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter


class Line(NamedTuple):
    """One line: its key, mark, tone ("critical", "stale", "ok" or ""), name, state in a word, and
    what stands below."""

    key: str
    icon: str
    tone: str
    name: str
    state: str
    below: str


_BEATS: dict[str, tuple[str, str]] = {
    State.MISSING: ("circle-x", "critical"),
    State.LATE: ("clock-alert", "stale"),
    State.UNSURE: ("circle-help", "stale"),
    State.NEW: ("circle-help", ""),
    State.WELL: ("circle-check", "ok"),
    State.PAUSED: ("minus", ""),
}
_PROOFS: dict[Proof, tuple[str, str]] = {
    Proof.BROKEN: ("circle-x", "critical"),
    Proof.GONE: ("circle-x", "stale"),
    Proof.WAITING: ("hourglass", ""),
    Proof.NONE: ("circle-help", ""),
    Proof.SENT: ("check", "ok"),
    Proof.ARRIVED: ("circle-check", "ok"),
}


def beat_lines(told: Sequence[dict[str, Any]]) -> list[Line]:
    """The heartbeats as the engine told them, those that want somebody first, then by name."""
    order = list(_BEATS)
    found = sorted(told, key=lambda one: (order.index(one["state"]), one["name"]))
    return [_beat_line(one) for one in found]


def _beat_line(one: dict[str, Any]) -> Line:
    icon, tone = _BEATS[one["state"]]
    every, grace = span_words(one["every_s"] * 1000), span_words(one["grace_s"] * 1000)
    last = one["last_beat_at"]
    heard = "never beaten" if last is None else f"last beat {last[:10]} {last[11:19]} UTC"
    below = f"{heard}; every {every}, grace {grace}; {one['severity']}"
    return Line(one["heartbeat_id"], icon, tone, one["name"], one["state"], below)


def beats_words(lines: Sequence[Line]) -> str:
    """How many are missing and late, for the head of the list."""
    parts = [
        f"{number} {state}"
        for state in (State.MISSING, State.LATE, State.UNSURE)
        if (number := sum(line.state == state for line in lines))
    ]
    return ", ".join(parts) or (
        f"{len(lines)} and none missing" if lines else "none yet; A adds one"
    )


def loop_line(one: LoopLine, now_ms: int) -> Line:
    """A loop test."""
    icon, tone = _PROOFS[one.proof]
    often = f"every {span_words(one.target.every_ms)} to {one.contact_name} {one.masked}"
    below = f"{loop_words(one, now_ms)}; {often}"
    return Line(one.target.method_id, icon, tone, one.name or "gone", str(one.proof), below)


def person_line(one: Audited) -> Line:
    """A contact of the audit."""
    icon, tone = ("circle-check", "ok") if one.is_proven else ("phone-off", "stale")
    state = "proven" if one.is_proven else "not proven"
    below = "; ".join(one.findings) or "nothing stands against it"
    return Line(one.contact_id, icon, tone, one.name, state, below)


def spoken_line(line: Line) -> str:
    """A line for a screen reader."""
    return f"{line.name}, {line.state}, {line.below}"


class WatchDelegate(LineDelegate[Line]):
    """Mark, name and state; below what is known."""

    height = 46

    def paint_line(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        """Two lines of words."""
        px, color = theme().px, theme().color
        ink = ink_color(line.tone) if line.tone else color.secondary
        if line.tone == "critical":
            solid = theme().severity("critical").solid
            fill(painter, rect.x(), rect.y(), px(3), rect.height() - 1, solid)
        top, tall = rect.y() + px(5), px(19)
        draw_icon(painter, px(12), top + px(2), line.icon, ink, 14)
        right = rect.right() - px(12)
        box = QRectF(right - px(130), top, px(130), tall)
        loud = line.tone in ("critical", "stale")
        weight = 600 if loud else 500
        draw_text(painter, box, line.state, ink, "body", weight=weight, align=RIGHT)
        name = QRectF(px(36), top, max(0.0, box.x() - px(44)), tall)
        draw_text(painter, name, line.name, color.primary, "body", weight=600)
        below = QRectF(px(36), top + tall - px(1), max(0.0, right - px(36)), px(18))
        draw_text(painter, below, line.below, color.tertiary, "small")
