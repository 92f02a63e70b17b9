"""What counts as flapping, by the settings as they stand now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.flapping import MINUTE_MS, Damping
from crisisdesk.settings.figures import FlappingFigures


def test_they_follow_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    figures = FlappingFigures(path)
    assert figures() == Damping()
    path.write_text("[quieting]\nflap_changes = 9\n", encoding="utf-8")
    assert figures() == Damping(changes=9)
    path.write_text("[quieting]\nflap_changes = 19\nflap_minutes = 5\n", encoding="utf-8")
    assert figures() == Damping(changes=19, within_ms=5 * MINUTE_MS)
    path.unlink()
    assert figures() == Damping()


def test_a_broken_file_leaves_what_was_read_last(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expect_log: Any
) -> None:
    expect_log("what counts as flapping is taken as before", level="WARNING")
    path = tmp_path / "settings.toml"
    path.write_text("[quieting]\nflap_changes = 9\n", encoding="utf-8")
    figures = FlappingFigures(path)
    assert figures().changes == 9
    path.write_text("[quieting]\nflap_changes = 'often'\n", encoding="utf-8")
    assert [figures().changes for _ in range(2)] == [9, 9]
    assert len(caplog.records) == 1
    assert "flap_changes" in caplog.text


def test_a_file_that_was_never_good_gives_the_usual_ones(tmp_path: Path, expect_log: Any) -> None:
    expect_log("settings.toml is not valid TOML", level="WARNING")
    path = tmp_path / "settings.toml"
    path.write_text("[quieting", encoding="utf-8")
    assert FlappingFigures(path)() == Damping()
