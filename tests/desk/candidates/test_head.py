"""The head of a candidate: how it stands, and what can be done with it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.candidates.head import CandidateHead, offered
from crisisdesk.domain.correlation.candidate import CandidateStatus

from tests.domain.correlation.making import START
from tests.domain.correlation.test_candidate_words import candidate

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def head(qtbot: QtBot) -> CandidateHead:
    made = CandidateHead()
    qtbot.addWidget(made)
    made.resize(900, 52)
    return made


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
    head: CandidateHead, status: str, buttons: tuple[str, ...]
) -> None:
    one = candidate(status=status, opened_at=START)
    assert offered(one) == buttons
    head.show_candidate(one, START, away=True)
    shown = {name for name, button in head.buttons.items() if not button.isHidden()}
    assert shown == set(buttons)
    enabled = {name for name in shown if head.buttons[name].isEnabled()}
    assert enabled == shown & {"incident"}
    assert not head.grab().isNull()


def test_it_is_told_to_the_screen_reader_and_its_age_turns(head: CandidateHead) -> None:
    one = candidate(opened_at=START, alerts=["A-1", "A-2"])
    head.show_candidate(one, START + 60_000, away=False)
    name = head.words.accessibleName()
    assert "candidate CAN-1, major, 2 on db, proposed, began 1 min ago" in name
    head.tick(START + 180_000)
    assert [chip.words for chip in head.words.chips()] == ["proposed", "began 3 min ago"]
