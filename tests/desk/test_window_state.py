"""What the window remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.window_state import WindowState


def test_the_window_remembers_over_restarts(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    state = WindowState(path)
    for key, value in (("a.b", 'Ω "quoted" \\ \x7f 🚨\n'), ("n", 7), ("on", True), ("l", [1, 2])):
        state.set(key, value)
    state.save()
    state.wait()
    again = WindowState(path)
    assert again.get("a.b", "") == 'Ω "quoted" \\ \x7f 🚨\n'
    assert again.get("n", 0) == 7
    assert again.get("n", 0.0) == 7.0
    assert again.get("on", False) is True
    assert again.get("l", []) == [1, 2]
    assert again.get("n", "text") == "text", "another type counts as nothing"


@pytest.mark.expect_log("window state desk.toml is not used")
def test_a_broken_window_file_counts_as_empty(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text("= broken")
    assert WindowState(path).get("n", 3) == 3
