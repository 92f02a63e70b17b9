"""The keys of the desk: one shortcut each, looked up in the open room when it is pressed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crisisdesk.desk.room import Action

_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)
_MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
# Lists, fields and overlays use these themselves; the window gets what they leave.
LEFT_TO_WIDGETS = frozenset({"Esc", "Enter", "Up", "Down", "Left", "Right", "Space", "Tab"})


def sequence(keys: str) -> QKeySequence:
    """The Qt sequence of keys parted by blanks: "Ctrl K", "Shift A", "G P", "?"."""
    parts = [{"Enter": "Return"}.get(part, part) for part in keys.split()]
    text = ""
    for part in parts:
        text += part + ("+" if part in _MODIFIERS else ", ")
    return QKeySequence(text.removesuffix(", "))


def in_a_field() -> bool:
    """Whether somebody is typing."""
    focus = QApplication.focusWidget()
    if isinstance(focus, (QTextEdit, QPlainTextEdit)) and focus.isReadOnly():
        return False
    return isinstance(focus, _FIELDS)


class KeyMap:
    """``find`` gives the actions in force; the first enabled one with the key is run."""

    def __init__(self, window: QWidget, find: Callable[[], Iterable[Action]]) -> None:
        self._window, self._find = window, find
        self._shortcuts: dict[str, QShortcut] = {}
        self.listening = True

    def learn(self, actions: Iterable[Action]) -> None:
        """Listen to the keys of these actions as well."""
        for action in actions:
            keys = action.keys
            if keys and keys not in self._shortcuts and keys not in LEFT_TO_WIDGETS:
                shortcut = QShortcut(sequence(keys), self._window)
                run = partial(self.press, keys)
                shortcut.activated.connect(run)
                shortcut.activatedAmbiguously.connect(run)
                self._shortcuts[keys] = shortcut

    def press(self, keys: str) -> bool:
        """Run what this key does now; False when it does nothing."""
        plain = not any(keys.startswith(word) for word in ("Ctrl", "Alt", "F")) or keys == "F"
        if not self.listening or (plain and in_a_field()):
            return False
        for action in self._find():
            if action.keys == keys and action.enabled:
                action.run()
                return True
        return False
