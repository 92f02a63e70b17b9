"""The form that switches loop tests of a channel on: to which contact method, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.comms_room.heartbeat_form import seconds_of
from crisisdesk.desk.comms_room.loop_words import Way, usual_s, wanted, warning
from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.override_form import WhoBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget


class LoopForm(Form):
    """``given`` carries a `LoopWanted`, ``left`` says that the form is done with."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._busy = self._away = False
        self._ways: Sequence[Way] = ()
        self.setAccessibleName("Loop tests")
        self.head = Text("Loop tests", "strong")
        self.to = WhoBox()
        self.to.setAccessibleName("Send them to")
        self.every = LineEditor("One every", "15m, 6h")
        self.most = Text("", "small", "secondary", wrap=True)
        self.words = Text("", "small", "stale", wrap=True)
        self.give = KeyButton("Switch on", "Enter", "primary")
        self.leave = KeyButton("Leave", "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(10), px(12), px(12))
        column.setSpacing(px(4))
        column.addWidget(self.head)
        for label, field in (("Send them to", self.to), ("One every", self.every)):
            column.addSpacing(px(4))
            column.addWidget(Text(label, "micro", "tertiary"))
            column.addWidget(field)
        column.addWidget(self.most)
        column.addWidget(self.words)
        column.addSpacing(px(6))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)
        for editor in (self.to, self.every):
            editor.entered.connect(self._give)
            editor.left.connect(self.left)
        self.to.currentIndexChanged.connect(lambda _: self._show_most())
        self.every.textChanged.connect(lambda _: self._show_most())
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.hide()

    def begin(self, name: str, channel: str, ways: Sequence[Way]) -> None:
        """Open for a channel, with the contact methods it can be tried by."""
        self._busy, self._ways = False, ways
        self.head.setText(f"Loop tests of {name}")
        self.to.clear()
        for way in ways:
            self.to.addItem(way.word)
        self.every.setText(_span(usual_s(channel)))
        self._say("")
        self._enable()
        self._show_most()
        self.show()
        self.to.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_open(self) -> bool:
        """Whether it is being filled in."""
        return not self.isHidden()

    def refuse(self, words: str) -> None:
        """Keep everything and say why nothing was switched on."""
        self._busy = False
        self._say(words)
        self._enable()

    def set_away(self, away: bool) -> None:
        """Nothing can be switched on while the engine is away; what is typed stays."""
        self._away = away
        self._enable()

    def dismiss(self) -> None:
        """Close."""
        self.hide()

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.every.setAccessibleDescription(words)

    def _enable(self) -> None:
        self.give.setEnabled(not self._busy and not self._away)

    def _way(self) -> Way | None:
        at = self.to.currentIndex()
        return self._ways[at] if 0 <= at < len(self._ways) else None

    def _show_most(self) -> None:
        self.most.setText(warning(self._way(), seconds_of(self.every.text())))

    def _give(self) -> None:
        if not self.give.isEnabled():
            return
        text = self.every.text()
        asked = wanted(self._way(), seconds_of(text), text)
        if isinstance(asked, str):
            self.refuse(asked)
            return
        self._busy = True
        self._enable()
        self.given.emit(asked)


def _span(seconds: int) -> str:
    return f"{seconds // 3_600}h" if seconds % 3_600 == 0 else f"{seconds // 60}m"
