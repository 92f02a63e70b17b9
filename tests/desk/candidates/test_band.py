"""The band: shown while something is proposed, worked by keys, never taller than four rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.candidates.band import CandidateBand
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.domain.correlation.candidate import Candidate

from tests.domain.correlation.test_candidate_words import candidate


def some(count: int) -> list[Candidate]:
    return [candidate(candidate_id=f"CAN-{n}") for n in range(count)]


def test_it_shows_while_something_is_proposed(look: Look, qtbot: QtBot) -> None:
    band = CandidateBand()
    qtbot.addWidget(band)
    band.resize(300, 400)
    assert band.isHidden()
    band.show_candidates(some(2))
    assert not band.isHidden()
    assert band.list.height() == 2 * theme().px(52)
    assert "2 proposed" in band.head.accessibleName()
    band.show_candidates(some(9))
    assert band.list.height() == 4 * theme().px(52)
    band.tick(5_000)
    assert not band.grab().isNull()
    band.show_candidates([])
    assert band.isHidden()


def test_enter_opens_the_selected_and_only_that(look: Look, qtbot: QtBot) -> None:
    band = CandidateBand()
    qtbot.addWidget(band)
    band.show_candidates(some(2))
    accepted: list[Candidate] = []
    chosen: list[str] = []
    band.list.accepted.connect(accepted.append)
    band.list.chosen.connect(chosen.append)
    qtbot.keyClick(band.list, Qt.Key.Key_Return)
    assert accepted == []
    band.select("CAN-1")
    qtbot.keyClick(band.list, Qt.Key.Key_Return)
    assert [one.candidate_id for one in accepted] == ["CAN-1"]
    assert chosen == ["CAN-1"]
    qtbot.keyClick(band.list, Qt.Key.Key_Up)
    assert band.list.current() == some(1)[0]
    band.select("CAN-NONE")
    assert band.list.current() is None


def test_rows_that_come_leave_the_selected_one_where_it_was(look: Look, qtbot: QtBot) -> None:
    band = CandidateBand()
    qtbot.addWidget(band)
    band.show_candidates(some(2))
    band.select("CAN-1")
    band.show_candidates([candidate(candidate_id="CAN-NEW"), *some(2)])
    current = band.list.current()
    assert current is not None
    assert current.candidate_id == "CAN-1"
