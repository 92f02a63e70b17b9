"""The pane at the right of the channel map: the chosen dependency, what can be done, the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.channel_map.outage_form import OutageForm
from crisisdesk.desk.channel_map.words import column_words, face_of, needing
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.survivability import ChannelMap, MapColumn

ACCEPT, TAKE_OUT = "Accept: it is out", "Say that it is out"
SUPPOSE, SUPPOSE_NOT = "Suppose it out", "Do not suppose it"


class Side(Painted):
    """Shows one column; its buttons are the page's to connect."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.head = PaneHead("Dependency")
        self.why = Text("", "body", "primary", wrap=True)
        self.needs = Text("", "body", "secondary", wrap=True)
        self.out = KeyButton(TAKE_OUT, "O", "primary")
        self.end = KeyButton("It is there again", "E")
        self.suppose = KeyButton(SUPPOSE, "S")
        self.reason = Text("", "small", "stale", wrap=True)
        self.form = OutageForm()
        words = QWidget()
        said = QVBoxLayout(words)
        said.setContentsMargins(px(12), px(12), px(12), px(12))
        said.setSpacing(px(8))
        for part in (self.why, self.needs, self.out, self.end, self.suppose, self.reason):
            said.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.form)
        column.addWidget(words)
        column.addStretch(1)

    def show_column(
        self, column: MapColumn | None, found: ChannelMap, now_ms: int, *, away: bool
    ) -> None:
        """Become this column's."""
        has = column is not None
        for part in (self.why, self.needs, self.out, self.suppose):
            part.setVisible(has)
        self.end.setVisible(column is not None and column.taken is not None)
        self.reason.setText(AWAY if away else "")
        self.reason.setVisible(away)
        if column is None:
            self.head.show_words("Dependency")
            return
        self.head.show_words(column.dependency, face_of(column).word)
        self.why.setText(column_words(column, now_ms))
        self.needs.setText(needing(found, column.dependency))
        self.out.set_text(ACCEPT if column.suspicion is not None else TAKE_OUT)
        self.out.setVisible(column.taken is None or not column.taken.said)
        self.suppose.set_text(SUPPOSE_NOT if column.supposed else SUPPOSE)
        self.suppose.setVisible(column.taken is None)
        for button in (self.out, self.end):
            button.setEnabled(not away)
        self.form.set_away(away)

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
