"""Every test of the desk gets an application in the desk's own look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.look import theme as themes
from crisisdesk.desk.look.theme import Look


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
