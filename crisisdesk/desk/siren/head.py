"""The head of the siren: what is wrong, since when, and how late it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.banner import clock_face
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.countdown import countdown
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from datetime import tzinfo

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.siren.dossier import Dossier

TITLE = "Nobody has been reached"
_HEIGHT, _MARK, _PAD, _NARROW = 104, 48, 32, 880


class SirenHead(Painted):
    """A solid block in the colour of emergencies."""

    def __init__(self, parent: QWidget | None = None, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._dossier: Dossier | None = None
        self._others = 0
        self._late = self._clocks = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as its three lines."""
        return QSize(0, theme().px(_HEIGHT))

    def show_dossier(self, dossier: Dossier, others: int, now_ms: int) -> None:
        """Take an alert and how many others are unreached as well."""
        self._dossier, self._others = dossier, others
        self._late = ""
        self.set_now(now_ms)

    def set_now(self, now_ms: int) -> None:
        """Turn the clocks; repaints only when the second has changed."""
        if self._dossier is None:
            return
        late = countdown(deadline_ms=self._dossier.since_ms, now_ms=now_ms, total_ms=0)
        face = clock_face(now_ms, self._zone)
        local = "" if face.zone == "UTC" else f", {face.local} {face.zone}"
        clocks = f"{face.utc} UTC{local}"
        if (late.text, clocks) != (self._late, self._clocks):
            self._late, self._clocks = late.text, clocks
            self.setAccessibleName(f"{TITLE}. {self.subject()}. {self.tried()} {late.spoken}.")
            self.update()

    def subject(self) -> str:
        """Severity and alert, and how many more there are."""
        if self._dossier is None:
            return ""
        return f"{self._dossier.severity.capitalize()}, {self._dossier.name}{self.more()}"

    def more(self) -> str:
        """How many other alerts are unreached, "" for none."""
        return f", and {self._others} more" if self._others else ""

    def tried(self) -> str:
        """What was tried, as a sentence."""
        words = self._dossier.tried if self._dossier is not None else ""
        return words[:1].upper() + words[1:]

    def paint(self, painter: QPainter) -> None:
        """Mark, three lines, and how late it is on the right."""
        look = theme()
        tone, px = look.severity("emergency"), look.px
        width, height = float(self.width()), float(self.height())
        fill(painter, 0, 0, width, height, tone.solid)
        narrow = width < px(_NARROW)
        x = float(px(16))
        role: Role = "figure" if narrow else "display"
        if not narrow:
            draw_mark(painter, px(_PAD), (height - px(_MARK)) / 2, "emergency", "filled", _MARK,
                      tone.on)  # fmt: skip
            x = float(px(_PAD + _MARK + 18))
        right = width - px(16 if narrow else _PAD)
        late = look.width(self._late, role, tabular=True)
        clocks = look.width(self._clocks, "body", tabular=True, weight=500)
        aside = max(late, 0 if narrow else clocks) + px(16)
        line = px(46)
        box = QRectF(x, px(10), right - x - late - px(16), line)
        draw_text(painter, box, TITLE, tone.on, role)
        box = QRectF(right - late - 1, px(10), late + 1, line)
        draw_text(painter, box, self._late, tone.on, role, align=RIGHT, tabular=True)
        middle = QRectF(x, px(57), right - x - (0 if narrow else aside), px(20))
        more = self.more()
        tail = look.width(more, "lead", weight=600) + 1 if more else 0
        subject = self.subject().removesuffix(more)
        # A long title gives way, the number of the others does not.
        used = draw_text(
            painter, middle.adjusted(0, 0, -tail, 0), subject, tone.on, "lead", weight=600
        )
        draw_text(painter, middle.adjusted(used, 0, 0, 0), more, tone.on, "lead", weight=600)
        below = QRectF(x, px(78), right - x - (0 if narrow else aside), px(18))
        draw_text(painter, below, self.tried(), tone.on, "body", weight=500)
        if not narrow:
            box = QRectF(right - clocks - 1, px(57), clocks + 1, px(20))
            draw_text(painter, box, self._clocks, tone.on, "body", align=RIGHT, tabular=True,
                      weight=500)  # fmt: skip
