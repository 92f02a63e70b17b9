"""The right side: one way on each line, and all alerts at once where there are several."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.siren.dossier import Way
from crisisdesk.desk.siren.side import SirenSide, Ways

pytestmark = pytest.mark.usefixtures("look")


def test_each_way_is_told(qtbot: QtBot) -> None:
    ways = Ways()
    qtbot.addWidget(ways)
    one_line = ways.sizeHint().height()
    ways.show_ways(())
    assert "No message" in ways.accessibleName()
    told = [Way(word=f"way {n}", told="failed", ink="critical") for n in range(9)]
    ways.show_ways(told[:2])
    assert ways.accessibleName() == "way 0: failed; way 1: failed"
    assert ways.sizeHint().height() == 2 * one_line
    ways.show_ways(told)
    assert ways.sizeHint().height() == 6 * one_line


def test_all_at_once_is_offered_only_for_several(qtbot: QtBot) -> None:
    side = SirenSide()
    qtbot.addWidget(side)
    side.show_ways((), 1)
    assert side.take_all.isHidden()
    side.show_ways((), 4)
    assert not side.take_all.isHidden()
    assert side.take_all.text() == "I have all 4: acknowledge them"


def test_over_the_list_only_what_to_press_has_room(qtbot: QtBot) -> None:
    side = SirenSide()
    qtbot.addWidget(side)
    side.show_ways((), 4)
    beside = side.sizeHint().height()
    side.fit(stacked=True)
    assert side.why.isHidden()
    assert side.ways.isHidden()
    assert side.sizeHint().height() < beside
