"""The selected shift in words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.detail import AWAY, FactList, ShiftDetail
from crisisdesk.desk.planning.oncall.words import Fact
from crisisdesk.domain.oncall.reasons import Hold, holds

from tests.desk.planning.oncall.published import DATABASE, HOUR, NOW, ZONE, published, swap, version

pytestmark = pytest.mark.usefixtures("look")
FOUND = published(version("Database", DATABASE), version("Swap", swap(NOW, NOW + HOUR), 1))
TURN, SWAP, _ = holds(
    FOUND.rota.schedules["Database"], FOUND.rota.overrides("Database"), NOW - 1, NOW + 2 * HOUR
)


@pytest.fixture
def detail(qtbot: QtBot) -> ShiftDetail:
    made = ShiftDetail()
    qtbot.addWidget(made)
    made.resize(304, 500)
    made.show()
    return made


def test_without_a_shift_it_says_how_to_select_one(detail: ShiftDetail) -> None:
    assert detail.nothing.isVisible()
    assert not detail.title.isVisible()
    detail.show_hold(TURN, ZONE, FOUND)
    assert not detail.nothing.isVisible()
    assert detail.title.accessibleName() == "Cy Cole"
    assert "Why: Rotation: their turn in Primary." in detail.facts.accessibleName()


def test_only_an_override_can_be_taken_back_and_a_gap_is_filled(detail: ShiftDetail) -> None:
    detail.show_hold(TURN, ZONE, FOUND)
    assert not detail.back.isVisible()
    assert detail.add.text() == "Add override"
    detail.show_hold(SWAP, ZONE, FOUND)
    assert detail.back.isVisible()
    detail.show_hold(Hold(contact="", start_ms=NOW, end_ms=NOW + HOUR), ZONE, FOUND)
    assert (detail.back.isVisible(), detail.add.text()) == (False, "Fill it")


def test_while_the_form_is_open_it_has_the_buttons(detail: ShiftDetail) -> None:
    detail.show_hold(SWAP, ZONE, FOUND)
    detail.set_filling(True)
    assert not detail.add.isVisible()
    assert not detail.back.isVisible()
    detail.set_filling(False)
    assert detail.add.isVisible()
    assert detail.back.isVisible()


def test_while_the_engine_is_away_it_says_why_nothing_can_be_done(detail: ShiftDetail) -> None:
    detail.set_away(True)
    assert (detail.away.isVisible(), detail.add.isEnabled()) == (True, False)
    assert detail.add.toolTip() == AWAY
    detail.set_away(False)
    assert (detail.away.isVisible(), detail.add.isEnabled()) == (False, True)


def test_long_values_wrap_and_the_list_grows(qtbot: QtBot) -> None:
    facts = FactList()
    qtbot.addWidget(facts)
    facts.resize(300, 10)
    facts.show()
    facts.show_facts([Fact("Why", "short")])
    short = facts.height()
    facts.show_facts([Fact("Why", "words " * 60)])
    assert facts.height() > 3 * short
    wide = facts.height()
    facts.resize(900, facts.height())
    assert facts.height() < wide
