"""The form that asks before something is sent: a choice, a word to be typed, a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.override_form import WhoBox
from crisisdesk.desk.recovery_room.offers import Ask
from crisisdesk.desk.recovery_room.orders import Answered

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_NOTHING = Ask("")


def wrong_with(ask: Ask, choice: str, typed: str, words: str) -> tuple[str, str]:
    """(field, sentence) of what is not as it must be; ("", "") when all is."""
    if ask.choices and not choice:
        return "choice", "Choose one first."
    if ask.typed and typed.strip() != ask.typed:
        return "typed", f"Type “{ask.typed}” exactly."
    if ask.must and not words.strip():
        return "words", "Write why; it stands in the log."
    return "", ""


class OrderForm(Form):
    """``given`` carries an `orders.Answered`, ``left`` says Esc. The owner answers ``given`` with
    ``dismiss`` or ``refuse``."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._ask, self._away = _NOTHING, False
        self.head = Text("", "strong", wrap=True)
        self.told = Text("", "small", "secondary", wrap=True)
        self.choice = WhoBox()
        self.typed_head = Text("", "micro", "tertiary")
        self.typed = LineEditor("The word to be typed")
        self.reason = LineEditor("Words")
        self.words = Text("", "small", "stale", wrap=True)
        self.give, self.leave = KeyButton("Send", "Enter", "primary"), KeyButton("Leave", "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(13))
        column.setSpacing(px(6))
        for part in (self.head, self.told, self.choice, self.typed_head, self.typed, self.reason,
                     self.words):  # fmt: skip
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)
        for editor in (self.choice, self.typed, self.reason):
            editor.entered.connect(self._give)
            editor.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.hide()

    def begin(self, ask: Ask, button: str, *, away: bool) -> None:
        """Ask this; the keyboard goes to the first field."""
        self._ask = ask
        self.setAccessibleName(ask.head)
        self.head.setText(ask.head)
        self.told.setText(ask.told)
        self.told.setVisible(bool(ask.told))
        self.choice.clear()
        self.choice.setAccessibleName(ask.head)
        if len(ask.choices) > 1:
            self.choice.addItem("choose", "")
        for key, word in ask.choices:
            self.choice.addItem(word, key)
        self.choice.setVisible(bool(ask.choices))
        self.typed.clear()
        self.typed_head.setText(f"Type “{ask.typed}” to mean it")
        self.typed.setAccessibleDescription(self.typed_head.text())
        self.typed_head.setVisible(bool(ask.typed))
        self.typed.setVisible(bool(ask.typed))
        self.reason.clear()
        self.reason.setPlaceholderText(ask.hint)
        self.reason.setVisible(bool(ask.hint))
        self.give.set_text(button)
        self.words.hide()
        self.set_away(away)
        self.show()
        first = self.choice if ask.choices else self.typed if ask.typed else self.reason
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_open(self) -> bool:
        """Whether it is being filled in."""
        return not self.isHidden()

    def set_away(self, away: bool) -> None:
        """Nothing can be sent while the engine is away; what is typed stays."""
        self._away = away
        self.give.setEnabled(not away)

    def refuse(self, words: str) -> None:
        """Keep everything and say why it was not kept."""
        self.give.setEnabled(not self._away)
        self.words.setText(words)
        self.words.show()

    def dismiss(self) -> None:
        """Close."""
        self.hide()

    def _give(self) -> None:
        if not self.give.isEnabled():
            return
        choice, reason = str(self.choice.currentData() or ""), self.reason.text()
        field, words = wrong_with(self._ask, choice, self.typed.text(), reason)
        if field:
            self.refuse(words)
            fields = {"choice": self.choice, "typed": self.typed, "words": self.reason}
            fields[field].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.words.hide()
        self.give.setEnabled(False)
        self.given.emit(Answered(choice, reason.strip()))
