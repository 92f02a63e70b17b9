"""A real engine and a whole window for the page of policies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look

from tests.desk.live import Live, living
from tests.desk.planning.policies.seats import Seat


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path, look: Look) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def seat(live: Live, qapp: QApplication) -> Seat:
    """The page, open and read."""
    return Seat(live, qapp)
