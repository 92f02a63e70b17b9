"""The Qt binding in use does not lose references to None (6.12.0 does, and then aborts)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

CALLS = 200
# Other threads and the interpreter's own caches move the count by a few.
NOISE = 20


def change_of_none(call: Callable[[], object]) -> int:
    """How many references to None come or go over ``CALLS`` calls."""
    call()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    return sys.getrefcount(None) - before


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_methods_without_a_result_keep_the_count_of_none(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLabel

    label = QLabel()
    qtbot.addWidget(label)
    assert abs(change_of_none(lambda: label.setText("queue"))) < NOISE
    assert abs(change_of_none(label.update)) < NOISE


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_the_measure_sees_a_lost_reference() -> None:
    kept: list[None] = []
    assert change_of_none(lambda: kept.append(None)) >= CALLS - NOISE
