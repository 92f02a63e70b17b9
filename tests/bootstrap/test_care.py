"""Looking after a station's file by hand: checking it, copying it, putting a copy back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.bootstrap import care
from crisisdesk.settings.places import Places
from crisisdesk.store.backup import list_backups
from crisisdesk.store.opening import open_station

from tests.engine.workers.live import Live


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A station with three alerts, whose engine has stopped."""
    monkeypatch.setenv("CRISISDESK_DATA_DIR", str(tmp_path))
    made = Places(tmp_path)
    made.prepare()
    live = Live(tmp_path)
    live.start()
    for number in range(3):
        live.fire(f"disk {number}")
    live.close()
    return made


def test_a_whole_log_is_found_whole(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert places.store.exists()
    assert care.verify() == 0
    assert capsys.readouterr().out == "3 events verified, every hash agrees\n"


def test_a_changed_event_is_named(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(places.store, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER IF EXISTS event_no_update")
        raw.execute("UPDATE event SET body = CAST('{}' AS BLOB) WHERE pos = 2")
    assert care.verify() == 1
    assert "event 2 of origin" in capsys.readouterr().out


def test_without_a_store_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRISISDESK_DATA_DIR", str(tmp_path / "none"))
    assert care.verify() == 1
    assert "there is no store" in capsys.readouterr().err


@pytest.mark.expect_log("restored station.sqlite3: it was made again from")
def test_a_copy_is_made_listed_and_put_back(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert care.backups("now") == 0
    newest = list_backups(places.backups)[0][1]
    assert str(newest) in capsys.readouterr().out
    assert care.backups("list") == 0
    assert str(newest) in capsys.readouterr().out
    assert care.backups("restore") == 0
    assert "restored" in capsys.readouterr().out
    assert care.verify() == 0


def test_nothing_is_put_back_under_a_running_engine(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = open_station(places.store)
    opened.journal.head()
    try:
        assert care.backups("restore") == 1
        assert "crisisdesk: " in capsys.readouterr().err
    finally:
        opened.journal.close()
    assert care.verify() == 0
