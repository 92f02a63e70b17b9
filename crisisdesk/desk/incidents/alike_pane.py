"""What looks as if it belonged to the incident: a line each, and a button that attaches it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.correlation.alike import Alike

_TITLE_ROOM = 46


def line_of(one: Alike) -> tuple[str, str]:
    """What it is, cut where it is long, and why it is offered."""
    alert = one.alert
    text = f"{alert.service}: {alert.title}" if alert.service else alert.title
    short = text if len(text) <= _TITLE_ROOM else f"{text[: _TITLE_ROOM - 1].rstrip()}…"
    return short, f"{alert.severity}, {one.because}"


class AlikePane(QWidget):
    """Hidden while there is nothing; ``wanted`` names the alert that is to be attached."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[Alike, ...] = ()
        self.head = PaneHead("Alike, not attached", "F attaches the first")
        self.rows: list[QWidget] = []
        self.buttons: dict[str, KeyButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.head)
        self.hide()

    def show_alike(self, found: Sequence[Alike]) -> None:
        """Take what is offered now; nothing moves while a button of it has the keyboard."""
        same = [(a.alert.alert_id, a.because) for a in found] == [
            (a.alert.alert_id, a.because) for a in self.found
        ]
        if same or any(button.hasFocus() for button in self.buttons.values()):
            return
        self.found = tuple(found)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.buttons = {}
        self.rows = [self._row(one) for one in self.found]
        for row in self.rows:
            self._layout.addWidget(row)
        self.setVisible(bool(found))

    def _row(self, one: Alike) -> QWidget:
        px = theme().px
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(px(12), px(4), px(12), px(4))
        layout.setSpacing(px(8))
        words = QVBoxLayout()
        words.setSpacing(0)
        title, why = line_of(one)
        words.addWidget(Text(title, "body", "primary", wrap=True))
        words.addWidget(Text(why, "small", "secondary", wrap=True))
        layout.addLayout(words, 1)
        button = KeyButton("Attach", icon="link", height=24)
        button.setAccessibleName(f"Attach {title}; {why}")
        button.clicked.connect(partial(self.wanted.emit, one.alert.alert_id))
        self.buttons[one.alert.alert_id] = button
        layout.addWidget(button)
        return row
