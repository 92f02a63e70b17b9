"""The strip of states: counts, keys, and room for all of them in any width."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.filter_strip import FilterStrip
from crisisdesk.domain.delivery_words import GROUPS

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def strip(qtbot: QtBot) -> FilterStrip:
    made = FilterStrip()
    qtbot.addWidget(made)
    made.resize(1228, 40)
    made.show()
    return made


def test_counts_are_told_aloud_and_a_press_chooses(strip: FilterStrip, qtbot: QtBot) -> None:
    strip.show_counts({"failed": 1_204})
    assert strip.button("failed").accessibleName() == "Failed, 1204"
    assert strip.button("failed").accessibleDescription() == "Key F"
    with qtbot.waitSignal(strip.chosen) as told:
        strip.button("failed").click()
    assert (told.args, strip.current()) == (["failed"], "failed")
    strip.set_current("all")
    assert strip.current() == "all"


def test_keys_give_way_before_words_do(strip: FilterStrip) -> None:
    strip.show_counts(dict.fromkeys((group.key for group in GROUPS), 1_000))
    assert not strip.button("all").bare
    strip.resize(900, 40)
    assert strip.button("all").bare
    strip.show_counts({"failed": 3})
    assert strip.button("sent").isVisible()
    strip.resize(500, 40)
    assert not strip.button("sent").isVisible()
    assert strip.button("failed").isVisible()
    strip.resize(1228, 40)
    boxes = [strip.button(group.key).geometry() for group in GROUPS]
    assert all(not a.intersects(b) for a in boxes for b in boxes if a is not b)
