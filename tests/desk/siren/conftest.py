"""A siren over a window of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.siren.overlay import Siren

from tests.desk.siren.rows import NOW, dossier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with a field in it, active."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    QVBoxLayout(window).addWidget(QLineEdit())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()


@pytest.fixture
def siren(window: QWidget, qtbot: QtBot) -> Siren:
    """Shown for one alert and listening."""
    siren = Siren(window, UTC)
    siren.show_dossier(dossier(), 1, NOW)
    qtbot.waitUntil(lambda: not siren.is_deaf)
    return siren
