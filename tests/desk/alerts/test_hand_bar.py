"""The line that says who has an alert."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.hand_bar import HandBar

from tests.domain.events import JONAS, KLARA
from tests.domain.test_handoff import offered
from tests.domain.test_holding import any_order, taken, until

pytestmark = pytest.mark.usefixtures("look")


def test_it_turns_and_goes(qtbot: QtBot) -> None:
    bar = HandBar()
    qtbot.addWidget(bar)
    bar.resize(464, 52)
    log, _ack = taken()
    alert = any_order(log)
    bar.show_alert(alert, KLARA, until(10))
    assert bar.isVisible()
    assert "20:00 left" in bar.accessibleName()
    bar.tick(until(11))
    assert "19:00 left" in bar.words
    before = bar.grab().toImage()
    bar.show_alert(any_order(offered()[0]), JONAS, until(3))
    assert bar.grab().toImage() != before
    bar.show_alert(None, KLARA, until(11))
    assert not bar.isVisible()
    assert bar.words == ""
