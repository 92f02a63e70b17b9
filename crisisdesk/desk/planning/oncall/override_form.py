"""The form of an override: who, for whom, from, to and why; Enter publishes, Esc leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.oncall.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

# What the domain and the door call the fields, and what the form does.
_SPOKEN = {
    "contact": "Who",
    "replaces": "In place of",
    "from": "From",
    "to": "To",
    "reason": "Reason",
}
EVERYBODY = "everybody in the schedule"


class WhoBox(QComboBox):
    """The people to choose from; Enter and Esc are the form's."""

    entered = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter publishes, Esc leaves; the rest chooses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class OverrideForm(Form):
    """``given`` carries a `Draft`, ``left`` says Esc. The owner answers ``given`` with ``dismiss``
    or ``refuse``."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._busy = False
        self.setAccessibleName("Override")
        self.head = Text("Override", "strong")
        self.quiet = Text("", "small", "secondary", wrap=True)
        self.who = WhoBox()
        self.who.setAccessibleName("Who steps in")
        self.whom = WhoBox()
        self.whom.setAccessibleName("In place of")
        self.start = LineEditor("From", "2026-11-02 09:00")
        self.end = LineEditor("To", "2026-11-02 17:00")
        self.reason = LineEditor("Reason", "Why; who looks at it later needs it")
        self.words = Text("", "small", "stale", wrap=True)
        self.give, self.leave = KeyButton("Publish", "Enter", "primary"), KeyButton("Leave", "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(13))
        column.setSpacing(px(4))
        column.addWidget(self.head)
        column.addWidget(self.quiet)
        for label, field in (
            ("Who steps in", self.who),
            ("In place of", self.whom),
            ("From", self.start),
            ("To", self.end),
            ("Reason", self.reason),
        ):
            column.addSpacing(px(4))
            column.addWidget(Text(label, "micro", "tertiary"))
            column.addWidget(field)
        column.addWidget(self.words)
        column.addSpacing(px(8))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)
        for editor in (self.start, self.end, self.reason, self.who, self.whom):
            editor.entered.connect(self._give)
            editor.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.hide()

    def begin(
        self,
        schedule: str,
        zone: str,
        people: Sequence[tuple[str, str]],
        start: str,
        end: str,
        members: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Open for a schedule with these people (id, word) and times; who is asked first.

        ``members`` are those of the schedule, any of whom may be replaced alone.
        """
        self._busy = False
        self.head.setText(f"Override of {schedule}")
        self.quiet.setText(
            "In place of everybody, who steps in has the whole schedule for this time; in place of "
            f"one, that one's turns. Times are {zone}; write UTC behind one that is not."
        )
        self.who.clear()
        self.who.addItem("choose", "")
        for contact_id, word in people:
            self.who.addItem(word, contact_id)
        self.whom.clear()
        self.whom.addItem(EVERYBODY, "")
        for contact_id, word in members:
            self.whom.addItem(word, contact_id)
        self.start.setText(start)
        self.end.setText(end)
        self.reason.clear()
        self._settle()
        self.show()
        self.who.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draft(self) -> Draft:
        """What stands in it."""
        contact_id = str(self.who.currentData() or "")
        replaces = str(self.whom.currentData() or "")
        return Draft(contact_id, self.start.text(), self.end.text(), self.reason.text(), replaces)

    def is_open(self) -> bool:
        """Whether it is being filled in."""
        return not self.isHidden()

    def refuse(self, field: str, words: str) -> None:
        """Keep everything, say why it was not published, and go to the field that is to blame."""
        self._settle()
        name = field.rpartition(".")[2]
        spoken = _SPOKEN.get(name, field)
        self.words.setText(f"Not published: {f'{spoken} ' if spoken else ''}{words}")
        self.words.show()
        for key, editor in self._fields().items():
            editor.setAccessibleDescription(self.words.text() if key == name else "")
        if name in self._fields():
            self._fields()[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Close."""
        self.hide()

    def set_away(self, away: bool) -> None:
        """Nothing can be published while the engine is away; what is typed stays."""
        self.give.setEnabled(not away)

    def _fields(self) -> dict[str, QWidget]:
        return {
            "contact": self.who,
            "replaces": self.whom,
            "from": self.start,
            "to": self.end,
            "reason": self.reason,
        }

    def _settle(self) -> None:
        self._busy = False
        self.give.setEnabled(True)
        self.words.hide()
        for editor in self._fields().values():
            editor.setAccessibleDescription("")

    def _give(self) -> None:
        if self._busy or not self.give.isEnabled():
            return
        self._settle()
        self._busy = True
        self.give.setEnabled(False)
        self.given.emit(self.draft())
