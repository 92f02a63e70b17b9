"""The strip below the charts keeps its height and says what it is given."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.legend import legend
from crisisdesk.desk.health.readout import Readout, wrapped
from crisisdesk.desk.look.theme import Look

from tests.desk.health.shown import FULL, band_of, charted, spell


def short(text: str) -> bool:
    return len(text) <= 12


def test_sentences_fill_two_lines_and_no_more() -> None:
    assert wrapped([], short) == []
    assert wrapped(["One."], short) == ["One."]
    assert wrapped(["One.", "Two."], short) == ["One. Two."]
    assert wrapped(["One one one.", "Two."], short) == ["One one one.", "Two."]
    assert wrapped(["A" * 12, "B" * 12, "C" * 12], short) == ["A" * 12, f"{'B' * 12} {'C' * 12}"]


def test_its_height_stays_and_all_can_be_read_in_full(qtbot: QtBot, look: Look) -> None:
    strip = Readout()
    qtbot.addWidget(strip)
    strip.resize(900, strip.height())
    tall = strip.height()
    blank = strip.grab().toImage()
    strip.show_sentences(["First.", "Second."])
    assert strip.toolTip() == "First.\nSecond."
    assert strip.accessibleName() == "First. Second."
    told = strip.grab().toImage()
    assert told != blank
    all_of_it = charted([1.0], FULL, band=band_of([1.0], 0.0, 2.0), spells=(spell(9, 5),))
    strip.show_legend(legend([all_of_it.over]))
    assert strip.grab().toImage() != told
    assert strip.height() == tall
    look.switch(zoom=200)
    assert strip.height() == 2 * tall
