"""The real X screen: a window of another process can be opened on it, and it is gone afterwards."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from tests.guards import screen

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv)
label = QLabel("queue")
label.showFullScreen()
app.processEvents()
size = app.primaryScreen().size()
print(app.platformName(), size.width(), size.height())
"""


def test_a_process_opens_its_window_on_the_real_screen(x_environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOW],
        env=x_environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "1920", "1080"]


@pytest.mark.serial
def test_two_screens_choose_different_numbers_and_end() -> None:
    first, one = screen.start_xvfb()
    second, two = screen.start_xvfb("800x600x24")
    try:
        assert one != two
    finally:
        screen.stop(first)
        screen.stop(second)
    assert not psutil.pid_exists(first.pid)
    assert not psutil.pid_exists(second.pid)
