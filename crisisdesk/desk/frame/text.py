"""Labels in the steps of the type scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from crisisdesk.desk.look.theme import Role, look, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

Ink = Literal[
    "primary", "secondary", "tertiary", "disabled", "link",
    "ok", "stale", "down", "acked", "resolved",
    "low", "medium", "high", "critical", "emergency",
]  # fmt: skip

_STATES = frozenset({"ok", "stale", "down", "acked", "resolved"})
_SEVERITIES = frozenset({"low", "medium", "high", "critical", "emergency"})


def ink_color(ink: str) -> QColor:
    """The colour behind the name of a text colour, a state or a severity."""
    if ink in _STATES:
        return theme().state(ink).fg
    if ink in _SEVERITIES:
        return theme().severity(ink).fg
    return theme().token(f"text.{ink}")


class Text(QLabel):
    """Plain text in one role and colour; never reads markup."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        ink: Ink = "primary",
        *,
        weight: int = 0,
        tabular: bool = False,
        mono: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role: Role = role
        self._ink: Ink = ink
        self._weight, self._tabular, self._mono = weight, tabular, mono
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        look().changed.connect(self.retheme)
        self.retheme()

    def set_ink(self, ink: Ink) -> None:
        """Take another colour."""
        self._ink = ink
        self.retheme()

    def retheme(self) -> None:
        """Take font and colour from the theme in force."""
        look = theme()
        if self._mono:
            self.setFont(look.mono(look.tokens.scale[self._role].px, self._weight or 400))
        else:
            self.setFont(look.font(self._role, tabular=self._tabular, weight=self._weight))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, ink_color(self._ink))
        self.setPalette(palette)
