"""Runs of every state for the tests of the Recovery room, and a run page that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.run_page import RunPage

from tests.desk.recovery_room.scenes import Seat


@pytest.fixture
def page(qtbot: QtBot, look: Look) -> RunPage:
    """The page in view."""
    made = RunPage()
    qtbot.addWidget(made)
    made.resize(1000, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def seat(qtbot: QtBot, look: Look, tmp_path: Path) -> Iterator[Seat]:
    """A station with two procedures and an open incident."""
    made = Seat(tmp_path)
    yield made
    made.station.close()
