"""The team pane: roles, the response team typed in place, and what strains them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.team import TeamRows, split_names
from crisisdesk.domain.playbook.content import Role

from tests.domain.incident_log import INCIDENT, MINUTE, LogBook

HOUR = 3_600_000
pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def team(log: LogBook, qtbot: QtBot) -> TeamRows:
    made = TeamRows()
    qtbot.addWidget(made)
    made.resize(500, 130)
    made.show()
    made.show_incident(log.incident(), (), log.incident().created_at)
    return made


def test_roles_and_team_say_who_is_in_them(team: TeamRows):
    assert [line.names for line in team.list.lines.rows()] == [("Mateo Ruiz",), ()]
    assert team.people.accessibleName() == "Response team: Mateo Ruiz, Priya Nair. 2 people"
    assert team.strain.isHidden()


def test_two_commanders_are_shown(team: TeamRows, log: LogBook):
    rival = {"commander": "Aiko Tanaka", "generation": 2}
    log.write(INCIDENT, "incident.commander_named", rival, at=24 * MINUTE + 1)
    team.show_incident(log.incident(), (), 0)
    assert "both have it; H settles it" in team.list.lines.row(0).trouble
    assert "say who has it" in team.strain.text()


def test_strain_and_empty_roles_come_with_the_time(team: TeamRows, log: LogBook):
    incident = log.incident()
    team.show_incident(incident, (Role(role="scribe"),), incident.created_at)
    assert team.list.lines.row(2).aside == "to be filled"
    team.tick(incident.created_at + 99 * HOUR)
    assert "hand incident commander over" in team.strain.text()
    assert not team.strain.isHidden()
    team.tick(incident.created_at)
    assert team.strain.isHidden()


def test_names_are_typed_parted_by_commas(team: TeamRows, qtbot: QtBot):
    qtbot.keyClick(team.people, Qt.Key.Key_Return)
    assert team.people.text_typed() == "Mateo Ruiz, Priya Nair"
    with qtbot.waitSignal(team.typed) as typed:
        qtbot.keyClick(team.people.editor, Qt.Key.Key_Return)
    assert typed.args[0] == "response_team"
    assert split_names("Zoë,  Ana,\nZoë, ") == ["Zoë", "Ana"]
