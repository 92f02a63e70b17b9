"""The demonstration as somebody without a display gets it: pictures of every room, and a story."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from crisisdesk.desk import demo, screens
from crisisdesk.settings.places import Places

pytestmark = pytest.mark.serial


def colours(picture: Path) -> int:
    """How many different pixels a coarse grid of the picture has: an empty window has a few."""
    image = QImage(str(picture))
    assert not image.isNull(), picture
    return len(
        {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    )


def test_a_server_shows_the_thing_working(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "crisisdesk", "demo", "--screenshots", str(tmp_path)],
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pictures = sorted(p.stem for p in tmp_path.glob("*.png"))
    rooms = ["alerts", "channel-map", "comms", "health"]
    rooms += ["incidents", "palette", "planning", "recovery", "settings"]
    assert pictures == sorted(f"{room}-{shot.name}" for room in rooms for shot in screens.SHOTS)
    assert min(colours(p) for p in tmp_path.glob("*.png")) > 30
    told = (tmp_path / demo.SUMMARY).read_text(encoding="utf-8")
    assert re.search(r"\d{2,} alerts came in, reported \d{3,} times; \d+ are open", told)
    assert told.count("INC-") == 2


def test_an_engine_that_cannot_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "resource_path", lambda *_: tmp_path / "no-such-day.yaml")
    assert demo.run_demo(tmp_path / "pictures") == 1
    assert "no-such-day.yaml" in capsys.readouterr().err
    assert not (tmp_path / "pictures").exists()


def test_the_story_needs_no_engine(tmp_path: Path) -> None:
    from crisisdesk.store.opening import open_station

    places = Places(tmp_path)
    open_station(places.store).journal.close()
    assert "0 alerts came in" in demo.story(places)
