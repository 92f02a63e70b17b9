"""The head offers what fits the status."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.head import IncidentHead

from tests.domain.incident_log import MINUTE

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def head(qtbot: QtBot) -> IncidentHead:
    made = IncidentHead()
    qtbot.addWidget(made)
    made.resize(1000, 52)
    made.show()
    return made


def shown(head: IncidentHead) -> dict[str, bool]:
    return {key: button.isVisible() for key, button in head.buttons.items()}


def test_it_offers_what_fits_the_status(head: IncidentHead, dossier: Dossier):
    incident = dossier.incident
    now = incident.created_at + 30 * MINUTE
    head.show_incident(incident, now, away=False)
    assert shown(head) == {"post": True, "status": True, "reopen": False, "commander": True}
    ended = replace(incident, status="closed", resolved_at=now, closed_at=now)
    head.show_incident(ended, now, away=False)
    assert shown(head) == {"post": True, "status": False, "reopen": True, "commander": True}
    assert "took 30 min" in [chip.words for chip in head.words.chips()]


def test_what_cannot_be_saved_is_greyed_not_hidden(head: IncidentHead, dossier: Dossier):
    head.show_incident(dossier.incident, dossier.incident.created_at, away=True)
    assert head.buttons["status"].isVisible()
    assert not head.buttons["status"].isEnabled()
    assert head.buttons["post"].isEnabled(), "typing is always possible"


def test_it_is_read_aloud_and_ticks(head: IncidentHead, dossier: Dossier):
    created = dossier.incident.created_at
    head.show_incident(dossier.incident, created + 61_000, away=False)
    assert head.words.accessibleName().startswith(
        "critical incident INC-7K3QX2M9, Orders database split after link loss, identified, "
        "open for 01:01"
    )
    head.tick(created + 62_000)
    assert head.words.chips()[0].words == "open for 01:02"


def test_buttons_say_their_names(head: IncidentHead, qtbot: QtBot):
    with qtbot.waitSignal(head.pressed) as pressed:
        qtbot.mouseClick(head.buttons["commander"], Qt.MouseButton.LeftButton)
    assert pressed.args == ["commander"]
