"""The form of a simple schedule: who takes turns, how long each, and when they hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.oncall.schedule_draft import ScheduleDraft
from crisisdesk.desk.settings_room.card import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

_WIDTH, _NAMES_SHOWN = 620, 12
_WORDS = (
    "Each of them has the whole schedule for one turn. Hours of the day, several at once, an end: "
    "write a file and publish it with crisisdesk policy publish."
)
_LABELS = {
    "name": "Name",
    "people": "People, in the order of their turns",
    "turn": "Each turn",
    "handover": "Handed over",
    "start": "From",
    "zone": "Time zone",
}
_HINTS = ("Database", "Ann Alder, Bo Birk", "1 week", "Monday 09:00", "2026-01-05", "Europe/Prague")


class ScheduleForm(Form):
    """``given`` carries a `ScheduleDraft`, ``left`` says Esc. The owner answers ``given`` with
    ``refuse``, or closes it."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._busy = self._away = False
        self._layer = ""
        self.setAccessibleName("Schedule")
        self.head = Text("", "figure")
        self.how = Text(_WORDS, "body", "secondary", wrap=True)
        self.known = Text("", "small", "tertiary", wrap=True)
        self.words = Text("", "body", "stale", wrap=True)
        self.give, self.leave = KeyButton("Publish", "Enter", "primary"), KeyButton("Leave", "Esc")
        self.fields = {
            key: LineEditor(label, hint)
            for (key, label), hint in zip(_LABELS.items(), _HINTS, strict=True)
        }
        page = self._page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.head)
        column.addWidget(self.how)
        column.addWidget(self._labelled("name"))
        column.addWidget(self._labelled("people"))
        column.addWidget(self.known)
        column.addLayout(row(self._labelled("turn"), self._labelled("handover")))
        column.addLayout(row(self._labelled("start"), self._labelled("zone")))
        column.addWidget(self.words)
        column.addLayout(row(self.give, self.leave, 1))
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        for editor in self.fields.values():
            editor.entered.connect(self._give)
            editor.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        look().changed.connect(self._measure)
        self._measure()

    def _labelled(self, key: str) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(3))
        column.addWidget(Text(_LABELS[key], "micro", "secondary"))
        column.addWidget(self.fields[key])
        return holder

    def _measure(self) -> None:
        px = theme().px
        self._page.setFixedWidth(px(_WIDTH))
        # Wrapped words ask for too little where the page is not as wide as their hint.
        for words in (self.how, self.known, self.words):
            words.setFixedHeight(max(0, words.heightForWidth(px(_WIDTH))))

    def begin(self, draft: ScheduleDraft, names: Sequence[str]) -> None:
        """Open with this in it; ``names`` are those who can take turns."""
        self._busy = False
        self.head.setText(f"Schedule {draft.name}" if draft.name else "New schedule")
        self._layer = draft.layer
        for key, editor in self.fields.items():
            editor.setText(getattr(draft, key))
        # Under another name it would stand beside the one that is changed.
        self.fields["name"].setReadOnly(bool(draft.name))
        more = len(names) - _NAMES_SHOWN
        told = ", ".join(names[:_NAMES_SHOWN]) + (f", and {more} more" if more > 0 else "")
        self.known.setText(f"Known: {told}." if names else "Nobody is known yet: Settings, People.")
        self._say("", "")
        self._enable()
        self.fields["people" if draft.name else "name"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draft(self) -> ScheduleDraft:
        """What stands in it."""
        told = {key: editor.text() for key, editor in self.fields.items()}
        return ScheduleDraft(**told, layer=self._layer)

    def refuse(self, field: str, words: str) -> None:
        """Keep everything, say why it was not published, and go to the field that is to blame."""
        self._busy = False
        self._enable()
        name = field.rpartition(".")[2]
        spoken = f"{_LABELS.get(name, field)}: " if field else ""
        self._say(name, f"Not published. {spoken}{words}")
        if name in self.fields:
            self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_away(self, away: bool) -> None:
        """Nothing can be published while the engine is away; what is typed stays."""
        self._away = away
        self._enable()

    def _say(self, field: str, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._measure()
        for key, editor in self.fields.items():
            editor.setAccessibleDescription(words if key == field else "")

    def _enable(self) -> None:
        self.give.setEnabled(not self._busy and not self._away)

    def _give(self) -> None:
        if self.give.isEnabled():
            self._busy = True
            self._enable()
            self.given.emit(self.draft())

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
