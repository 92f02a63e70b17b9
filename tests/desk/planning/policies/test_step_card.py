"""A card shows its step and does not write over what is being typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.content import OTHERWISE, fresh, with_targets
from crisisdesk.desk.planning.policies.step_card import OtherwiseCard, StepCard
from crisisdesk.desk.planning.policies.targets import Labels

LABELS = Labels({}, [], ["Managers"])


@pytest.fixture
def card(look: Look, qtbot: QtBot) -> StepCard:
    made = StepCard(0, QStringListModel(LABELS.all()))
    qtbot.addWidget(made)
    made.show_step(fresh(), LABELS, 2)
    made.show()
    return made


def test_a_delay_typed_in_other_words_stays_as_it_was_typed(card: StepCard) -> None:
    given: list[tuple[str, object]] = []
    card.changed.connect(lambda field, value: given.append((field, value)))
    card.wait.line.selectAll()
    QTest.keyClicks(card.wait.line, "300 s")
    assert given[-1] == ("wait_s", 300)
    card.show_step(fresh(), LABELS, 2)
    assert card.wait.line.text() == "300 s"
    other = fresh() | {"steps": [fresh()["steps"][0] | {"wait_s": 90}]}
    card.show_step(other, LABELS, 2)
    assert card.wait.line.text() == "1 min 30 s"


def test_what_cannot_be_done_is_greyed(card: StepCard) -> None:
    assert [b.isEnabled() for b in (card.up, card.down, card.remove)] == [False, True, True]
    card.show_step(fresh(), LABELS, 1)
    assert [b.isEnabled() for b in (card.up, card.down, card.remove)] == [False, False, False]


def test_a_refusal_of_the_answers_stands_below_them(card: StepCard) -> None:
    card.refuse("ack", -1, "Is odd.")
    assert card.ack_refusal.isVisible()
    card.refuse("", -1, "")
    assert not card.ack_refusal.isVisible()
    assert card.field("ack") is card.ack


def test_the_fallback_says_that_it_is_everyone_while_nobody_is_named(
    look: Look, qtbot: QtBot
) -> None:
    card = OtherwiseCard(QStringListModel(LABELS.all()))
    qtbot.addWidget(card)
    card.show()
    card.show_content(fresh(), LABELS)
    assert card.everyone.isVisible()
    card.show_content(with_targets(fresh(), OTHERWISE, [{"group": "Managers"}]), LABELS)
    assert not card.everyone.isVisible()
    assert card.targets.lines[0].choice.currentText() == "Group Managers"
