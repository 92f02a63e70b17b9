"""What every test obeys: guards against silence and leftovers, Hypothesis profiles, kinds."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest

pytest_plugins = [
    "tests.guards.logs",
    "tests.guards.leaks",
    "tests.guards.screen",
    "tests.postgres.fixtures",
]
# Said to the tests, not to the program: an engine would refuse them as settings it does not know.
SWITCHES = ("CRISISDESK_NIGHTLY", "CRISISDESK_TEST_PG_BIN")


def _keep_out_of_the_users_places() -> None:
    """Point Qt, the settings and the keyring away from whoever runs the tests.

    Called before the first import of Qt; a test without a real screen of its own draws offscreen.
    """
    for name in SWITCHES:
        if name in os.environ:
            os.environ[f"TESTS_OF_{name}"] = os.environ[name]
    for name in [name for name in os.environ if name.startswith("CRISISDESK_")]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="crisisdesk-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # Else the desks of the tests would show their notices to whoever sits there.
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


_keep_out_of_the_users_places()

ROOT = Path(__file__).resolve().parent.parent
# Rooms of tests that need the machine for themselves.
SERIAL_FOLDERS = ("benchmarks", "chain", "crash")
SERIAL_FIXTURES = frozenset({"x_display", "x_environment"})

# A change is judged by the same examples each time; new ones are looked for at night, and by
# HYPOTHESIS_PROFILE=explore.
_COMMON: dict[str, Any] = {
    "deadline": None,
    "print_blob": True,
    "suppress_health_check": [hypothesis.HealthCheck.too_slow],
}
hypothesis.settings.register_profile(
    "ci", derandomize=True, database=None, max_examples=50, **_COMMON
)
hypothesis.settings.register_profile("nightly", **_COMMON)
hypothesis.settings.register_profile("explore", max_examples=1_000, **_COMMON)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_finish() -> None:
    """Set aside what the modules of all tests have made: it stays for the session, and each full
    collection would look at it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as serial what stands in a serial folder or asks for the real screen."""
    tests = ROOT / "tests"
    for item in items:
        room = item.path.relative_to(tests).parts[0] if item.path.is_relative_to(tests) else ""
        fixtures = set(getattr(item, "fixturenames", ()))
        if room in SERIAL_FOLDERS or fixtures & SERIAL_FIXTURES:
            item.add_marker(pytest.mark.serial)
