"""The form of a hand-off, to whom and with what words, and of declining one, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout

from crisisdesk.desk.alerts.hand_words import Person, found_words, meant
from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

OFFER, DECLINE = "offer", "decline"
_QUIET = {
    OFFER: "They are paged and see it at their desk. It stays with you until they accept.",
    DECLINE: "It stays with whoever offered it, who is told why.",
}


class Said(NamedTuple):
    """What was filled in; ``to`` is empty when it declines."""

    what: str
    to: str
    text: str


class HandForm(Form):
    """``given`` carries a `Said`; ``left`` says Esc, ``opened`` that the form came (True) or went.

    The owner answers ``given`` with ``dismiss`` or ``refuse``.
    """

    given = Signal(object)
    opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._what, self._busy = OFFER, False
        self._people: Sequence[Person] = ()
        self._names = QStringListModel(self)
        self.head, self.quiet = Text("", "strong"), Text("", "small", "secondary", wrap=True)
        self.who_label = Text("To whom", "micro", "tertiary")
        self.who = LineEditor("To whom", "A part of the name is enough")
        self.found = Text("", "small", "tertiary", wrap=True)
        self.text_label = Text("", "micro", "tertiary")
        self.text = LineEditor("Note")
        self.words = Text("", "small", "stale", wrap=True)
        self.give, self.leave = KeyButton("", "Enter", "primary"), KeyButton("Leave", "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(13))
        column.setSpacing(px(4))
        parts = (self.head, self.quiet, self.who_label, self.who, self.found)
        for part in (*parts, self.text_label, self.text, self.words):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.setContentsMargins(0, px(8), 0, 0)
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.who.setCompleter(completer)
        self.who.textChanged.connect(self._find)
        for field in (self.who, self.text):
            field.entered.connect(self._give)
            field.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)

    def begin_offer(self, people: Sequence[Person]) -> None:
        """Open to hand an alert to one of these people."""
        self._people = people
        self._names.setStringList([person.name for person in people])
        self.who.clear()
        self._begin(OFFER, "Hand off", "Offer it", "Note", "What they should know; may be empty")
        self._find("")
        self.who.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin_decline(self) -> None:
        """Open to decline what is offered."""
        self._begin(DECLINE, "Decline", "Decline", "Reason", "Why; whoever offered it is told")
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _begin(self, what: str, head: str, give: str, label: str, hint: str) -> None:
        self._what = what
        self.setAccessibleName(head)
        self.head.setText(head)
        self.quiet.setText(_QUIET[what])
        for part in (self.who_label, self.who, self.found):
            part.setVisible(what == OFFER)
        self.text_label.setText(label)
        self.text.setAccessibleName(label)
        self.text.setPlaceholderText(hint)
        self.text.clear()
        self.give.set_text(give)
        self._settle()
        self.show()
        self.opened.emit(True)

    def _settle(self) -> None:
        self._busy = False
        self.give.setEnabled(True)
        self.words.hide()

    def _find(self, text: str) -> None:
        self.found.setText(found_words(self._people, text))
        self.who.setAccessibleDescription(self.found.text())

    def refuse(self, words: str) -> None:
        """Keep everything and say why it was not saved."""
        self._settle()
        self.words.setText(words)
        self.words.show()
        field = self.who if self._what == OFFER else self.text
        field.setAccessibleDescription(words)

    def dismiss(self) -> None:
        """Close."""
        self.hide()
        self.opened.emit(False)

    def _give(self) -> None:
        text, to = self.text.text().strip(), ""
        if self._busy:
            return
        if self._what == OFFER:
            to = meant(self._people, self.who.text())
            if not to:
                self.refuse("Not offered: say to whom.")
                self.who.setFocus()
                return
        elif not text:
            self.refuse("Not declined: the reason is empty; write why.")
            return
        self._busy = True
        self.give.setEnabled(False)
        self.words.hide()
        self.given.emit(Said(self._what, to, text))
