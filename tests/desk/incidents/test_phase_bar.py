"""The phases in one line: their words, for eyes and for the screen reader."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.phase_bar import PhaseBar, phase_words, spoken_phases
from crisisdesk.desk.incidents.task_rows import PhaseCount

pytestmark = pytest.mark.usefixtures("look")
COUNTS = [
    PhaseCount("initial_response", 0, 2),
    PhaseCount("containment", 2, 1, is_now=True),
    PhaseCount("review", 0, 0),
]


def test_each_cell_counts_what_is_done():
    assert [phase_words(count) for count in COUNTS] == ["2/2", "1/3", "–"]


def test_phases_without_tasks_are_not_spoken():
    assert spoken_phases(COUNTS) == (
        "Phases: Initial response 2 of 2 done; Containment and mitigation 1 of 3 done, now"
    )
    assert spoken_phases([]) == "Phases: no tasks"


def test_the_bar_says_what_it_shows(qtbot: QtBot):
    bar = PhaseBar()
    qtbot.addWidget(bar)
    bar.resize(360, 38)
    bar.show_counts(COUNTS)
    assert bar.accessibleName() == spoken_phases(COUNTS)
    assert not bar.grab().isNull()
