"""The composer forgets nothing and posts once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.composer import Composer
from crisisdesk.desk.incidents.draft import IMAGES_LIMIT, Draft, DraftImage, Entry
from crisisdesk.domain.image_file import bare_image

from tests.domain.image_bytes import png
from tests.domain.incident_log import START

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


def image(shade: int, caption: str = "") -> DraftImage:
    file = bare_image(png(40, 30, shade))
    return DraftImage(file=file, thumb=file.data, caption=caption)


def test_images_are_previewed_captioned_removed_and_sent(composer: Composer, qtbot: QtBot):
    composer.write()
    composer.add_image(image(1))
    composer.add_image(image(2))
    composer.add_image(image(2))
    first, second = composer.shelf.rows()
    assert composer.shelf.isVisible()
    for widget in (first.caption, first.remove, second.caption, second.remove, composer.kind):
        qtbot.keyClick(composer.focusWidget(), Qt.Key.Key_Tab)
        assert composer.focusWidget() is widget
    qtbot.keyClicks(first.caption, "The rack")
    qtbot.keyClick(second.remove, Qt.Key.Key_Return)
    assert [i.caption for i in composer.draft().images] == ["The rack"]
    with qtbot.waitSignal(composer.posted) as posted:
        qtbot.keyClick(first.caption, Qt.Key.Key_Return)
    entry = posted.args[0]
    assert isinstance(entry, Entry)
    assert (entry.title, entry.images) == ("The rack", (image(1, "The rack"),))
    composer.settle()
    assert composer.draft().is_empty
    assert not composer.shelf.isVisible()


def test_an_image_alone_is_a_draft_that_is_kept(composer: Composer):
    composer.write()
    composer.add_image(image(1, "Seen"))
    draft = composer.draft()
    composer.take_draft(None)
    assert composer.shelf.rows() == []
    composer.take_draft(draft)
    assert composer.draft() == draft
    composer.field.left.emit()
    assert composer.draft() == draft


def test_one_image_too_many_is_refused_in_words(composer: Composer):
    for shade in range(IMAGES_LIMIT + 1):
        composer.add_image(image(shade))
    assert len(composer.draft().images) == IMAGES_LIMIT
    assert composer.words.text().startswith(f"Not added: a note takes {IMAGES_LIMIT} images")
