"""Desk and engine die apart: pages go out without a desk, and the desk outlives its engine."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path
from time import monotonic

import psutil
import pytest

from crisisdesk.desk.supervisor import process_lives, start_detached
from crisisdesk.settings.places import Places
from crisisdesk.store.queries import StationReader

from tests.comms.receivers import Request, answer, receiving
from tests.crash.desk_process import DeskProcess, desk_on, stop_engine_of
from tests.crash.engine_process import Caller, Door, door_of, is_well, running
from tests.engine.workers.live import Gate

OPERATOR = "Zoe Ng"
# About a second and a half on a machine of its own; here others may hold both cores.
RECOVERY_S = 20.0
KILLS = 12


def told(door: Door, method: str, path: str, body: object) -> None:
    """A command that must be kept."""
    caller = Caller(door, OPERATOR)
    status, words = caller.ask(method, path, body)
    caller.close()
    assert 200 <= status < 300, words


def alert(number: int) -> list[dict[str, object]]:
    labels = {"alertname": f"Down {number}", "severity": "critical"}
    return [{"labels": labels, "annotations": {"summary": f"Down {number}"}}]


def with_contact(door: Door, host: str) -> None:
    card = {"name": "Ann", "methods": [{"url": f"webhook://{host}/page"}]}
    told(door, "POST", "/crisis/contacts/", card)


def test_pages_go_out_after_the_desk_was_killed(tmp_path: Path) -> None:
    gate = Gate(answer(200, "ok"))
    gate.open()
    with (
        receiving(gate) as receiver,
        running(tmp_path / "station") as (engine, door),
    ):
        with_contact(door, receiver.host)
        desk = DeskProcess(tmp_path / "station", dict(os.environ), starts_engine=True)
        try:
            desk.until(lambda state: state["shown"] and state["engine"] == "up")
        finally:
            desk.kill()
        assert not receiver.requests
        told(door, "POST", "/api/v2/alerts", alert(1))
        assert not engine.ended_within(0.0)
        reader = StationReader(engine.places.store)
        began = monotonic()
        while not reader.delivery_counts().get("sent"):
            assert monotonic() - began < 10
            engine.ended_within(0.02)
        reader.close()
    assert [r.json()["title"] for r in receiver.requests] == ["CRITICAL: Down 1"]


@pytest.mark.timeout(180)
def test_the_desk_outlives_its_engine_and_brings_it_back(tmp_path: Path) -> None:
    """The engine is the desk's own child; killed again and again it is back within 3 s."""
    dice, places = random.Random(7), Places(tmp_path / "station")
    recoveries = []
    with running(tmp_path / "station") as (_engine, door):
        told(door, "PUT", "/crisis/station/", {"name": "North", "operator": OPERATOR})
    try:
        with desk_on(tmp_path / "station", dict(os.environ), starts_engine=True) as desk:
            state = desk.until(lambda s: s["engine"] == "up" and s["operator"] == OPERATOR)
            pid, first = state["pid"], door_of(places)
            assert first is not None
            door = first
            for number in range(KILLS):
                told(door, "POST", "/api/v2/alerts", alert(number))
                desk.until(lambda s, n=number: len(s["rows"]) == n + 1)  # type: ignore[misc]
                desk.ended_within(dice.uniform(0.0, 0.3))
                began = monotonic()
                kill(door)
                door = answering_again(desk, places, door)
                recoveries.append(monotonic() - began)
                state = desk.until(lambda s: s["engine"] == "up")
                assert (state["pid"], len(state["rows"])) == (pid, number + 1)
    finally:
        # After the desk: it would start a stopped engine again.
        stop_engine_of(places)
    median = sorted(recoveries)[KILLS // 2]
    print(f"\ndesk: {KILLS} engine kills, back after p50 {median:.2f}, max {max(recoveries):.2f} s")
    assert max(recoveries) < RECOVERY_S


def answering_again(desk: DeskProcess, places: Places, before: Door) -> Door:
    """The door of the next engine, once it answers; meanwhile the desk answers as well."""
    began = monotonic()
    while monotonic() - began < 20:
        state = desk.ask("state")
        assert (state["shown"], state["queue_shown"]) == (True, True)
        door = door_of(places)
        if door is not None and door != before and is_well(door):
            return door
        desk.ended_within(0.01)
    raise AssertionError("the engine did not come back")


def kill(door: Door) -> None:
    """``kill -9`` the engine of a door."""
    psutil.Process(door.pid).kill()


@pytest.mark.timeout(60)
def test_a_page_cut_off_by_a_crash_is_sent_again_and_says_so(tmp_path: Path) -> None:
    """Killed while the receiver thinks: the page comes once more, with the same key, marked."""
    gate = Gate(answer(200, "ok"))

    def take(request: Request) -> bytes:
        return gate(request)

    quick = {"CRISISDESK_DELIVERY__DEADLINE_S": "1"}
    with receiving(take) as receiver:
        with running(tmp_path / "station", **quick) as (engine, door):
            with_contact(door, receiver.host)
            told(door, "POST", "/api/v2/alerts", alert(1))
            began = monotonic()
            while not receiver.requests:
                assert monotonic() - began < 10
                engine.ended_within(0.005)
            engine.kill()
        gate.open()
        with running(tmp_path / "station", **quick) as (engine, _door):
            reader = StationReader(engine.places.store)
            began = monotonic()
            while not reader.delivery_counts().get("sent"):
                assert monotonic() - began < 15
                engine.ended_within(0.02)
            reader.close()
    first, second = receiver.requests
    assert first.json()["key"] == second.json()["key"]
    assert (first.json()["possible_repeat"], second.json()["possible_repeat"]) == (False, True)


def test_a_dead_process_that_nobody_has_reaped_is_dead() -> None:
    """Where the first process of a machine reaps late, a killed engine stays listed for seconds."""
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        assert process_lives(process.pid)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
        assert not process_lives(process.pid)


def test_a_detached_program_is_known_by_its_pid_and_nobodys_child() -> None:
    """As the desk starts its engine: the program itself bears the pid, and outlives the desk."""
    pid = start_detached(["/bin/sleep", "60"])
    process = psutil.Process(pid)
    try:
        assert process.name() == "sleep"
        assert os.getpid() not in {parent.pid for parent in process.parents()}
    finally:
        process.kill()
