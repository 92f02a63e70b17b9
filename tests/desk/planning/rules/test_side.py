"""Beside the editor: what the rule says, and findings that lead to their line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.plan_rows import finding_rows
from crisisdesk.desk.planning.rules.side import CLEAN, RuleSide
from crisisdesk.domain.errors import Malformed


@pytest.fixture
def side(look: Look, qtbot: QtBot) -> RuleSide:
    made = RuleSide()
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    return made


def test_it_says_what_there_is_to_say(side: RuleSide) -> None:
    side.show_said("Proposes.", ["never"])
    assert (side.said.text(), side.told.text()) == ("Proposes.", "never")
    side.show_said("", ())
    assert not side.said.isVisible()
    assert not side.told.isVisible()


def test_findings_lead_to_their_field(side: RuleSide, qtbot: QtBot) -> None:
    side.show_findings([], CLEAN)
    assert (side.clean.isVisible(), side.findings.isVisible()) == (True, False)
    side.show_findings(finding_rows([Malformed("by[0]", "is odd", "mend it")], []), CLEAN)
    assert not side.clean.isVisible()
    side.findings.focus_row()
    with qtbot.waitSignal(side.jumped) as jumped:
        QTest.keyClick(side.findings, Qt.Key.Key_Return)
    assert jumped.args == ["by[0]"]
