"""Importing the package costs nothing: numpy comes with the first detector."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from crisisdesk.domain.anomaly import (
    ALERT_AT,
    learning_detector,
    new_detector,
    streaming_detector,
)
from crisisdesk.domain.errors import Malformed

from tests.architecture.tree import ROOT

CODE = """
import sys
import crisisdesk.domain.anomaly as anomaly
assert "numpy" not in sys.modules, "imported with the package"
anomaly.learning_detector()
assert "numpy" in sys.modules
"""


def test_numpy_comes_with_the_first_detector_and_not_before() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_factories_make_detectors_of_one_series_each() -> None:
    known, learning = streaming_detector(0.0, 100.0), learning_detector()
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    assert known.update(moment, 5.0) == learning.update(moment, 5.0) == 0.0
    assert known is not streaming_detector(0.0, 100.0)
    assert 0.0 < ALERT_AT < 1.0
    assert new_detector(None, None).update(moment, 5.0) == 0.0
    assert new_detector(0.0, 9.0).update(moment, 5.0) == 0.0
    with pytest.raises(Malformed):
        streaming_detector(2.0, 1.0)
