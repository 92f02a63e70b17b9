"""Who leads, who speaks, who helps: the roles of an incident, its team, and what strains them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import InPlace, RefusalWords
from crisisdesk.desk.incidents.presence_lines import presence_lines
from crisisdesk.desk.incidents.role_lines import seat_lines, strain_lines
from crisisdesk.desk.incidents.role_list import ROW, RoleList, draw_seat
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.playbook.content import Role
    from crisisdesk.domain.presence import Presence

_WORD = "Response team"


class People(InPlace):
    """The response team: its names, parted by commas, typed in place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("response_team", _WORD, parent)
        self.names: tuple[str, ...] = ()
        self._say()

    def show_names(self, names: Sequence[str]) -> None:
        """Take who is in it now."""
        if tuple(names) != self.names:
            self.names = tuple(names)
            self._say()

    def _say(self) -> None:
        many = f". {self._many()}" if self._many() else ""
        self.setAccessibleName(f"{_WORD}: {', '.join(self.names) or 'nobody'}{many}")
        self.update()

    def _many(self) -> str:
        return f"{len(self.names)} people" if len(self.names) > 1 else ""

    def start_text(self) -> str:
        """The names, parted by commas."""
        return ", ".join(self.names)

    def editor_box(self) -> QRect:
        """Right of the badge."""
        px = theme().px
        return QRect(px(48), px(6), max(px(120), self.width() - px(60)), px(28))

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(theme().px(200), theme().px(ROW))

    def paint(self, painter: QPainter) -> None:
        """Badge, word, names."""
        if self.is_editing():
            return
        if self.underMouse():
            painter.fillRect(self.rect(), theme().color.hover)
        fill(painter, 0, self.height() - 1, self.width(), 1, theme().color.hair)
        draw_seat(painter, QRectF(self.rect()), _WORD, self.names, self._many())


def split_names(text: str) -> list[str]:
    """Names parted by commas or lines, each once, in the order typed."""
    names = (part.strip() for part in text.replace("\n", ",").split(","))
    return list(dict.fromkeys(name for name in names if name))


class TeamRows(Painted):
    """Roles, response team, what strains them."""

    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RoleList()
        self.people = People(self)
        self.words = RefusalWords()
        self.desks = Text("", "small", "secondary", wrap=True)
        self.strain = Text("", "small", "stale", wrap=True)
        px = theme().px
        for lines in (self.desks, self.strain):
            lines.setContentsMargins(px(12), px(6), px(12), px(6))
            lines.hide()
        self._shown: tuple[Incident, Sequence[Role]] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.list, self.people, self.words, self.desks, self.strain):
            layout.addWidget(widget)
        self.people.saved.connect(lambda text: self.typed.emit(self.people.field, text))
        self.people.told.connect(self.words.say)

    def show_incident(self, incident: Incident, planned: Sequence[Role], now_ms: int) -> None:
        """Take who is in which role, and what strains the team at that time (UTC ms)."""
        self._shown = (incident, planned)
        self.people.show_names(incident.response_team)
        self.tick(now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn how long people sit and how long offers stand."""
        if self._shown is None:
            return
        incident, planned = self._shown
        self.list.show_seats(seat_lines(incident, planned, now_ms), now_ms)
        lines = strain_lines(incident, now_ms)
        text = "\n".join(lines)
        if text != self.strain.text():
            self.strain.setText(text)
            self.strain.setVisible(bool(lines))

    def show_desks(
        self, incident: Incident, presences: Sequence[Presence] | None, now_ms: int
    ) -> None:
        """Take who of the team is at a desk; None while nobody can say."""
        lines = presence_lines(incident, presences, now_ms)
        text = "\n".join(lines)
        if text != self.desks.text():
            self.desks.setText(text)
        self.desks.setVisible(bool(lines))

    def paint(self, painter: QPainter) -> None:
        """The ground."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
