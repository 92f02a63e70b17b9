"""The count for the status bar: asked at intervals, told when it changes."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.source_watch import EVERY_MS, GIVEN_UP_MS, SourceWatch
from crisisdesk.domain.service_board.watching import SourceCount

from tests.desk.comms_room.conftest import FileDesk
from tests.store.queries.board_bench import Bench


@pytest.fixture
def watch(qtbot: QtBot, bench: Bench) -> SourceWatch:
    return SourceWatch(FileDesk(bench.station.path))


def test_it_tells_of_changes_alone(watch: SourceWatch, bench: Bench) -> None:
    told: list[SourceCount] = []
    watch.counted.connect(told.append)
    now = bench.station.now_ms
    watch.tick(now)
    assert told == []
    bench.look(bench.declare("db"))
    watch.tick(now + EVERY_MS - 1)
    assert told == []
    now = bench.station.now_ms
    for at in (EVERY_MS, 2 * EVERY_MS, 4 * EVERY_MS, 6 * EVERY_MS):
        watch.tick(now + at)
    assert told == [SourceCount(fresh=1), SourceCount(late=1), SourceCount(stale=1)]
    watch.set_duty(on_duty=False)
    watch.tick(now + 6 * EVERY_MS + 1)
    assert told[-1] == SourceCount(elsewhere=1)


def test_a_question_that_never_comes_back_is_given_up(watch: SourceWatch, bench: Bench) -> None:
    desk = watch.desk
    assert isinstance(desk, FileDesk)
    desk.held, now = [], bench.station.now_ms
    asked = []
    for at in (0, EVERY_MS - 1, EVERY_MS, EVERY_MS + GIVEN_UP_MS - 1, EVERY_MS + GIVEN_UP_MS):
        watch.tick(now + at)
        asked.append(len(desk.held))
    assert asked == [0, 0, 1, 1, 2]
