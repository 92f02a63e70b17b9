"""What a person prefers: clock, language, quiet hours, groups, and how to reach them by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import Field, row
from crisisdesk.domain.contact import MAILS, PHONES, Contact
from crisisdesk.domain.quiet_hours import EXAMPLE, quiet_from_words, quiet_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

_BETWEEN = re.compile(r"\s*[,;]\s*")


def likes_words(contact: Contact) -> str:
    """What stands on a card besides its methods, on one line."""
    quiet = f"quiet {quiet_words(contact.quiet)}" if contact.quiet else ""
    reach = ", ".join(text for texts in contact.emergency.values() for text in texts)
    parts = (quiet, contact.zone, contact.locale, ", ".join(contact.groups), reach)
    return "  ·  ".join(part for part in parts if part)


def matching(contacts: Sequence[Contact], text: str) -> list[Contact]:
    """The contacts on whose card every word of the text stands, whatever its case."""
    words = text.casefold().split()
    return [
        contact
        for contact in contacts
        if all(
            word in f"{contact.name}\n{contact.role}\n{likes_words(contact)}".casefold()
            for word in words
        )
    ]


class Preferences(QWidget):
    """Seven lines of text; ``entered`` comes with the return key in any of them."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zone = Field("Time zone", "Europe/Prague")
        self.language = Field("Language", "cs or en-GB")
        self.quiet = Field("Quiet hours, on their clock", EXAMPLE)
        self.groups = Field("Groups", "Database, Night shift")
        self.phones = Field("Numbers to call by hand", "+420 777 123 456, +420 541 000 111")
        self.mails = Field("E-mail to write to by hand", "priya@example.org")
        self.notes = Field("Notes", "what whoever calls should know")
        self.fields = (
            self.zone,
            self.language,
            self.quiet,
            self.groups,
            self.phones,
            self.mails,
            self.notes,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(8))
        for line, stretch in (
            ((self.zone, self.language, self.quiet), (2, 1, 3)),
            ((self.groups, self.phones, self.mails), (2, 2, 2)),
            ((self.notes,), (1,)),
        ):
            across = row(*line)
            for index, (field, share) in enumerate(zip(line, stretch, strict=True)):
                across.setStretch(index, share)
                across.setAlignment(field, Qt.AlignmentFlag.AlignTop)
            column.addLayout(across)
        for field in self.fields:
            field.line.returnPressed.connect(self.entered)

    def showEvent(self, event: QShowEvent) -> None:
        """Offer the names of time zones once somebody looks."""
        super().showEvent(event)
        if self.zone.line.completer() is None:
            ids = (bytes(name.data()).decode() for name in QTimeZone.availableTimeZoneIds())
            # Qt's own names for offsets are none that others know.
            names = sorted(name for name in ids if not name.startswith(("UTC+", "UTC-")))
            completer = QCompleter(names, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.zone.line.setCompleter(completer)

    def show_contact(self, contact: Contact) -> None:
        """Fill the lines from a card; of one that is blank they become empty."""
        texts = (
            contact.zone,
            contact.locale,
            quiet_words(contact.quiet),
            ", ".join(contact.groups),
            ", ".join(contact.emergency.get(PHONES, ())),
            ", ".join(contact.emergency.get(MAILS, ())),
            contact.notes,
        )
        for field, text in zip(self.fields, texts, strict=True):
            field.line.setText(text.replace("\n", " "))
            field.refuse("")

    def reachable(self) -> bool:
        """Whether there is a number or an e-mail address to reach them by hand."""
        return bool(self.phones.text or self.mails.text)

    def order(self, contact: Contact | None = None) -> dict[str, Any]:
        """The fields of the card as the engine takes them; raises Malformed for quiet hours.

        Notes of ``contact`` that were not touched keep their lines.
        """
        notes = self.notes.text
        if contact is not None and contact.notes.replace("\n", " ") == notes:
            notes = contact.notes
        return {
            "zone": self.zone.text,
            "locale": self.language.text,
            "quiet": quiet_from_words(self.quiet.text, "quiet"),
            "groups": _listed(self.groups),
            "notes": notes,
            "emergency": {PHONES: _listed(self.phones), MAILS: _listed(self.mails)},
        }

    def field(self, name: str) -> Field | None:
        """Where the engine's name of a field is typed."""
        if name.startswith("emergency."):
            return self.mails if name.startswith(f"emergency.{MAILS}") else self.phones
        known = {
            "zone": self.zone,
            "locale": self.language,
            "quiet": self.quiet,
            "groups": self.groups,
            "notes": self.notes,
        }
        return known.get(re.split(r"[.\[]", name, maxsplit=1)[0])


def _listed(field: Field) -> list[str]:
    return [part for part in _BETWEEN.split(field.text) if part]
