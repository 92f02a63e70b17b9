"""The motifs come out of a real sound server: a null sink is recorded and listened to."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

_PLAY = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from crisisdesk.desk.sound.player import Player
from crisisdesk.domain.alarm import Motif
app = QCoreApplication([])
player = Player()
state = player.arm()
print(state.kind, flush=True)
if len(sys.argv) > 1:
    # The server still holds a little of what Qt has handed over when Qt says it has ended.
    player.ended.connect(lambda: QTimer.singleShot(500, app.quit))
    player.play(Motif(sys.argv[1]), 1.0)
    app.exec()
player.close()
"""


def _environment(server: str, folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PULSE_")}
    return kept | {
        "PULSE_SERVER": server,
        "PULSE_COOKIE": str(folder / "cookie"),
        "XDG_RUNTIME_DIR": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
    }


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a sound server of this test's own; ends with it."""
    program = shutil.which("pulseaudio")
    if program is None or shutil.which("parec") is None:
        pytest.fail("pulseaudio is missing; install the packages pulseaudio and pulseaudio-utils")
    socket = tmp_path / "native"
    script = tmp_path / "default.pa"
    script.write_text(
        f"load-module module-native-protocol-unix auth-anonymous=1 socket={socket}\n"
        "load-module module-null-sink sink_name=nul\n"
        "set-default-sink nul\n"
    )
    environment = _environment(f"unix:{socket}", tmp_path) | {"HOME": str(tmp_path)}
    server = subprocess.Popen(
        [program, "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # --subscribe ends only with the server, and says nothing before it is connected; pactl info
    # retried by the shell is the shortest honest wait for readiness.
    subprocess.run(
        ["sh", "-c", "until pactl info >/dev/null 2>&1; do sleep 0.1; done"],
        env=environment,
        timeout=20,
        check=True,
    )
    yield environment
    server.terminate()
    server.wait(timeout=10)


def _zero_crossings_hz(data: array[int], rate: int) -> float:
    rising = sum(1 for a, b in itertools.pairwise(data) if a < 0 <= b)
    return rising * rate / len(data)


def test_a_motif_is_heard_at_its_pitch(pulse: dict[str, str]) -> None:
    recorder = subprocess.Popen(
        [
            "parec",
            "-d",
            "nul.monitor",
            "--format=s16le",
            "--rate=44100",
            "--channels=1",
            "--latency-msec=20",
        ],
        env=pulse,
        stdout=subprocess.PIPE,
    )
    played = subprocess.run(
        [sys.executable, "-c", _PLAY, "low"],
        env=pulse,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    recorder.terminate()
    raw, _ = recorder.communicate(timeout=10)
    assert played.stdout.split() == ["armed"]
    data = array("h", raw[: len(raw) // 2 * 2])
    loud = [index for index, value in enumerate(data) if abs(value) > 3000]
    assert loud, "nothing was heard"
    assert 0.15 < (loud[-1] - loud[0]) / 44_100 < 0.8
    middle = data[loud[0] : loud[0] + 8820]
    # The soft voice's overtones are too weak to add crossings: 523 Hz is what remains.
    assert _zero_crossings_hz(middle, 44_100) == pytest.approx(523.25, rel=0.05)


def test_without_a_server_the_desk_says_that_it_is_mute(tmp_path: Path) -> None:
    environment = _environment(f"unix:{tmp_path}/nobody", tmp_path)
    result = subprocess.run(
        [sys.executable, "-c", _PLAY],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stdout.strip() == "no device"
