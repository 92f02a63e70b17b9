"""A real X screen for the tests that need one: Xvfb on a display number of its own choosing."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREEN = "1920x1080x24"


def start_xvfb(screen: str = SCREEN) -> tuple[subprocess.Popen[bytes], str]:
    """Start Xvfb and wait until it serves; returns the process and the display (":99")."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.fail("Xvfb is missing; packaging/test.py installs it (Debian package xvfb)")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp"]
    process = subprocess.Popen(
        [*command, "-noreset"],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    if not number:
        process.wait(timeout=10)
        pytest.fail(f"Xvfb ended with code {process.returncode} before it had a display")
    return process, f":{number}"


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end; kill it when it does not within 5 s."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """The name of a real X display (for ``DISPLAY``), shared by the session; 1920x1080."""
    process, display = start_xvfb()
    yield display
    stop(process)


@pytest.fixture
def x_environment(x_display: str) -> dict[str, str]:
    """The environment for a process that shall open its windows on the real X screen."""
    environment = dict(os.environ)
    environment.pop("WAYLAND_DISPLAY", None)
    return environment | {"DISPLAY": x_display, "QT_QPA_PLATFORM": "xcb"}
