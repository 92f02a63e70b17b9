"""What every test obeys: guards against silence and leftovers, Hypothesis profiles, kinds."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["tests.guards.logs", "tests.guards.leaks", "tests.guards.screen"]

# Before the first import of Qt: a test without a real screen of its own draws offscreen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent
# Rooms of tests that need the machine for themselves.
SERIAL_FOLDERS = ("benchmarks", "chain", "crash")
SERIAL_FIXTURES = frozenset({"x_display", "x_environment"})

hypothesis.settings.register_profile(
    "ci",
    derandomize=False,
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "dev", max_examples=25, deadline=timedelta(seconds=2), print_blob=True
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as serial what stands in a serial folder or asks for the real screen."""
    tests = ROOT / "tests"
    for item in items:
        room = item.path.relative_to(tests).parts[0] if item.path.is_relative_to(tests) else ""
        fixtures = set(getattr(item, "fixturenames", ()))
        if room in SERIAL_FOLDERS or fixtures & SERIAL_FIXTURES:
            item.add_marker(pytest.mark.serial)
