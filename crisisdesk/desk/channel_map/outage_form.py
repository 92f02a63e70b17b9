"""The form that says what is out: name, reason, how long; Enter says it, Esc leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.channel_dependencies import checked_name
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_SPOKEN = {"dependency": "What", "reason": "Reason", "incident_id": "Incident", "hours": "Hours"}
_MOST_HOURS = 720


class Wanted(NamedTuple):
    """What is said: ``incident_id`` "" for none, ``duration_s`` None for no end by itself."""

    dependency: str
    reason: str
    incident_id: str
    duration_s: int | None


def wanted_of(dependency: str, reason: str, incident: str, hours: str) -> Wanted:
    """What was typed, checked; Malformed names the field."""
    name = checked_name(dependency, "dependency")
    if not reason.strip():
        raise Malformed("reason", "is empty", "write why; who looks at it later needs it")
    length: int | None = None
    if hours.strip():
        if not (hours.strip().isascii() and hours.strip().isdigit()):
            raise Malformed("hours", f"{hours.strip()[:20]!r} is no whole number", "write 2")
        if not 1 <= int(hours) <= _MOST_HOURS:
            raise Malformed("hours", "is out of bounds", f"write 1 to {_MOST_HOURS}")
        length = int(hours) * 3_600
    return Wanted(name, reason.strip(), incident.strip().upper(), length)


class OutageForm(Form):
    """``given`` carries a `Wanted`, ``left`` says Esc. The owner answers ``given`` with ``dismiss``
    or ``refuse``."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.setAccessibleName("What is out")
        self.head = Text("What is out", "strong")
        self.name = LineEditor("What is out", "dns, isp:acme")
        self.reason = LineEditor("Reason", "Why; who looks at it later needs it")
        self.incident = LineEditor("Incident", "INC-…, or nothing")
        self.hours = LineEditor("Hours", "or nothing: until somebody ends it")
        self.words = Text("", "small", "stale", wrap=True)
        self.give, self.leave = (
            KeyButton("Say it is out", "Enter", "primary"),
            KeyButton("Leave", "Esc"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(10), px(12), px(12))
        column.setSpacing(px(4))
        column.addWidget(self.head)
        for label, field in (
            ("What", self.name),
            ("Reason", self.reason),
            ("Over with incident", self.incident),
            ("Over after hours", self.hours),
        ):
            column.addSpacing(px(3))
            column.addWidget(Text(label, "micro", "tertiary"))
            column.addWidget(field)
        column.addWidget(self.words)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addSpacing(px(6))
        column.addLayout(buttons)
        for editor in self._fields().values():
            editor.entered.connect(self._give)
            editor.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.hide()

    def _fields(self) -> dict[str, LineEditor]:
        return {
            "dependency": self.name,
            "reason": self.reason,
            "incident_id": self.incident,
            "hours": self.hours,
        }

    def is_open(self) -> bool:
        """Whether it is being filled in."""
        return not self.isHidden()

    def begin(self, dependency: str, reason: str, *, away: bool) -> None:
        """Open for a dependency; the keyboard goes to the reason, or to the name where there is
        none."""
        self.name.setText(dependency)
        self.reason.setText(reason)
        self.incident.clear()
        self.hours.clear()
        self._settle()
        self.set_away(away)
        self.show()
        first = self.reason if dependency else self.name
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_away(self, away: bool) -> None:
        """Nothing can be said while the engine is away; what is typed stays."""
        self.give.setEnabled(not away)

    def refuse(self, field: str, words: str) -> None:
        """Keep everything, say why it was not kept, and go to the field that is to blame."""
        self._settle()
        named = {"duration_s": "hours", "duration": "hours", "until": "hours"}.get(field, field)
        spoken = _SPOKEN.get(named, named)
        self.words.setText(f"Not saved: {f'{spoken} ' if spoken else ''}{words}")
        self.words.show()
        editor = self._fields().get(named)
        if editor is not None:
            editor.setAccessibleDescription(self.words.text())
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Close."""
        self.hide()

    def _settle(self) -> None:
        self.give.setEnabled(True)
        self.words.hide()
        for editor in self._fields().values():
            editor.setAccessibleDescription("")

    def _give(self) -> None:
        if not self.give.isEnabled():
            return
        self._settle()
        try:
            wanted = wanted_of(*(editor.text() for editor in self._fields().values()))
        except Malformed as error:
            self.refuse(error.field, f"{error.problem}; {error.remedy}.")
            return
        self.give.setEnabled(False)
        self.given.emit(wanted)
