"""When the file is asked, and what is put aside for a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.desk.siren.watch import AGAIN_MS, ASIDE_MS, EVERY_MS, SirenWatch
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.reached import LIMIT_MS
from crisisdesk.engine import commands as c
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station, signal


class FileDesk:
    """The part of a desk that the watch needs: it answers from the file, at once or when told."""

    def __init__(self, reader: StationReader) -> None:
        self.reader, self.asked = reader, 0
        self.held: list[Callable[[], None]] | None = None

    def operator(self) -> str:
        return "Klára Langová"

    def ask(self, question: Any, answer: Any) -> None:
        self.asked += 1
        found = question(self.reader)
        if self.held is None:
            answer(found)
        else:
            self.held.append(lambda: answer(found))


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def desk(station: Station) -> Iterator[FileDesk]:
    reader = StationReader(station.path)
    yield FileDesk(reader)
    reader.close()


@pytest.fixture
def watch(desk: FileDesk) -> SirenWatch:
    return SirenWatch(desk)  # type: ignore[arg-type]


def ids(watch: SirenWatch) -> list[str]:
    return [one.alert_id for one in watch.shown]


def test_it_asks_at_the_moment_and_not_before(
    station: Station, desk: FileDesk, watch: SirenWatch
) -> None:
    [alert_id] = station.do(c.TakeIn(signals=[signal(3)]))[0]
    begun = station.now_ms
    watch.tick(begun)
    assert desk.asked == 1
    for at in range(EVERY_MS, LIMIT_MS, EVERY_MS):
        watch.tick(begun + at)
    assert desk.asked == 1
    assert ids(watch) == []
    watch.tick(begun + LIMIT_MS)
    assert ids(watch) == [alert_id]
    assert watch.dossier is not None
    assert watch.dossier.alert_id == alert_id


def test_changes_are_asked_about_once_a_second_at_most(
    station: Station, desk: FileDesk, watch: SirenWatch
) -> None:
    begun = station.now_ms
    watch.tick(begun)
    for at in range(0, 3_000, 100):
        watch.take(Change(deliveries_changed=True))
        watch.tick(begun + at)
    assert desk.asked == 3
    watch.tick(begun + 4_000)
    asked = desk.asked
    watch.take(Change(updates_changed=True, touched=frozenset({"INC-1"})))
    watch.tick(begun + 6_000)
    assert desk.asked == asked
    watch.take(Change(touched=frozenset({"SIL-1"})))
    watch.tick(begun + 7_000)
    assert desk.asked == asked + 1


def test_what_stands_is_looked_at_again_and_a_clock_set_back_does_not_stop_it(
    station: Station, desk: FileDesk, watch: SirenWatch
) -> None:
    station.do(c.TakeIn(signals=[signal(3)]))
    late = station.now_ms + LIMIT_MS
    watch.tick(late)
    assert len(watch.shown) == 1
    watch.tick(late + AGAIN_MS)
    assert desk.asked == 2
    watch.take(Change(full=True))
    watch.tick(late - 3_600_000)
    assert desk.asked == 3


def test_put_aside_is_for_a_minute_and_the_next_one_comes_up(
    station: Station, watch: SirenWatch
) -> None:
    first, second = station.do(c.TakeIn(signals=[signal(3), signal(8)]))[0]
    late = station.now_ms + LIMIT_MS
    watch.tick(late)
    assert set(ids(watch)) == {first, second}
    worst = ids(watch)[0]
    watch.put_aside([worst], late)
    assert ids(watch) == [{first, second}.difference({worst}).pop()]
    assert watch.dossier is not None
    assert watch.dossier.alert_id != worst
    watch.put_aside(ids(watch), late)
    assert watch.shown == ()
    assert watch.dossier is None
    watch.take_back([worst], late)
    assert ids(watch) == [worst]
    watch.put_aside([worst], late)
    watch.tick(late + ASIDE_MS - 1)
    assert ids(watch) == []
    watch.tick(late + ASIDE_MS + EVERY_MS)
    assert set(ids(watch)) == {first, second}


def test_an_answer_from_before_it_was_put_aside_does_not_bring_it_back(
    station: Station, desk: FileDesk, watch: SirenWatch
) -> None:
    [alert_id] = station.do(c.TakeIn(signals=[signal(3)]))[0]
    late = station.now_ms + LIMIT_MS
    watch.tick(late)
    desk.held = []
    watch.tick(late + AGAIN_MS)
    watch.put_aside([alert_id], late + AGAIN_MS)
    for answer in desk.held:
        answer()
    assert watch.shown == ()
    assert watch.dossier is None


def test_a_question_that_is_never_answered_is_asked_again(
    station: Station, desk: FileDesk, watch: SirenWatch
) -> None:
    desk.held = []
    watch.tick(station.now_ms)
    watch.take(Change(full=True))
    watch.tick(station.now_ms + AGAIN_MS - 1)
    assert desk.asked == 1
    watch.tick(station.now_ms + AGAIN_MS)
    assert desk.asked == 2
