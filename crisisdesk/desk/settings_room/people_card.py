"""The people who can be paged: their methods, a test of each, and a form for one more."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import Card, Field, Verdict, row, tabs_before
from crisisdesk.desk.settings_room.people_files import PeopleFiles
from crisisdesk.desk.settings_room.person_row import PersonRow
from crisisdesk.desk.settings_room.preferences import Preferences, matching
from crisisdesk.domain.amounts import count_words
from crisisdesk.domain.contact import Contact, kept_method
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import SEVERITY_RANK

if TYPE_CHECKING:
    from crisisdesk.desk.frame.text import Ink
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.store.queries import StationReader

_ENDED = {
    "sent": "ok",
    "delivered": "ok",
    "read": "ok",
    "failed": "critical",
    "expired": "critical",
    "superseded": "critical",
}
# A row of buttons for each of two thousand people of a file would hold the window for seconds.
SHOWN = 20
EXAMPLES = "mailtos://user:password@mail.example.com?to=me@example.com"


def severity_choice() -> QComboBox:
    """From which severity on a method is used."""
    box = QComboBox()
    for name in SEVERITY_RANK:
        box.addItem(f"{name} and worse" if name != "emergency" else "emergency only", str(name))
    box.setCurrentIndex(2)
    box.setAccessibleName("Page from this severity on")
    return box


class PeopleCard(Card):
    """Lists contacts. ``saved`` comes when a contact was kept."""

    saved = Signal()

    def __init__(self, desk: Desk, *, listing: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(
            "People to page",
            "Each method has one address. It is sealed on this station and never shown again.",
            parent,
        )
        self._desk, self._listing = desk, listing
        self.contacts: list[Contact] = []
        self._editing: Contact | None = None
        self._tests: dict[str, Text] = {}
        self._waiting: dict[str, str] = {}
        self._outcomes: dict[str, tuple[str, Ink]] = {}
        self._people = QVBoxLayout()
        self._people.setSpacing(theme().px(6))
        self.finder = Field("Find", "part of a name, a role, a group or a number")
        self.finder.line.textChanged.connect(self._show_people)
        self.finder.hide()
        self.body.addWidget(self.finder)
        self.body.addLayout(self._people)
        self._build_form()

    def _build_form(self) -> None:
        self.name = Field("Name", "Priya Nair", 180)
        self.role = Field("Role", "database, on call", 160)
        self.url = Field("Address (an Apprise URL)", EXAMPLES)
        self.url.line.setMinimumWidth(theme().px(220))
        self.least = severity_choice()
        self.save = KeyButton("Add", kind="normal")
        self.cancel = KeyButton("Cancel")
        self.cancel.hide()
        self.cancel.clicked.connect(self._end_editing)
        self.save.clicked.connect(self.send)
        self.url.line.returnPressed.connect(self.send)
        self.verdict = Verdict()
        self.likes, self.files = Preferences(), PeopleFiles(self._desk)
        self.likes.entered.connect(self.send)
        self.likes.hide()
        self.more = KeyButton("More…")
        self.more.setAccessibleName("Time zone, quiet hours, numbers and groups")
        self.more.clicked.connect(lambda: self._show_more(not self.likes.isVisibleTo(self)))
        self.files.taken.connect(self._taken_in)
        first = row(self.name, self.role, self.url)
        first.setStretch(2, 1)
        for field in (self.name, self.role):
            first.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(first)
        self.body.addWidget(self.likes)
        buttons = row(self.least, self.save, self.cancel, self.more, 1)
        buttons.addWidget(self.files.open)
        buttons.addWidget(self.files.print)
        self.body.addLayout(buttons)
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.files)
        # Tab goes through the form as it stands on the page.
        lines = [field.line for field in (self.name, self.role, self.url, *self.likes.fields)]
        ends = [self.least, self.save, self.cancel, self.more, *self.files.buttons]
        for before, after in pairwise([*lines, *ends]):
            QWidget.setTabOrder(before, after)

    def _show_more(self, shown: bool) -> None:
        """Open or close the lines that most people leave empty."""
        self.likes.setVisible(shown)
        self.more.set_text("Less" if shown else "More…")

    def _taken_in(self) -> None:
        self.read()
        self.saved.emit()

    def read(self) -> None:
        """Ask the store for the contacts, and for the outcome of tests under way."""

        def question(reader: StationReader) -> tuple[list[Contact], list[Delivery]]:
            return reader.contacts(), reader.deliveries(50) if self._waiting else []

        self._desk.ask(question, self._show)

    def _show(self, found: tuple[list[Contact], list[Delivery]]) -> None:
        contacts, deliveries = found
        if contacts != self.contacts:
            self.contacts = contacts
            if self._listing:
                self._show_people()
        for one in deliveries:
            method = self._waiting.get(one.delivery_id)
            if method is None:
                continue
            tone = _ENDED.get(one.status)
            words = one.words or ("on its way" if tone is None else "")
            ink: Ink = "ok" if tone == "ok" else "critical" if tone else "secondary"
            self._say_outcome(method, f"{one.status}: {words}" if words else str(one.status), ink)
            if tone is not None:
                del self._waiting[one.delivery_id]

    def _say_outcome(self, method_id: str, words: str, ink: Ink) -> None:
        self._outcomes[method_id] = (words, ink)
        # The person may have been removed while the test was under way.
        if method_id in self._tests:
            self._tests[method_id].setText(words)
            self._tests[method_id].set_ink(ink)

    def _show_people(self) -> None:
        while (entry := self._people.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._tests = {}
        found = matching(self.contacts, self.finder.text)
        self.finder.setVisible(len(self.contacts) > SHOWN)
        for contact in found[:SHOWN]:
            self._people.addWidget(self._person(contact))
        if len(found) > SHOWN:
            words = f"and {count_words(len(found) - SHOWN)} more: type what to find"
            self._people.addWidget(Text(words, "small", "tertiary"))
        if not self.contacts:
            words = "Nobody yet: alerts only sound on this desk."
            self._people.addWidget(Text(words, "body", "stale"))
        tabs_before(self.name.line, self._people)

    def _person(self, contact: Contact) -> QWidget:
        person = PersonRow(contact, self._outcomes)
        self._tests |= person.outcomes
        person.edited.connect(lambda: self._edit(contact))
        person.removed.connect(lambda: self._remove(contact))
        person.tested.connect(lambda method_id: self._test(contact.contact_id, method_id))
        person.ordered.connect(
            lambda card, words, back: self._order(contact.contact_id, card, words, back)
        )
        return person

    # -- commands --------------------------------------------------------------------------

    def send(self) -> None:
        """Save the form as a new contact, or over the one that is edited."""
        if not self.save.isEnabled():
            return
        name, url = self.name.text, self.url.text
        known = self._editing
        methods = [kept_method(method) for method in (known.methods if known else ())]
        if not name or not (url or methods or self.likes.reachable()):
            missing = self.url if name else self.name
            missing.refuse("An address is needed." if name else "A name is needed.")
            missing.line.setFocus()
            return
        if url:
            methods.append({"url": url, "min_severity": self.least.currentData(), "label": ""})
        try:
            likes = self.likes.order(known)
        except Malformed as error:
            self._refuse_at(self.likes.quiet, f"{error.problem}; {error.remedy}.")
            return
        enabled = known is None or known.enabled
        card = {"name": name, "role": self.role.text, "enabled": enabled, "methods": methods}
        card |= likes
        contact_id = self._editing.contact_id if self._editing else ""

        def done(_: object) -> None:
            self.save.setEnabled(True)
            self._end_editing()
            self.verdict.say(f"{name} is saved.")
            self.read()
            self.saved.emit()

        def refused(refusal: Refusal) -> None:
            self.save.setEnabled(True)
            field = self._field(refusal.field)
            if field is None:
                self._refused(refusal)
                return
            self._refuse_at(field, f"Not saved: {refusal.words}; {refusal.remedy}.")

        self.save.setEnabled(False)
        self._desk.command(
            f"the contact {name}",
            lambda client: client.save_contact(card, contact_id),
            done,
            refused,
        )

    def _refuse_at(self, field: Field, words: str) -> None:
        self.verdict.say("")
        if field in self.likes.fields:
            self._show_more(True)
        field.refuse(words)
        field.line.setFocus()

    def _field(self, name: str) -> Field | None:
        """Where the engine's name of a field is typed."""
        if name.endswith(".url"):
            return self.url
        return {"name": self.name, "role": self.role}.get(name) or self.likes.field(name)

    def _refused(self, refusal: Refusal) -> None:
        where = f"{refusal.field}: " if refusal.field else ""
        self.verdict.say(f"Not saved: {where}{refusal.words}; {refusal.remedy}.", "stale")

    def _order(
        self, contact_id: str, card: dict[str, Any], words: str, back: dict[str, Any] | None
    ) -> None:
        """Save a card that was changed in one thing; ``back`` is the one before, for the undo."""

        def saved(_: object) -> None:
            self.verdict.say(f"{words}.")
            self.read()
            if back is not None:
                self._desk.offer_undo(
                    words, lambda: self._order(contact_id, back, f"Taken back: {words}", None)
                )

        self._desk.command(
            f"the contact {card['name']}",
            lambda client: client.save_contact(card, contact_id),
            saved,
            self._refused,
        )

    def _edit(self, contact: Contact) -> None:
        self._editing = contact
        self.name.line.setText(contact.name)
        self.role.line.setText(contact.role)
        self.url.line.clear()
        self.url.line.setPlaceholderText("one more address, or nothing to keep those it has")
        self.likes.show_contact(contact)
        self._show_more(True)
        self.save.set_text("Save")
        self.cancel.show()
        self.name.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_editing(self) -> None:
        self._editing = None
        for field in (self.name, self.role, self.url):
            field.line.clear()
            field.refuse("")
        self.likes.show_contact(Contact(contact_id="", name=""))
        self._show_more(False)
        self.url.line.setPlaceholderText(EXAMPLES)
        self.save.set_text("Add")
        self.cancel.hide()

    def _remove(self, contact: Contact) -> None:
        def done(_: object) -> None:
            if self._editing and self._editing.contact_id == contact.contact_id:
                self._end_editing()
            self.verdict.say(f"{contact.name} is no longer paged.")
            self.read()

        self._desk.command(
            f"removing {contact.name}",
            lambda client: client.remove_contact(contact.contact_id),
            done,
            self._refused,
        )

    def _test(self, contact_id: str, method_id: str) -> None:
        def done(delivery_id: str) -> None:
            self._waiting[delivery_id] = method_id
            self._say_outcome(method_id, "queued", "secondary")
            self.read()

        self._desk.command(
            "the test", lambda c: c.send_test_page(contact_id, method_id), done, self._refused
        )
