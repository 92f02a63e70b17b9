"""A trial runs beside the window, says how far it is, and ends when it is not wanted."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.alert_rules.bench_input import TYPED, Wanted
from crisisdesk.desk.planning.alert_rules.bench_words import Tried
from crisisdesk.desk.planning.alert_rules.bench_worker import BenchWorker, Job, Stopped, tried
from crisisdesk.store.samples.keeping import StationSamples

from tests.desk.planning.alert_rules.cases import NOW, rule, samples
from tests.store.samples.bench import HandClock

LONG = " ".join(["0.5", "0.95"] * 2_000)


def job(folder: Path, wanted: Wanted, number: int = 1) -> Job:
    return Job(number, rule(), (), wanted, folder, NOW + 300_000)


def heard(worker: BenchWorker) -> list[Any]:
    found: list[Any] = []
    worker.ended.connect(lambda number, what: found.append((number, what)))
    return found


def test_what_the_station_kept_is_tried_off_the_qt_thread(
    qtbot: QtBot, look: object, tmp_path: Path
) -> None:
    clock = HandClock(NOW + 300_000)
    store = StationSamples(tmp_path / "samples.sqlite3", clock, 16, own_thread=False)
    store.write(samples(0.5, 0.95, 0.95, 0.97, 0.7))
    store.close()
    worker = BenchWorker()
    found = heard(worker)
    with qtbot.waitSignal(worker.ended):
        worker.start(job(tmp_path, Wanted("1h")))
    [(number, told)] = found
    assert isinstance(told, Tried)
    assert (number, len(told.trial.spans), len(told.given.samples)) == (1, 1, 5)


def test_it_says_how_far_it_is_in_order(qtbot: QtBot, look: object, tmp_path: Path) -> None:
    worker, shares = BenchWorker(), list[float]()
    worker.went.connect(lambda _number, share: shares.append(share))
    with qtbot.waitSignal(worker.ended):
        worker.start(job(tmp_path, Wanted(TYPED, LONG)))
    assert shares == sorted(shares)
    assert 10 < len(shares) <= 50


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted("1h"), "Not tried: samples were not kept of disk; send samples"),
        (Wanted("file"), "Not tried: file is not chosen"),
        (Wanted(TYPED, "x"), "Not tried: csv"),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_sentence(
    qtbot: QtBot, look: object, tmp_path: Path, wanted: Wanted, words: str
) -> None:
    worker = BenchWorker()
    found = heard(worker)
    with qtbot.waitSignal(worker.ended):
        worker.start(job(tmp_path, wanted))
    assert found[0][1].startswith(words)


def test_samples_that_cannot_be_read_are_told(qtbot: QtBot, look: object, tmp_path: Path) -> None:
    (tmp_path / "samples.sqlite3").write_bytes(b"no database" * 100)
    worker = BenchWorker()
    found = heard(worker)
    with qtbot.waitSignal(worker.ended):
        worker.start(job(tmp_path, Wanted("1h")))
    assert "samples.sqlite3 cannot be read" in found[0][1]


def test_a_new_trial_ends_the_one_before_which_says_nothing_more(
    qtbot: QtBot, look: object, tmp_path: Path
) -> None:
    worker = BenchWorker()
    found = heard(worker)
    worker.start(job(tmp_path, Wanted(TYPED, LONG), 1))
    worker.start(job(tmp_path, Wanted(TYPED, "0.5 0.6"), 2))
    qtbot.waitUntil(lambda: any(number == 2 for number, _told in found))
    assert [number for number, _told in found if number == 2] == [2]


def test_a_window_that_goes_away_ends_its_trial(qtbot: QtBot, look: object, tmp_path: Path) -> None:
    worker = BenchWorker()
    worker.start(job(tmp_path, Wanted(TYPED, LONG)))
    worker.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(worker))
    qtbot.waitUntil(lambda: "desk test bench" not in [t.name for t in threading.enumerate()])


def test_one_that_is_not_wanted_any_more_stops_where_it_is(tmp_path: Path) -> None:
    shares: list[float] = []

    def enough(share: float) -> None:
        shares.append(share)
        if share > 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        tried(job(tmp_path, Wanted(TYPED, LONG)), enough)
    assert shares[-1] < 0.6
