"""One candidate in full: its words, its buttons, and what is typed about it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.candidates.keeper import Dossier
from crisisdesk.desk.candidates.page import CandidatePage, offered
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.correlation.candidate import CandidateStatus

from tests.domain.correlation.making import START, alert
from tests.domain.correlation.test_candidate_words import candidate


@pytest.fixture
def page(look: Look, qtbot: QtBot) -> CandidatePage:
    page = CandidatePage()
    qtbot.addWidget(page)
    page.resize(900, 600)
    return page


def show(page: CandidatePage, *, away: bool = False, **changes: Any) -> None:
    one = candidate(opened_at=START, alerts=["A-1", "A-2"], **changes)
    page.show_dossier(Dossier(one, [alert(1), alert(2, 5)]), START + 60_000, away=away)


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (CandidateStatus.OPEN, ("accept", "dismiss")),
        (CandidateStatus.ACCEPTED, ("incident",)),
        (CandidateStatus.DISMISSED, ("reopen",)),
        (CandidateStatus.EXPIRED, ()),
        (CandidateStatus.MERGED, ()),
    ],
)
def test_what_can_be_done_follows_from_where_it_stands(
    page: CandidatePage, status: str, buttons: tuple[str, ...]
) -> None:
    assert offered(candidate(status=status)) == buttons
    show(page, status=status)
    shown = {name for name, button in page.head.buttons.items() if not button.isHidden()}
    assert shown == set(buttons)
    assert page.reason.isHidden() is (status != CandidateStatus.OPEN)
    assert not page.grab().isNull()


def test_buttons_and_enter_in_the_reason_say_what_was_asked(
    page: CandidatePage, qtbot: QtBot
) -> None:
    pressed: list[str] = []
    page.pressed.connect(pressed.append)
    show(page)
    page.head.buttons["accept"].click()
    qtbot.keyClicks(page.reason, "a test")
    qtbot.keyClick(page.reason, Qt.Key.Key_Return)
    assert pressed == ["accept", "dismiss"]


def test_while_the_engine_is_away_nothing_can_be_saved(page: CandidatePage) -> None:
    show(page, away=True)
    assert not page.head.buttons["accept"].isEnabled()
    page.set_away(False, START)
    assert page.head.buttons["accept"].isEnabled()


def test_a_reason_that_is_typed_stays_until_another_candidate_is_shown(
    page: CandidatePage, qtbot: QtBot
) -> None:
    show(page)
    qtbot.keyClicks(page.reason, "half a reason")
    show(page, worst="critical")
    assert page.reason.text() == "half a reason"
    show(page, candidate_id="CAN-2")
    assert page.reason.text() == ""


def test_it_is_told_to_the_screen_reader_and_its_age_turns(page: CandidatePage) -> None:
    show(page)
    name = page.head.words.accessibleName()
    assert "candidate CAN-1, major, 2 on db, proposed, began 1 min ago" in name
    page.tick(START + 180_000)
    assert page.head.words.chips() == ["proposed", "began 3 min ago"]
