"""The composer forgets nothing and posts once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.composer import Composer, Draft, Entry, check_draft
from crisisdesk.domain.errors import Malformed

from tests.domain.incident_log import MINUTE, START

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(560, 120)
    made.show()
    made.activateWindow()
    made.now_ms = START
    return made


def test_the_first_line_is_the_title_and_the_rest_below():
    entry = check_draft(Draft(text=" Lag holds. \n\nAt 41 s\nsince 02:30 ", happened="2:01"), START)
    assert (entry.title, entry.description) == ("Lag holds.", "At 41 s\nsince 02:30")
    assert entry.happened_at == START - START % MINUTE - 4 * MINUTE


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft(text="  \n "), "text: is empty"),
        (Draft(text="x" * 201), "first line: has 201 characters; end it within 200"),
        (Draft(text="x", happened="soon"), "happened_at: 'soon' is no time"),
    ],
)
def test_what_cannot_be_posted_is_said(draft: Draft, words: str):
    with pytest.raises(Malformed, match=words):
        check_draft(draft, START)


def test_ctrl_enter_posts_and_a_kept_entry_empties_the_field(composer: Composer, qtbot: QtBot):
    composer.write()
    qtbot.keyClicks(composer.field, "Lag holds.")
    composer.pinned.setChecked(True)
    with qtbot.waitSignal(composer.posted) as posted:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    entry = posted.args[0]
    assert isinstance(entry, Entry)
    assert (entry.title, entry.update_type, entry.is_pinned) == ("Lag holds.", "note", True)
    composer.settle()
    assert composer.draft() == Draft()


def test_it_is_posted_once_however_often_it_is_pressed(composer: Composer, qtbot: QtBot):
    posted: list[Entry] = []
    composer.posted.connect(posted.append)
    composer.take_draft(Draft(text="Once."))
    for _ in range(3):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(posted) == 1
    composer.refuse("Not saved: away.")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(posted) == 2


def test_a_refusal_keeps_every_word(composer: Composer):
    composer.take_draft(Draft(text="Long thought", happened="99:99"))
    composer._post()
    assert composer.words.isVisible()
    assert composer.words.text() == (
        "Not posted: happened_at '99:99' is no time; write hh:mm in UTC."
    )
    assert composer.draft().text == "Long thought"


def test_an_update_is_public_unless_something_is_being_written(composer: Composer):
    composer.write(public=True)
    assert (composer.draft().is_public, composer.draft().update_type) == (True, "communication")
    composer.take_draft(Draft(text="half a note"))
    composer.write(public=True)
    assert not composer.draft().is_public


def test_editing_gives_back_what_was_being_written(composer: Composer, qtbot: QtBot):
    composer.take_draft(Draft(text="half a note"))
    composer.edit(Draft(text="old words", update_id="U-1", is_pinned=True))
    assert composer.draft().update_id == "U-1"
    assert not composer.kind.isEnabled()
    qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert composer.draft() == Draft(text="half a note")


def test_esc_folds_an_empty_field_and_keeps_a_full_one(composer: Composer, qtbot: QtBot):
    composer.write()
    with qtbot.waitSignal(composer.left):
        qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert composer._options.isHidden()
    composer.take_draft(Draft(text="words"))
    qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert composer.draft().text == "words"
    assert not composer._options.isHidden()
