"""Who leads, who speaks, who helps: the roles of an incident, each named in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import InPlace, RefusalWords
from crisisdesk.desk.incidents.faces import initials
from crisisdesk.desk.incidents.role_lines import role_lines, strain_lines
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import CENTER, RIGHT, draw_box, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.playbook.content import Role as PlannedRole

_ROW = 40


class Seat(NamedTuple):
    """One role: who sits there, a quiet word at the right, and what is wrong with it."""

    word: str
    names: tuple[str, ...] = ()
    aside: str = ""
    trouble: str = ""


class Role(InPlace):
    """A badge with initials, the role's word, the name."""

    def __init__(self, field: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self.seat = Seat(name)
        self.setAccessibleName(f"{name}: nobody")

    def show_seat(self, seat: Seat) -> None:
        """Take who sits there now."""
        if seat != self.seat:
            self.seat = seat
            held = ", ".join(seat.names) or "nobody"
            parts = (f"{seat.word}: {held}", seat.trouble or seat.aside)
            self.setAccessibleName(". ".join(part for part in parts if part))
            self.update()

    def start_text(self) -> str:
        """The names, parted by commas."""
        return ", ".join(self.seat.names)

    def editor_box(self) -> QRect:
        """Right of the badge."""
        px = theme().px
        return QRect(px(48), px(6), max(px(120), self.width() - px(60)), px(28))

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(theme().px(200), theme().px(_ROW))

    def paint(self, painter: QPainter) -> None:
        """Badge, word, name; what is wrong at the right."""
        look, seat = theme(), self.seat
        px, color = look.px, look.color
        width = self.width()
        if self.underMouse() and not self.is_editing():
            painter.fillRect(self.rect(), color.hover)
        fill(painter, 0, self.height() - 1, width, 1, color.hair)
        self._badge(painter, QRectF(px(12), px(7), px(26), px(26)))
        if self.is_editing():
            return
        right = QRectF(width * 0.45, px(5), width * 0.55 - px(12), px(14))
        words, ink = seat.aside, color.tertiary
        if seat.trouble:
            words, ink = seat.trouble, look.state("stale").fg
        used = draw_text(painter, right, words, ink, "micro", align=RIGHT, tabular=True)
        room = width - px(60) - used - px(8)
        draw_text(painter, QRectF(px(48), px(5), room, px(14)), seat.word, color.tertiary, "micro")
        box = QRectF(px(48), px(18), width - px(60), px(18))
        draw_text(painter, box, ", ".join(seat.names) or "nobody", color.primary, "strong")

    def _badge(self, painter: QPainter, box: QRectF) -> None:
        look, seat = theme(), self.seat
        px, color = look.px, look.color
        if not seat.names:
            painter.setPen(QPen(color.control, 1, Qt.PenStyle.DashLine))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
            draw_icon(painter, box.x() + px(6), box.y() + px(6), "user", color.tertiary, 14)
            return
        draw_box(painter, box, fill=color.raised, line=color.strong, radius=px(4))
        if len(seat.names) > 1:
            draw_icon(painter, box.x() + px(6), box.y() + px(6), "users", color.secondary, 14)
        else:
            draw_text(
                painter, box, initials(seat.names[0]), color.secondary, "micro", align=CENTER,
                weight=600,
            )  # fmt: skip


def split_names(text: str) -> list[str]:
    """Names parted by commas or lines, each once, in the order typed."""
    names = (part.strip() for part in text.replace("\n", ",").split(","))
    return list(dict.fromkeys(name for name in names if name))


class TeamRows(Painted):
    """Commander, communication lead, response team."""

    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.roles: dict[str, Role] = {}
        self.words = RefusalWords()
        for field, name in (
            ("commander", "Incident commander"),
            ("communication_lead", "Communication lead"),
            ("response_team", "Response team"),
        ):
            role = self.roles[field] = Role(field, name, self)
            role.saved.connect(self._saved)
            role.told.connect(self.words.say)
            layout.addWidget(role)
        layout.addWidget(self.words)
        self.more = Text("", "small", "secondary", wrap=True)
        self.strain = Text("", "small", "stale", wrap=True)
        for lines in (self.more, self.strain):
            lines.setContentsMargins(theme().px(12), theme().px(6), theme().px(12), theme().px(6))
            layout.addWidget(lines)
            lines.hide()

    def show_roles(self, incident: Incident, planned: Sequence[PlannedRole], now_ms: int) -> None:
        """Take the other roles, and what strains the team."""
        for widget, lines in (
            (self.more, role_lines(incident, planned)),
            (self.strain, strain_lines(incident, now_ms)),
        ):
            widget.setText("\n".join(lines))
            widget.setVisible(bool(lines))

    def show_incident(self, incident: Incident) -> None:
        """Take who leads now."""
        rivals = ", ".join(incident.rivals)
        trouble = f"named while apart, too: {rivals}; H chooses" if rivals else ""
        lost = [e["value"] for e in incident.overwritten if e["field"] == "communication_lead"]
        many = len(incident.response_team)
        seats = {
            "commander": Seat(
                "Incident commander",
                (incident.commander,) if incident.commander else (),
                "H hands over",
                trouble,
            ),
            "communication_lead": Seat(
                "Communication lead",
                (incident.communication_lead,) if incident.communication_lead else (),
                trouble=f"overwritten at the same time: {lost[-1] or 'nobody'}" if lost else "",
            ),
            "response_team": Seat(
                "Response team", tuple(incident.response_team), f"{many} people" if many > 1 else ""
            ),
        }
        for field, seat in seats.items():
            self.roles[field].show_seat(seat)

    def _saved(self, text: str) -> None:
        role = self.sender()
        if isinstance(role, Role):
            self.typed.emit(role.field, text)

    def paint(self, painter: QPainter) -> None:
        """The ground."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
