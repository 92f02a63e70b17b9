"""Every test of the desk gets an application in the desk's own look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look import theme as themes
from crisisdesk.desk.look.theme import Look

# How long a test waits before it fails, where it says nothing else. What comes at once on a quiet
# machine may take three times pytest-qt's own 5 s on one that runs two tests and their engines.
PATIENCE_MS = 15_000
for _wait in (QtBot.waitUntil, QtBot.waitSignal):
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": PATIENCE_MS}


@pytest.fixture(scope="session")
def _dressed(qapp: QApplication) -> Look:
    return themes.install(qapp)


@pytest.fixture
def look(_dressed: Look) -> Iterator[Look]:
    """The look in force: dark at 100 %, without motion; put back after the test."""
    _dressed.reduced_motion = True
    yield _dressed
    if (_dressed.theme.name, _dressed.theme.zoom) != ("dark", 100):
        _dressed.switch(name="dark", zoom=100)
    _dressed.reduced_motion = False
