"""The form that declares a heartbeat, and shows its address the one time it is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

_SPAN = re.compile(r"([0-9]{1,7}) ?(s|m|min|h|d)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
TOLD_ONCE = "Copy this address (Ctrl+C): it is told only now, and whoever knows it can beat."


class Wanted(NamedTuple):
    """What was filled in; spans in seconds."""

    name: str
    every_s: int
    grace_s: int


def seconds_of(text: str) -> int | None:
    """``30s``, ``5 min``, ``2h`` or ``1d`` in seconds; None for anything else."""
    found = _SPAN.fullmatch(text.strip().lower())
    return None if found is None else int(found[1]) * _SECONDS[found[2]]


def wanted(name: str, every: str, grace: str) -> Wanted | str:
    """What the fields ask for, or the sentence that says what is wrong with them."""
    if not name.strip():
        return "Not declared: the name is empty; write what beats."
    every_s, grace_s = seconds_of(every), seconds_of(grace)
    if every_s is None:
        return f"Not declared: “{every.strip()}” is no span; write it like 5m or 24h."
    if grace_s is None:
        return f"Not declared: “{grace.strip()}” is no span; write it like 1m or 1h."
    return Wanted(name.strip(), every_s, grace_s)


class HeartbeatForm(Form):
    """``given`` carries a `Wanted`, ``left`` says that the form is done with."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._busy = False
        self.setAccessibleName("Heartbeat")
        self.name = LineEditor("Name", "nightly-backup")
        self.every = LineEditor("A beat every", "5m, 24h")
        self.grace = LineEditor("Grace", "1m")
        self.address = LineEditor("Address", "")
        self.address.setReadOnly(True)
        self.words = Text("", "small", "stale", wrap=True)
        self.give = KeyButton("Declare", "Enter", "primary")
        self.leave = KeyButton("Leave", "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(10), px(16), px(12))
        column.setSpacing(px(6))
        fields = QHBoxLayout()
        fields.setSpacing(px(8))
        fields.addWidget(self.name, 3)
        fields.addWidget(self.every, 1)
        fields.addWidget(self.grace, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addWidget(Text("Heartbeat: name, a beat every, grace", "strong"))
        column.addLayout(fields)
        column.addWidget(self.address)
        column.addWidget(self.words)
        column.addLayout(buttons)
        for field in (self.name, self.every, self.grace):
            field.entered.connect(self._give)
            field.left.connect(self.left)
        self.address.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.hide()

    def begin(self) -> None:
        """Open, empty."""
        self._busy = False
        for field, text in ((self.name, ""), (self.every, "5m"), (self.grace, "1m")):
            field.setText(text)
            field.show()
        self.give.show()
        self.give.setEnabled(True)
        self.address.hide()
        self.words.setText("")
        self.show()
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def told(self, address: str) -> None:
        """It is declared: show the address until the form is left."""
        for field in (self.name, self.every, self.grace, self.give):
            field.hide()
        self.address.setText(address)
        self.address.show()
        self.words.setText(TOLD_ONCE)
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        self.address.selectAll()

    def refuse(self, words: str) -> None:
        """Keep everything and say why it was not declared."""
        self._busy = False
        self.give.setEnabled(True)
        self.words.setText(words)
        self.name.setAccessibleDescription(words)

    def dismiss(self) -> None:
        """Close, and forget the address."""
        self.address.setText("")
        self.hide()

    def _give(self) -> None:
        if self._busy:
            return
        asked = wanted(self.name.text(), self.every.text(), self.grace.text())
        if isinstance(asked, str):
            self.refuse(asked)
            return
        self._busy = True
        self.give.setEnabled(False)
        self.given.emit(asked)

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.accent_soft)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.accent_line)
