"""What was not kept is told, and sent again when the engine is back."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.refusal import RefusalCard
from crisisdesk.desk.alerts.unsent import Unsent
from crisisdesk.desk.room import Refusal

from tests.desk.alerts.rows import NOW

pytestmark = pytest.mark.usefixtures("look")


class Said:
    """The part of a desk that is asked here."""

    def __init__(self) -> None:
        self.toasts: list[str] = []

    def now_ms(self) -> int:
        return NOW

    def say(self, title: str, *_rest: str) -> None:
        self.toasts.append(title)


def unsent(qtbot: QtBot, *, in_view: bool = True) -> tuple[Unsent, RefusalCard, Said]:
    card, desk = RefusalCard(), Said()
    qtbot.addWidget(card)
    told: Any = desk
    return Unsent(told, card, lambda: in_view), card, desk


AWAY = Refusal(words="the engine is not running", remedy="wait", away=True)


def test_it_waits_for_the_engine_and_is_sent_once(qtbot: QtBot) -> None:
    one, card, _desk = unsent(qtbot)
    sent: list[str] = []
    one.engine_changed(True)
    one.refused("acknowledge x", AWAY, lambda: sent.append("again"))
    assert card.isVisible()
    card.again_button.click()
    assert (sent, card.again_button.isEnabled()) == ([], False)
    one.engine_changed(False)
    one.engine_changed(False)
    assert (sent, card.isVisible()) == (["again"], False)


def test_what_was_forgotten_is_not_sent(qtbot: QtBot) -> None:
    one, card, _desk = unsent(qtbot)
    sent: list[str] = []
    one.engine_changed(True)
    one.refused("acknowledge x", AWAY, lambda: sent.append("again"))
    card.again_button.click()
    with qtbot.waitSignal(one.changed):
        card.forget_button.click()
    one.engine_changed(False)
    assert sent == []


def test_without_an_alert_in_view_it_is_a_toast(qtbot: QtBot) -> None:
    one, card, desk = unsent(qtbot, in_view=False)
    one.refused("acknowledge x", Refusal(words="no", remedy="look"), lambda: None)
    assert (desk.toasts, card.isVisible()) == (["Not saved: acknowledge x"], False)
