"""What a draft means, and what keeps it from being sent."""

from __future__ import annotations

import pytest

from crisisdesk.desk.incidents.draft import Draft, DraftImage, check_draft
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import bare_image

from tests.domain.image_bytes import png
from tests.domain.incident_log import MINUTE, START


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


def image(caption: str) -> DraftImage:
    return DraftImage(file=bare_image(png()), thumb=png(), caption=caption)


def test_images_without_words_name_themselves():
    entry = check_draft(Draft(images=(image("The rack"), image(""), image("its fan "))), START)
    assert (entry.title, entry.description) == ("The rack; its fan", "")
    assert len(entry.images) == 3
    assert check_draft(Draft(images=(image(""),)), START).title == "Image"
    assert check_draft(Draft(images=(image(" "), image(""))), START).title == "2 images"
    assert len(check_draft(Draft(images=(image("x" * 200), image("y"))), START).title) == 200
    assert check_draft(Draft(text="Words", images=(image("a"),)), START).title == "Words"


def test_what_would_be_lost_is_no_empty_draft():
    assert Draft(text=" \n").is_empty
    assert not any(
        draft.is_empty
        for draft in (Draft(text="x"), Draft(update_id="U-1"), Draft(images=(image(""),)))
    )
