"""Before anything is read: silent for a second, then in words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.waiting import Waiting

pytestmark = pytest.mark.usefixtures("look")


def test_it_says_what_it_waits_for_only_when_that_lasts(qtbot: QtBot) -> None:
    waiting = Waiting()
    qtbot.addWidget(waiting)
    waiting.resize(800, 400)
    waiting.show()
    waiting.tick(5_000)
    waiting.tick(6_000)
    assert not waiting.words.isVisible()
    waiting.tick(6_001)
    assert waiting.words.isVisible()
    assert "not read yet" in waiting.words.text()
