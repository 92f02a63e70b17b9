"""The simulator asks what it was told to and says what came of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.plan_rows import FindingRow, PlanRow
from crisisdesk.desk.planning.policies.simulator import Simulator, Wanted

from tests.domain.escalation.people import START

STEP = PlanRow(key="step 1", after="+00:00", utc="02:05:02", local="03:05", step="step 1")


@pytest.fixture
def simulator(look: Look, qtbot: QtBot) -> Simulator:
    made = Simulator()
    qtbot.addWidget(made)
    made.resize(420, 700)
    made.show()
    return made


def test_it_begins_with_a_critical_alert_now(simulator: Simulator) -> None:
    assert simulator.wanted(START) == Wanted("critical", START, 12)
    assert simulator.is_now()


def test_other_severities_moments_and_hours_are_asked_for(simulator: Simulator) -> None:
    told: list[bool] = []
    simulator.changed.connect(lambda: told.append(True))
    simulator.severity.setCurrentIndex(simulator.severity.findData("low"))
    simulator.start.line.setText("2026-02-12 02:05:02")
    simulator.hours.line.setText("72")
    assert simulator.wanted(0) == Wanted("low", START, 72)
    assert not simulator.is_now()
    assert len(told) == 3


def test_what_is_no_moment_or_number_is_refused_at_its_field(simulator: Simulator) -> None:
    simulator.start.line.setText("soon")
    assert simulator.wanted(START) is None
    assert "is no time" in simulator.start.refusal.text()
    simulator.start.line.setText("now")
    simulator.hours.line.setText("9999")
    assert simulator.wanted(START) is None
    assert (simulator.start.refusal.text(), simulator.hours.refusal.isVisible()) == ("", True)
    simulator.hours.line.setText("5")
    assert simulator.wanted(START) == Wanted("critical", START, 5)
    assert not simulator.hours.refusal.isVisible()


def test_a_plan_takes_the_place_of_why_there_is_none(simulator: Simulator) -> None:
    simulator.show_unplayed("Nothing is played yet.")
    assert simulator.unplayed.isVisible()
    simulator.show_plan([STEP])
    assert not simulator.unplayed.isVisible()
    assert "NOBODY" in simulator.head.accessibleName()


def test_findings_are_counted_and_enter_leads_to_their_field(
    simulator: Simulator, qtbot: QtBot
) -> None:
    simulator.show_findings([], "Nothing found.")
    assert simulator.clean.isVisible()
    rows = [
        FindingRow("a", "error", "otherwise", "If a step finds nobody", "nobody"),
        FindingRow("b", "warning", "steps[0].to[0]", "Step 1, target 1", "unknown"),
    ]
    simulator.show_findings(rows, "")
    assert not simulator.clean.isVisible()
    assert "1 error, 1 warning" in simulator.findings_head.accessibleName()
    simulator.findings.select("b")
    with qtbot.waitSignal(simulator.jumped) as jumped:
        QTest.keyClick(simulator.findings, Qt.Key.Key_Return)
    assert jumped.args == ["steps[0].to[0]"]
