"""The composer of a silence: what matches, for how long, and why; it says first what it hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice, Option
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.silence_words import Lasting

_SETTLE_MS = 200


class Wanted(NamedTuple):
    """What was filled in; ``lasting`` is the key of the chosen span."""

    matchers: str
    lasting: str
    reason: str


class SilenceForm(Form):
    """``tried`` carries matchers to be tried out, ``given`` a `Wanted`; ``left`` says Esc, and
    ``opened`` that the form came (True) or went.

    The owner answers ``given`` with ``dismiss`` or ``refuse``, ``tried`` with ``tell``.
    """

    tried = Signal(str)
    given = Signal(object)
    opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._busy = False
        self.setAccessibleName("Silence")
        self.matchers = LineEditor("Matchers", 'service="db", env=~"prod|stage"')
        self.reason = LineEditor("Reason", "Why; who looks at it later needs it")
        self.lasting = Choice("For", [Option("2h", "2 h")])
        self.hides = Text("", "small", "tertiary", wrap=True)
        self.words = Text("", "small", "stale", wrap=True)
        self.give = KeyButton("Silence", "Enter", "primary")
        self.leave = KeyButton("Leave", "Esc")
        self._try = QTimer(self)
        self._try.setSingleShot(True)
        self._try.setInterval(_SETTLE_MS)
        self._try.timeout.connect(lambda: self.tried.emit(self.matchers.text()))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(16), px(12), px(16), px(13))
        self._column.setSpacing(px(4))
        self._fill()
        self._connect()
        self.hide()

    def _fill(self) -> None:
        px, column = theme().px, self._column
        column.addWidget(Text("Silence", "strong"))
        quiet = "No page for what matches. It stays in the list, and its clock still runs."
        column.addWidget(Text(quiet, "small", "secondary", wrap=True))
        column.addSpacing(px(6))
        column.addWidget(Text("All of these must hold", "micro", "tertiary"))
        column.addWidget(self.matchers)
        column.addWidget(self.hides)
        column.addSpacing(px(6))
        column.addWidget(Text("For", "micro", "tertiary"))
        column.addWidget(self.lasting, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(px(6))
        column.addWidget(Text("Reason", "micro", "tertiary"))
        column.addWidget(self.reason)
        column.addWidget(self.words)
        column.addSpacing(px(8))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        for field in (self.matchers, self.reason):
            field.entered.connect(self._give)
            field.left.connect(self.left)
        self.matchers.textChanged.connect(self._typed)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)

    def begin(self, matchers: str, lastings: Sequence[Lasting]) -> None:
        """Open with these matchers; the reason takes the keyboard, as it is what is missing."""
        self._busy = False
        self.give.setEnabled(True)
        self.words.hide()
        self.hides.setText("")
        options = [Option(one.key, one.word) for one in lastings]
        choice = Choice("For", options)
        choice.set_current("2h")
        choice.clicked.connect(self._give)
        self._column.replaceWidget(self.lasting, choice)
        self._column.setAlignment(choice, Qt.AlignmentFlag.AlignLeft)
        self.lasting.hide()
        self.lasting.deleteLater()
        self.lasting = choice
        self.setTabOrder(self.matchers, choice)
        self.setTabOrder(choice, self.reason)
        self.matchers.setText(matchers)
        self.matchers.setCursorPosition(0)
        self.reason.clear()
        self.show()
        self.opened.emit(True)
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._try.start()

    def _typed(self) -> None:
        self._try.start()

    def tell(self, matchers: str, words: str, *, wrong: bool = False) -> None:
        """Say what these matchers hide, or what is wrong with them; older ones are passed over."""
        if matchers == self.matchers.text():
            self.hides.set_ink("stale" if wrong else "tertiary")
            self.hides.setText(words)
            self.matchers.setAccessibleDescription(words)

    def refuse(self, words: str) -> None:
        """Keep everything and say why it was not saved."""
        self._busy = False
        self.give.setEnabled(True)
        self.words.setText(words)
        self.words.show()
        self.reason.setAccessibleDescription(words)

    def dismiss(self) -> None:
        """Close."""
        self._try.stop()
        self.hide()
        self.opened.emit(False)

    def _give(self) -> None:
        if self._busy:
            return
        if not self.reason.text().strip():
            self.refuse("Not silenced: the reason is empty; write why.")
            self.reason.setFocus()
            return
        self._busy = True
        self.give.setEnabled(False)
        self.words.hide()
        self.given.emit(
            Wanted(self.matchers.text(), self.lasting.current(), self.reason.text().strip())
        )
