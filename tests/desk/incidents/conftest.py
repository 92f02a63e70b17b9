"""The incidents room on the log of one believable hour."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.dossier import Dossier, read_dossier
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.look.theme import Look

from tests.desk.incidents.desk_stand_in import NOW_AFTER, Reader, StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, START, LogBook, split_brain

OTHER = "INC-2222AAAA"


@pytest.fixture
def log() -> LogBook:
    """The hour, and a second incident that nobody leads."""
    log = split_brain()
    body = {"title": "Checkout refuses cards", "severity": "major", "alerts": []}
    log.write(OTHER, "incident.opened", body, at=-20 * 60_000)
    return log


@pytest.fixture
def dossier(log: LogBook) -> Dossier:
    found = read_dossier(Reader(log), INCIDENT)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.fixture
def desk(log: LogBook) -> StandInDesk:
    return StandInDesk(log, START + NOW_AFTER)


@pytest.fixture
def room(look: Look, desk: StandInDesk, log: LogBook, qtbot: QtBot) -> IncidentsRoom:
    """Shown, with the believable incident open."""
    room = IncidentsRoom(desk)
    qtbot.addWidget(room)
    room.resize(1228, 674)
    room.show()
    room.on_snapshot(change_of(log))
    room.go_to(INCIDENT)
    return room


@pytest.fixture
def settle(qapp: QApplication) -> Callable[[], None]:
    """Let Qt lay out and paint what was changed."""

    def run() -> None:
        for _ in range(3):
            qapp.processEvents()

    return run
