"""The runner: claims before it begins, never begins again, and says what nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.step_map import next_steps
from crisisdesk.engine import recovery_commands as c
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.commands import Absorb
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.recovery_ports import Done
from crisisdesk.engine.workers.runner import CUT, MOST_PIECES, PIECE, Pieces, Runner
from crisisdesk.store.opening import open_station
from crisisdesk.store.queries import StationReader

from tests.engine.recovering import COMMAND, TestHands, content, moved

pytestmark = pytest.mark.anyio
PROMOTE = {"id": "promote", **COMMAND}


class Place:
    """A committer on a real file, with a runner that can be killed and started anew."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "station.db"
        self.hands = TestHands()
        self.states: dict[str, str] = {}
        self._changed = asyncio.Event()

    async def start(self) -> None:
        clock = SystemClock()
        journal = open_station(self.path).journal
        self.committer = Committer(journal, clock, Policy(), bytes_of)
        self.committer.start()
        self.runner = Runner(
            self.committer.submit, clock.now_ms, self.hands.hands(), lambda: self.states
        )
        self.committer.on_commit(self.runner.on_commit)
        self.committer.on_commit(lambda _kinds: self._changed.set())
        self.task = asyncio.get_running_loop().create_task(self.runner.run())

    async def kill(self) -> None:
        """As a killed engine: nothing more is written, whatever was going on."""
        await self.committer.stop()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def stop(self) -> None:
        """As an engine that is told to end."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.committer.stop()

    async def do(self, command: Any, by: str = "Ann") -> Any:
        return await self.committer.submit(command, by)

    async def begin(self, *steps: dict[str, Any], **fields: Any) -> str:
        await self.do(c.PublishProcedure(name="P", content=content(*steps, **fields)))
        run_id: str = await self.do(c.StartRun(procedure="P"))
        return run_id

    def run(self, run_id: str) -> Run:
        reader = StationReader(self.path)
        try:
            found = reader.run(run_id)
        finally:
            reader.close()
        assert found is not None
        return found

    def states_of(self, run_id: str) -> dict[str, str]:
        found = next_steps(self.run(run_id), SystemClock().now_ms())
        return {one.step_id: str(one.state) for one in found}

    async def until(self, fits: Callable[[], bool]) -> None:
        async def wait() -> None:
            while True:
                self._changed.clear()
                if fits():
                    return
                await self._changed.wait()

        await asyncio.wait_for(wait(), 60)


def bytes_of(n: int) -> bytes:
    import os

    return os.urandom(n)


@pytest.fixture
async def place(tmp_path: Path) -> Any:
    made = Place(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def test_steps_are_done_in_order_each_once(place: Place) -> None:
    steps = [{**PROMOTE, "id": f"s{n}"} for n in range(4)]
    place.hands.said = ("one\n", "two\n")
    run_id = await place.begin(*steps)
    await place.until(lambda: place.run(run_id).verdict == "succeeded")
    assert place.hands.begun == ["s0", "s1", "s2", "s3"]
    attempt = place.run(run_id).attempts["s3"][0]
    assert (attempt["state"], attempt["output"]) == ("ok", "one\ntwo\n")


async def test_the_claim_is_on_disk_before_anything_begins(place: Place) -> None:
    seen: list[str] = []

    def does(step_id: str) -> Done:
        seen.append(place.run(run_id).attempts[step_id][0]["state"])
        return Done(outcome="ok", words="done")

    place.hands.does = does
    place.hands.may_end.clear()
    run_id = await place.begin(PROMOTE)
    await place.until(lambda: bool(place.run(run_id).attempts))
    place.hands.may_end.set()
    await place.until(lambda: bool(place.run(run_id).verdict))
    assert seen == ["running"]


@pytest.mark.expect_log("is not written down yet")
async def test_after_a_kill_in_the_middle_it_is_unknown_and_not_begun_again(
    place: Place,
) -> None:
    place.hands.may_end.clear()
    run_id = await place.begin(PROMOTE, {**PROMOTE, "id": "second"})
    await place.until(lambda: place.hands.begun == ["promote"])
    await place.kill()
    assert place.states_of(run_id)["promote"] == "running"
    place.hands = TestHands()
    await place.start()
    await place.until(lambda: place.states_of(run_id)["promote"] == "unknown")
    await place.runner.look()
    assert place.hands.begun == []
    attempt = place.run(run_id).attempts["promote"][0]
    assert attempt["words"] == "the engine ended while it ran; look what it has done"
    told: dict[str, Any] = {"run_id": run_id, "step_id": "promote", "attempt": attempt["id"]}
    await place.do(c.SettleStep(**told, outcome="done"))
    await place.until(lambda: place.run(run_id).verdict == "succeeded")
    assert place.hands.begun == ["second"]
    assert place.run(run_id).executed_twice == []


async def test_an_engine_that_ends_stops_its_steps_and_says_so(place: Place) -> None:
    place.hands.may_end.clear()
    run_id = await place.begin(PROMOTE)
    await place.until(lambda: place.hands.begun == ["promote"])
    await place.stop()
    assert place.hands.stopped == 1
    attempt = place.run(run_id).attempts["promote"][0]
    assert (attempt["state"], attempt["words"]) == (
        "unknown",
        "it was stopped on its way; look what it has done",
    )
    await place.start()


async def test_ending_a_run_stops_what_runs_in_it(place: Place) -> None:
    place.hands.may_end.clear()
    run_id = await place.begin(PROMOTE)
    await place.until(lambda: place.hands.begun == ["promote"])
    await place.do(c.EndRun(run_id=run_id, verdict="aborted", why="wrong one"))
    await place.until(lambda: place.states_of(run_id)["promote"] == "unknown")
    assert place.hands.stopped == 1


async def test_an_exclusive_step_waits_for_a_claim_that_cannot_be_had(place: Place) -> None:
    class Nobody:
        async def claim(self, _key: str, _claim_ms: int) -> str:
            return ""

        def settle(self, _key: str, _claim: str, _outcome: str) -> None: ...

    place.runner._claims = Nobody()
    run_id = await place.begin({**PROMOTE, "exclusive": True}, {**PROMOTE, "id": "b", "after": []})
    await place.until(lambda: place.states_of(run_id)["b"] == "done")
    await place.runner.look()
    assert place.hands.begun == ["b"]
    assert place.runner.unclaimed(run_id) == {"promote"}
    assert place.states_of(run_id)["promote"] == "ready"


async def test_what_is_refused_here_has_failed_with_nothing_done(place: Place) -> None:
    run_id = await place.begin({**PROMOTE, "command": "/bin/forbidden"})
    await place.until(lambda: place.states_of(run_id)["promote"] == "failed")
    words = place.run(run_id).attempts["promote"][0]["words"]
    assert words == "nothing was done: command: is forbidden; use another one"
    assert place.hands.begun == []


@pytest.mark.expect_log("step promote .command. failed here", level="ERROR")
async def test_an_executor_that_fails_leaves_the_end_unknown(place: Place) -> None:
    def does(_step: str) -> Done:
        raise ZeroDivisionError

    place.hands.does = does
    run_id = await place.begin(PROMOTE)
    await place.until(lambda: place.states_of(run_id)["promote"] == "unknown")
    assert "ZeroDivisionError" in place.run(run_id).attempts["promote"][0]["words"]


async def test_a_run_that_is_led_elsewhere_is_left_alone(place: Place) -> None:
    run_id = await place.begin({"id": "a"}, PROMOTE)
    await place.do(Absorb(events=moved(run_id)))
    await place.do(c.MarkStep(run_id=run_id, step_id="a"))
    await place.runner.look()
    assert place.hands.begun == []
    await place.do(c.MoveRun(run_id=run_id))
    await place.until(lambda: bool(place.run(run_id).verdict))
    assert place.hands.begun == ["promote"]


async def test_output_is_handed_on_in_bounded_pieces() -> None:
    told: list[tuple[int, str]] = []

    async def tell(number: int, text: str) -> None:
        told.append((number, text))

    pieces = Pieces(tell)
    for _ in range(1_000):
        pieces.say("x" * 999 + "\n")
        await pieces.flush()
    text = "".join(part for _n, part in told)
    assert text.endswith(CUT)
    assert len(text) == PIECE * MOST_PIECES + len(CUT)
    assert all(len(part) <= PIECE for _n, part in told)
    assert [n for n, _part in told] == list(range(len(told)))


async def test_a_piece_whose_telling_is_broken_off_is_told_by_the_next() -> None:
    told: list[str] = []

    async def cancelled(_number: int, _text: str) -> None:
        raise asyncio.CancelledError

    async def good(_number: int, text: str) -> None:
        told.append(text)

    pieces = Pieces(cancelled)
    pieces.say("kept\n")
    with pytest.raises(asyncio.CancelledError):
        await pieces.flush()
    pieces._tell = good
    await pieces.flush()
    assert told == ["kept\n"]
