"""What a person prefers, typed as text: filled from a card, given back as the engine takes it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.settings_room.preferences import Preferences, likes_words, matching
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed

pytestmark = pytest.mark.usefixtures("look")

CARD: dict[str, Any] = {
    "zone": "Europe/Prague",
    "locale": "cs",
    "quiet": [{"days": [0, 1], "from": "22:00", "to": "06:00", "min_severity": "critical"}],
    "groups": ["DBA", "Night"],
    "notes": "Ring\ntwice",
    "emergency": {"phones": ["+420 1", "+420 2"], "mails": ["ana@example.org"]},
}
ANA = Contact(contact_id="C-1", name="Ana", **CARD)


@pytest.fixture
def likes(qtbot: QtBot) -> Preferences:
    made = Preferences()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_card_that_is_shown_is_given_back_as_it_was(likes: Preferences) -> None:
    likes.show_contact(ANA)
    assert likes.quiet.text == "Mon,Tue 22:00-06:00 only critical"
    assert likes.order(ANA) == CARD
    likes.notes.line.setText("Ring once")
    assert likes.order(ANA) == CARD | {"notes": "Ring once"}


def test_empty_lines_say_nothing(likes: Preferences) -> None:
    likes.show_contact(ANA)
    likes.show_contact(Contact(contact_id="", name=""))
    empty = {"zone": "", "locale": "", "quiet": [], "groups": [], "notes": ""}
    assert likes.order() == empty | {"emergency": {"phones": [], "mails": []}}
    assert not likes.reachable()
    likes.mails.line.setText("a@b")
    assert likes.reachable()


def test_quiet_hours_that_cannot_be_read_are_refused(likes: Preferences) -> None:
    likes.quiet.line.setText("at night")
    with pytest.raises(Malformed, match="names no hours"):
        likes.order()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("zone", "Time zone"),
        ("locale", "Language"),
        ("quiet[0].from", "Quiet hours, on their clock"),
        ("groups[3]", "Groups"),
        ("notes", "Notes"),
        ("emergency.phones[0]", "Numbers to call by hand"),
        ("emergency.mails[0]", "E-mail to write to by hand"),
    ],
)
def test_what_the_engine_refuses_is_shown_where_it_was_typed(
    likes: Preferences, name: str, label: str
) -> None:
    field = likes.field(name)
    assert field is not None
    assert field.line.accessibleName() == label
    assert likes.field("methods[0].url") is None


def test_a_zone_is_found_by_any_part_of_its_name(likes: Preferences) -> None:
    completer = likes.zone.line.completer()
    completer.setCompletionPrefix("kolk")
    assert completer.currentCompletion() == "Asia/Kolkata"
    completer.setCompletionPrefix("UTC+")
    assert completer.completionCount() == 0


def test_the_return_key_saves_from_every_line(likes: Preferences, qtbot: QtBot) -> None:
    for field in likes.fields:
        with qtbot.waitSignal(likes.entered):
            QTest.keyClick(field.line, Qt.Key.Key_Return)


def test_a_card_is_told_on_one_line() -> None:
    assert likes_words(ANA) == (
        "quiet Mon,Tue 22:00-06:00 only critical  ·  Europe/Prague  ·  cs  ·  DBA, Night  ·  "
        "+420 1, +420 2, ana@example.org"
    )
    assert likes_words(Contact(contact_id="C", name="X")) == ""


def test_every_word_must_stand_on_the_card() -> None:
    ana = Contact(contact_id="C-1", name="Ana", role="DBA", groups=["Night"])
    bob = Contact(contact_id="C-2", name="Bob", emergency={"phones": ["+420 1"]})
    assert matching([ana, bob], "") == [ana, bob]
    assert matching([ana, bob], "NIGHT an") == [ana]
    assert matching([ana, bob], "+420") == [bob]
    assert matching([ana, bob], "ana bob") == []
