"""The engine's keeper without an engine; with one it is tested in test_shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import EngineAway
from crisisdesk.desk.supervisor import (
    Supervisor,
    last_words,
    process_lives,
    read_door,
)
from crisisdesk.engine.clock import ManualClock
from crisisdesk.settings.places import Places

NOW = 1_770_861_600_000


def test_a_door_of_a_dead_engine_is_no_engine(qtbot: QtBot, tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert read_door(places) is None
    places.engine_door.write_text("{broken")
    assert read_door(places) is None
    door = {"url": "http://127.0.0.1:9", "token": "t", "pid": 2**22 - 3, "started_ms": 1}
    places.engine_door.write_text(json.dumps(door))
    assert not process_lives(2**22 - 3)
    keeper = Supervisor(places, ManualClock(NOW), starts_engine=False)
    keeper.start()
    with pytest.raises(EngineAway, match="restarting"):
        keeper.client()
    keeper.stop()
    assert keeper.state.kind == "starting"


def test_the_last_words_of_an_engine_are_found(tmp_path: Path) -> None:
    said = tmp_path / "engine-start.log"
    assert last_words(said) == ""
    said.write_text('{"message": "one"}\n{"level": "critical", "message": "port 9611 is taken"}\n')
    assert last_words(said) == "port 9611 is taken"
    said.write_text("Traceback\nImportError: no\n")
    assert last_words(said) == "ImportError: no"
