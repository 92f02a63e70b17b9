"""What run.py starts, with and without a display."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# Stands in for the program itself: writes what a demonstration leaves behind.
STUB = """#!{python}
import pathlib, sys
assert sys.argv[1:5] == ["-m", "crisisdesk", "demo", "--screenshots"], sys.argv
folder = pathlib.Path(sys.argv[5])
for name in {pictures!r}:
    (folder / name).write_bytes(b"png")
(folder / "summary.txt").write_text("12 alerts, 2 incidents")
sys.exit({code})
"""


@pytest.fixture
def run(script: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module under test, with its screenshots in a place of our own."""
    module = script("run")
    monkeypatch.setattr(module, "SCREENSHOTS", tmp_path / "artefacts")
    return module


@pytest.mark.parametrize(
    ("given", "started"),
    [
        ([], ["desk"]),
        (["--demo"], ["demo"]),
        (["--data-dir", "d"], ["desk", "--data-dir", "d"]),
        (["engine", "--port", "0"], ["engine", "--port", "0"]),
        (["--version"], ["--version"]),
        (["-h"], ["-h"]),
    ],
)
def test_options_alone_are_meant_for_the_desk(
    run: Any, given: list[str], started: list[str]
) -> None:
    assert run.command_line(given) == started


@pytest.mark.parametrize(
    ("platform", "environment", "display"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display(run: Any, platform: str, environment: dict[str, str], display: bool) -> None:
    assert run.has_display(platform, environment) is display


def stub(tmp_path: Path, pictures: list[str], code: int = 0) -> Path:
    """An interpreter that plays the demonstration without the program."""
    path = tmp_path / "python"
    path.write_text(STUB.format(python=sys.executable, pictures=pictures, code=code))
    path.chmod(0o755)
    return path


def test_without_a_display_the_demonstration_is_kept_and_named(
    run: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "artefacts" / "old.png"
    stale.parent.mkdir()
    stale.touch()
    assert run.show_demo(stub(tmp_path, ["alerts.png", "incidents.png"])) == 0
    printed = capfd.readouterr().out
    assert "there is no display" in printed
    assert "12 alerts, 2 incidents" in printed
    assert str(tmp_path / "artefacts" / "alerts.png") in printed
    assert "2 screenshots" in printed
    assert not stale.exists()


@pytest.mark.parametrize(("pictures", "code"), [([], 0), (["alerts.png"], 3)])
def test_a_demonstration_that_fails_or_shows_nothing_is_said(
    run: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str], pictures: list[str], code: int
) -> None:
    assert run.show_demo(stub(tmp_path, pictures, code)) == (code or 1)
    assert "The demonstration failed" in capfd.readouterr().err


def test_the_desk_without_a_display_becomes_the_demonstration(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(run.setup_env, "ensure", lambda profile: tmp_path / profile)

    def note(*what: object) -> int:
        started.append(what)
        return 0

    monkeypatch.setattr(run, "show_demo", lambda python: note("demo", python))
    monkeypatch.setattr(run, "start", note)
    monkeypatch.setattr(run.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    runtime = tmp_path / "runtime"
    for words in ([], ["--demo"], ["engine"], ["desk", "--help"]):
        assert run.main(words) == 0
    monkeypatch.setenv("DISPLAY", ":7")
    assert run.main([]) == 0
    assert started == [
        ("demo", runtime),
        ("demo", runtime),
        (runtime, ["engine"]),
        (runtime, ["desk", "--help"]),
        (runtime, ["desk"]),
    ]
