"""Roles say who holds them and are named in place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.team import TeamRows, split_names
from crisisdesk.domain.playbook.content import Role as PlannedRole

from tests.domain.incident_log import INCIDENT, MINUTE, LogBook

HOUR = 3_600_000
pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def team(log: LogBook, qtbot: QtBot) -> TeamRows:
    made = TeamRows()
    qtbot.addWidget(made)
    made.resize(500, 130)
    made.show()
    made.show_incident(log.incident())
    return made


def test_roles_say_who_holds_them(team: TeamRows):
    names = [role.accessibleName() for role in team.roles.values()]
    assert names == [
        "Incident commander: Mateo Ruiz. H hands over",
        "Communication lead: nobody",
        "Response team: Mateo Ruiz, Priya Nair. 2 people",
    ]


def test_two_commanders_are_shown(team: TeamRows, log: LogBook):
    rival = {"commander": "Aiko Tanaka", "generation": 2}
    log.write(INCIDENT, "incident.commander_named", rival, at=24 * MINUTE + 1)
    before = team.roles["commander"].grab().toImage()
    team.show_incident(log.incident())
    seat = team.roles["commander"].seat
    assert seat.trouble == "named while apart, too: Aiko Tanaka; H chooses"
    assert team.roles["commander"].grab().toImage() != before


def test_other_roles_and_strain_stand_below(team: TeamRows, log: LogBook):
    incident = log.incident()
    team.show_roles(incident, (), incident.created_at)
    assert team.more.isHidden()
    assert team.strain.isHidden()
    team.show_roles(incident, (PlannedRole(role="scribe"),), incident.created_at + 99 * HOUR)
    assert team.more.text() == "To be filled: Scribe"
    assert "hand incident commander over" in team.strain.text()


def test_names_are_typed_parted_by_commas(team: TeamRows, qtbot: QtBot):
    role = team.roles["response_team"]
    qtbot.keyClick(role, Qt.Key.Key_Return)
    assert role.text_typed() == "Mateo Ruiz, Priya Nair"
    with qtbot.waitSignal(team.typed) as typed:
        qtbot.keyClick(role.editor, Qt.Key.Key_Return)
    assert typed.args[0] == "response_team"
    assert split_names("Zoë,  Ana,\nZoë, ") == ["Zoë", "Ana"]
