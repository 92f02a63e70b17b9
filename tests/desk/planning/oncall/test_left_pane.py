"""The left pane: counts, gaps or the word that there are none, and what cannot be read."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.left_pane import LeftPane, Problems
from crisisdesk.desk.planning.oncall.reading import outlook

from tests.desk.planning.oncall.published import DATABASE, NOW, OFFICE, published, version

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def pane(qtbot: QtBot) -> LeftPane:
    made = LeftPane()
    qtbot.addWidget(made)
    made.resize(248, 600)
    made.show()
    return made


def test_it_counts_schedules_and_gaps(pane: LeftPane) -> None:
    pane.show_outlook(outlook(published(), NOW))
    assert pane.head.accessibleName() == "Schedules 2"
    assert pane.gaps_head.accessibleName() == "Gaps 5 in the next 30 days"
    assert pane.gaps.isVisible()
    assert not pane.calm.isVisible()
    assert not pane.problems.isVisible()


def test_without_gaps_it_says_so_in_words(pane: LeftPane) -> None:
    pane.show_outlook(outlook(published(version("Database", DATABASE)), NOW))
    assert pane.gaps_head.accessibleName() == "Gaps none in the next 30 days"
    assert pane.calm.isVisible()
    assert not pane.gaps.isVisible()


def test_what_cannot_be_read_is_told_and_the_rest_still_stands(pane: LeftPane) -> None:
    bad = version("Broken", OFFICE | {"zone": "Middle/Earth"}, 3)
    pane.show_outlook(outlook(published(version("Database", DATABASE), bad), NOW))
    assert pane.problems.isVisible()
    assert pane.problems.words.text().startswith("schedule Broken is not used")
    assert pane.head.accessibleName() == "Schedules 1"


def test_many_problems_are_counted(qtbot: QtBot) -> None:
    problems = Problems()
    qtbot.addWidget(problems)
    problems.show_problems([f"schedule {n} is not used" for n in range(5)])
    lines = problems.words.text().splitlines()
    assert lines == [
        "schedule 0 is not used.",
        "schedule 1 is not used.",
        "schedule 2 is not used.",
        "And 2 more.",
    ]
