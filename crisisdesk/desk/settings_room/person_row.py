"""One person of the card: name, preferences, and each method with what can be done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.ask_twice import HEIGHT, AskTwice
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import indent, row
from crisisdesk.desk.settings_room.preferences import likes_words
from crisisdesk.domain.contact import Contact, kept_method, whole_card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QHBoxLayout

    from crisisdesk.desk.frame.text import Ink

OFF, ON = "Switch off", "Switch on"


def method_words(method: Mapping[str, Any]) -> str:
    """``webhook, high and worse``, and whether it is used."""
    words = f"{method.get('label') or method['channel']}, {method['min_severity']} and worse"
    return words if method.get("enabled", True) else f"{words}, off"


def switched(contact: Contact, method_id: str = "") -> dict[str, Any]:
    """The card with this method, or without one the whole person, switched off, or on again."""
    if not method_id:
        return whole_card(contact) | {"enabled": not contact.enabled}
    methods = [kept_method(method) for method in contact.methods]
    for method in methods:
        if method["method_id"] == method_id:
            method["enabled"] = not method.get("enabled", True)
    return whole_card(contact, methods)


def put_first(contact: Contact, method_id: str) -> dict[str, Any]:
    """The card with this method before the others."""
    methods = [kept_method(method) for method in contact.methods]
    return whole_card(contact, sorted(methods, key=lambda one: one["method_id"] != method_id))


def without(contact: Contact, method_id: str) -> dict[str, Any]:
    """The card without this method; its address is forgotten when it is saved."""
    methods = [kept_method(method) for method in contact.methods]
    return whole_card(contact, [one for one in methods if one["method_id"] != method_id])


class PersonRow(QWidget):
    """``ordered`` carries a card to save, what it is in words, and the card that takes it back
    (None: it cannot be). ``tested`` carries a method's id."""

    edited = Signal()
    removed = Signal()
    ordered = Signal(object, str, object)
    tested = Signal(str)

    def __init__(self, contact: Contact, outcomes: Mapping[str, tuple[str, Ink]]) -> None:
        super().__init__()
        self._contact = contact
        self.outcomes: dict[str, Text] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme().px(4))
        column.setSpacing(theme().px(4))
        column.addLayout(self._head())
        if told := likes_words(contact):
            column.addLayout(row(indent(), Text(told, "small", "tertiary", wrap=True)))
        for place, method in enumerate(contact.methods):
            column.addLayout(self._method(place, method, outcomes))

    def _head(self) -> QHBoxLayout:
        contact = self._contact
        edit = _button("Edit", f"Edit {contact.name}")
        edit.clicked.connect(self.edited)
        word = OFF if contact.enabled else ON
        switch = _button(word, f"{word} {contact.name}")
        switch.clicked.connect(lambda: self._order(switched(contact), f"{word}: {contact.name}"))
        remove = AskTwice("Remove", "Really remove", contact.name)
        remove.meant.connect(self.removed)
        role = Text(contact.role, "small", "tertiary")
        off = Text("" if contact.enabled else "switched off: is not paged", "small", "stale")
        return row(Text(contact.name, "strong"), role, off, 1, edit, switch, remove)

    def _method(
        self, place: int, method: dict[str, Any], outcomes: Mapping[str, tuple[str, Ink]]
    ) -> QHBoxLayout:
        contact, name = self._contact, str(method["method_id"])
        whose = f"{method['channel']} of {contact.name}"
        test = _button("Send a test", f"Send a test to {contact.name} by {method['channel']}")
        test.clicked.connect(lambda: self.tested.emit(name))
        word = OFF if method.get("enabled", True) else ON
        switch = _button(word, f"{word} {whose}")
        switch.clicked.connect(lambda: self._order(switched(contact, name), f"{word}: {whose}"))
        remove = AskTwice("Remove", "Really remove", whose)
        remove.meant.connect(
            lambda: self.ordered.emit(without(contact, name), f"Removed: {whose}", None)
        )
        said, ink = outcomes.get(name, ("", "secondary"))
        outcome = self.outcomes[name] = Text(said, "small", ink)
        masked = Text(str(method.get("masked", "")), "small", "secondary", mono=True)
        parts: list[Any] = [indent(), Text(method_words(method), "body", "secondary"), masked, 1]
        parts.append(outcome)
        if place:
            first = _button("Try first", f"Try {whose} first")
            first.clicked.connect(
                lambda: self._order(put_first(contact, name), f"Tried first: {whose}")
            )
            parts.append(first)
        return row(*parts, test, switch, remove)

    def _order(self, card: dict[str, Any], words: str) -> None:
        self.ordered.emit(card, words, whole_card(self._contact))


def _button(text: str, name: str) -> KeyButton:
    button = KeyButton(text, height=HEIGHT)
    button.setAccessibleName(name)
    return button
