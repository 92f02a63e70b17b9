"""The output pane: it grows, follows its end, and leaves whoever reads above."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.output_pane import OutputPane
from crisisdesk.desk.recovery_room.output_words import Output


@pytest.fixture
def pane(qtbot: QtBot, look: Look) -> OutputPane:
    made = OutputPane()
    qtbot.addWidget(made)
    made.resize(400, 160)
    with qtbot.waitExposed(made):
        made.show()
    return made


def text(count: int) -> str:
    return "\n".join(f"line {n}" for n in range(count))


def test_it_follows_the_end_while_that_is_in_view(pane: OutputPane) -> None:
    bar = pane.text.verticalScrollBar()
    pane.show_output(Output("a1", "as it comes", text(50)))
    assert bar.value() == bar.maximum() > 0
    pane.show_output(Output("a1", "as it comes", text(80)))
    assert pane.text.toPlainText() == text(80)
    assert bar.value() == bar.maximum()
    pane.resize(60, 90)
    pane.grab()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()


def test_who_reads_above_is_left_there(pane: OutputPane) -> None:
    bar = pane.text.verticalScrollBar()
    pane.show_output(Output("a1", "as it comes", text(50)))
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    pane.show_output(Output("a1", "as it comes", text(90)))
    assert bar.value() == 0
    pane.show_output(Output("a1", "ended well", "cut\n" + text(90)))
    assert bar.value() == 0
    pane.show_output(Output("a2", "as it comes", text(60)))
    assert bar.value() == bar.maximum()
