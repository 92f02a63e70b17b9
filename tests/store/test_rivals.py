"""Before the first write the hub is asked who else writes under this origin, for a short while."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.engine.exchange.ports import HubAway, HubRefused, Mark
from crisisdesk.store import opening, rivals
from crisisdesk.store.chain import verify_log
from crisisdesk.store.opening import Opened, open_station
from crisisdesk.store.rebuild import compare as compare_states

from tests.store.test_leaving import heads, told
from tests.store.workload import Station

BOOT = "boot-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed station with seven events, last opened in the first boot."""
    station = Station(tmp_path)
    station.fire(7)
    station.close()
    open_station(station.path, boot=BOOT).journal.close()
    note = station.path.with_name("station.db.origin")
    from crisisdesk.store.incarnation import boot_id

    note.write_text(note.read_text().replace(boot_id(), BOOT))
    return station.path


def reopen(path: Path, **given: Any) -> Opened:
    opened = open_station(path, **{"boot": BOOT, **given})
    opened.journal.close()
    return opened


def away(*_asked: Any) -> None:
    raise HubAway("no route")


def refused(*_asked: Any) -> None:
    raise HubRefused("revoked")


def test_it_is_asked_with_the_own_head_and_chain(path: Path) -> None:
    asked: list[Any] = []

    def alone(origin: str, seq: int, hash_at: Callable[[int], bytes | None]) -> None:
        asked.extend([origin, seq, hash_at(seq), hash_at(seq + 1)])

    opened = reopen(path, compare=alone)
    assert asked[:2] == [opened.origin, 7]
    assert len(asked[2]) == 32
    assert asked[3] is None


@pytest.mark.expect_log("goes on as")
def test_a_file_that_was_set_back_goes_on_under_a_new_origin(path: Path) -> None:
    was, before = reopen(path), told(path)
    opened = reopen(path, compare=lambda *_asked: Mark(5, b""))
    assert opened.origin != was.origin
    assert opened.station_id == was.station_id
    assert heads(path) == {was.origin: 5, opened.origin: 2}
    assert told(path) == before
    assert verify_log(path).first_bad is None
    assert compare_states(path).different == 0
    assert reopen(path).origin == opened.origin


@pytest.mark.expect_log("could not be compared")
@pytest.mark.parametrize("answer", [away, refused])
def test_a_hub_that_cannot_be_asked_changes_nothing_within_one_boot(
    path: Path, answer: Any
) -> None:
    was = reopen(path).origin
    assert reopen(path, compare=answer).origin == was


@pytest.mark.expect_log("could not be compared")
@pytest.mark.expect_log("a new incarnation begins")
def test_a_hub_that_cannot_be_asked_after_a_reboot_is_reason_enough(path: Path) -> None:
    was = reopen(path)
    opened = reopen(path, compare=away, boot="boot-2")
    assert opened.origin != was.origin
    assert opened.station_id == was.station_id
    assert heads(path) == {was.origin: 7}


def test_without_a_hub_a_reboot_is_no_reason(path: Path) -> None:
    was = reopen(path).origin
    assert reopen(path, boot="boot-2").origin == was


@pytest.mark.expect_log("did not answer within")
def test_a_hub_that_never_answers_holds_the_start_up_no_longer_than_promised(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, done = threading.Event(), threading.Event()

    def silent(*_asked: Any) -> None:
        gate.wait(30)
        done.set()

    def impatient(path: Path, compare: Any, boot: str) -> Any:
        return rivals.look_for_rivals(path, compare, boot, within_s=0.05)

    monkeypatch.setattr(opening, "look_for_rivals", impatient)
    try:
        reopen(path, compare=silent)
        assert not done.is_set()
    finally:
        gate.set()
        assert done.wait(10)
        for thread in threading.enumerate():
            if thread.name == "hub-compare":
                thread.join(10)


def test_who_gets_a_new_origin_anyway_asks_nobody(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / "station.db"
    shutil.copyfile(path, copy)

    def never(*_asked: Any) -> None:
        raise AssertionError

    assert reopen(copy, compare=never).origin != reopen(path).origin
