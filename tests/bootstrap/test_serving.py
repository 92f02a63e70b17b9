"""The engine process from outside: its door file, its refusals in words, its end."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crisisdesk.bootstrap import serving
from crisisdesk.settings.places import Places

from tests.crash.engine_process import ROOT, environment, running


def refused(data_dir: Path, *words: str, **variables: str) -> str:
    """Start an engine that must end with 1; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "crisisdesk", "engine", "--data-dir", str(data_dir), *words],
        env=environment() | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said = done.stderr + done.stdout
    assert done.returncode == 1, said
    assert "Traceback" not in said
    return said


def test_the_door_is_for_this_user_alone_and_closed_at_the_end(tmp_path: Path) -> None:
    with running(tmp_path / "station") as (engine, _door):
        door_file = engine.places.engine_door
        assert stat.S_IMODE(door_file.stat().st_mode) == 0o600
        told = json.loads(door_file.read_text())
        assert set(told) == {"url", "token", "pid", "started_ms"}
        assert told["pid"] == engine.process.pid
        assert told["token"] not in engine.said.read_text()
    assert not door_file.exists()


def test_another_address_than_this_machine_is_refused(tmp_path: Path) -> None:
    assert "192.0.2.1" in refused(tmp_path / "station", "--host", "192.0.2.1", "--port", "0")
    assert not Places(tmp_path / "station").engine_door.exists()


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path / "station", "--port", "0", CRISISDESK_DELIVERY__DEADLINE_S="soon")
    assert "CRISISDESK_DELIVERY__DEADLINE_S" in said


def test_wrong_settings_end_with_one_and_open_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRISISDESK_DATA_DIR", str(tmp_path / "station"))
    monkeypatch.setenv("CRISISDESK_PORT", "many")
    assert serving.run({}) == 1
    assert "CRISISDESK_PORT" in capsys.readouterr().err
    assert not (tmp_path / "station").exists()
