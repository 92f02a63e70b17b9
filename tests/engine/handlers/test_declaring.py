"""What heartbeats, sources and rules share, by the heartbeats of a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crisisdesk.domain.errors import Conflict, NotFound
from crisisdesk.domain.heartbeat import SOURCE, hash_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.handlers.declaring import (
    check_name,
    is_open_of,
    known,
    needed,
    open_since,
    pause,
    publish,
    withdraw,
)
from crisisdesk.engine.handlers.heartbeats import HEARTBEATS
from crisisdesk.engine.heartbeat_commands import DeclareHeartbeat, NoteBeats
from crisisdesk.engine.heartbeat_signals import cry
from crisisdesk.engine.workbench import Workbench

from tests.store.workload import Station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.close()


def declare(station: Station, name: str = "backup") -> str:
    order = DeclareHeartbeat(name=name, every_ms=300_000, token_hash=hash_of(name))
    return str(station.do(order)[0])


def versions(bench: Workbench) -> list[PolicyVersion]:
    return list(bench.at_hand.policies())


def test_one_is_found_by_its_id_and_what_was_sent_does_not_come_back(station: Station) -> None:
    key = declare(station)
    assert needed(station.bench, HEARTBEATS, key).name == "backup"
    with pytest.raises(NotFound) as caught:
        needed(station.bench, HEARTBEATS, "s3cret-part")
    assert caught.value.field == "heartbeat_id"
    assert "s3cret" not in str(caught.value)


def test_names_are_given_once_and_there_are_only_so_many(station: Station) -> None:
    key = declare(station)
    check_name(station.bench, HEARTBEATS, "backup", key)
    check_name(station.bench, HEARTBEATS, "other", "")
    for name, thing_id in (("backup", ""), ("backup", "HB-2")):
        with pytest.raises(Conflict, match="is a heartbeat already"):
            check_name(station.bench, HEARTBEATS, name, thing_id)
    full = replace(HEARTBEATS, most=1)
    with pytest.raises(Conflict, match="there are 1 heartbeats"):
        check_name(station.bench, full, "other", "")
    check_name(station.bench, full, "other", key)


def test_a_version_takes_the_place_of_all_before_and_nothing_is_left_behind(
    station: Station,
) -> None:
    key = declare(station)
    bench = station.bench
    one = needed(bench, HEARTBEATS, key)
    station.now_ms += 1
    pause(bench, HEARTBEATS, one, paused=True)
    after = needed(bench, HEARTBEATS, key)
    assert after == replace(
        one, paused=True, since=bench.now, version_id=after.version_id, by=after.by
    )
    assert len(versions(bench)) == 1
    [version] = versions(bench)
    # The same content again is the same version.
    publish(bench, HEARTBEATS, version.name, version.content, after)
    assert [v.version_id for v in versions(bench)] == [version.version_id]
    with pytest.raises(Conflict, match="this very moment"):
        publish(bench, HEARTBEATS, version.name, version.content, None)
    withdraw(bench, HEARTBEATS, key)
    assert known(bench, HEARTBEATS) == []


def test_whose_alert_is_open_and_since_when(station: Station) -> None:
    key = declare(station)
    bench = station.bench
    one = needed(bench, HEARTBEATS, key)
    assert open_since(bench, SOURCE, [key]) == {}
    station.do(NoteBeats(beats={}, signals=[cry(one, "backup is missing", "")]))
    assert open_since(station.bench, SOURCE, [key, "HB-2"]) == {key: station.now_ms}
    assert is_open_of(station.bench, SOURCE, key)
    assert not is_open_of(station.bench, SOURCE, "HB-2")
