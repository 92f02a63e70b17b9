"""One candidate in full: its words, its buttons, and what is typed about it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.candidates.keeper import Dossier
from crisisdesk.desk.candidates.page import CandidatePage
from crisisdesk.desk.look.theme import Look

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


def test_a_reason_is_asked_for_only_where_there_is_something_to_dismiss(
    page: CandidatePage,
) -> None:
    show(page)
    assert not page.reason.isHidden()
    show(page, status="dismissed")
    assert page.reason.isHidden()
    page.tick(START + 180_000)
    assert not page.grab().isNull()


def test_a_reason_that_is_typed_stays_until_another_candidate_is_shown(
    page: CandidatePage, qtbot: QtBot
) -> None:
    show(page)
    qtbot.keyClicks(page.reason, "half a reason")
    show(page, worst="critical")
    assert page.reason.text() == "half a reason"
    show(page, candidate_id="CAN-2")
    assert page.reason.text() == ""
