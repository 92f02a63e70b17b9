"""A log as a source: its lines, how quiet it is, and what it tells while it is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.file_probe import FileProber

from tests.sources.probes.looks import NOW, look_at, looked, values


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("one\ntwo\n")
    os.utime(path, (NOW / 1000, NOW / 1000))
    return path


def test_lines_have_the_name_and_the_time_of_the_look(log: Path) -> None:
    prober = FileProber()
    reading = looked(prober, look_at(prober, {"path": str(log), "from_start": True}))
    assert [(line.name, line.text, line.at) for line in reading.lines] == [
        ("app.log", "one", NOW),
        ("app.log", "two", NOW),
    ]
    assert reading.verdict is Verdict.UP
    assert values(reading) == {
        "file_size_bytes": 8.0,
        "file_behind_bytes": 0.0,
        "file_quiet_seconds": 0.0,
        "file_new_lines": 2.0,
    }
    named = {"path": str(log), "log": "shop"}
    again = looked(prober, look_at(prober, named, bookmark=reading.bookmark))
    assert again.lines == ()
    with log.open("a") as file:
        file.write("three\n")
    [line] = looked(prober, look_at(prober, named, bookmark=again.bookmark)).lines
    assert (line.name, line.text) == ("shop", "three")


def test_one_that_ought_to_be_written_and_is_not_is_down(log: Path) -> None:
    prober = FileProber()
    settings = {"path": str(log), "quiet_min": 5}
    in_time = looked(prober, look_at(prober, settings, now=NOW + 5 * 60_000))
    late = looked(prober, look_at(prober, settings, now=NOW + 5 * 60_000 + 1))
    assert (in_time.verdict, late.verdict) == (Verdict.UP, Verdict.DOWN)
    assert "5 min" in late.words


def test_a_log_that_is_gone_keeps_its_place(log: Path) -> None:
    prober = FileProber()
    settings = {"path": str(log)}
    first = looked(prober, look_at(prober, settings))
    log.rename(log.with_suffix(".moved"))
    gone = looked(prober, look_at(prober, settings, bookmark=first.bookmark))
    assert (gone.verdict, gone.bookmark) == (Verdict.DOWN, first.bookmark)


def test_a_pipe_that_nobody_writes_to_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    prober = FileProber()
    reading = looked(prober, look_at(prober, {"path": str(pipe)}))
    assert reading.verdict is Verdict.UNSURE
