"""What the runner writes down, and what it must not."""

from __future__ import annotations

from typing import Any

from crisisdesk.engine import recovery_commands as c
from crisisdesk.engine.commands import Absorb

from tests.engine.handlers.test_runs import PROMOTE, begin, run_of, states
from tests.engine.recovering import moved
from tests.store.workload import Station


def claim(station: Station, run_id: str, **more: Any) -> str:
    command = c.ClaimStep(run_id=run_id, step_id="promote", **more)
    attempt: str = station.do(command, actor="engine")[0]
    return attempt


def test_a_step_is_claimed_once(station: Station) -> None:
    run_id = begin(station, PROMOTE)
    attempt = claim(station, run_id)
    assert attempt
    assert claim(station, run_id) == ""
    one = run_of(station, run_id).attempts["promote"][0]
    assert one["deadline"] == one["at"] + 60_000 + 30_000
    told = {"run_id": run_id, "step_id": "promote", "attempt": attempt}
    station.do(c.NoteOutput(**told, number=0, text="hello\n"))
    station.do(c.FinishStep(**told, outcome="ok", words="exit code 0"))
    head = station.bench.pos
    station.do(c.NoteOutput(**told, number=1, text="late\n"))
    station.do(c.FinishStep(**told, outcome="failed", words="late"))
    assert station.bench.pos == head
    assert run_of(station, run_id).verdict == "succeeded"


def test_nothing_is_claimed_that_is_not_ready_or_at_home_elsewhere(station: Station) -> None:
    run_id = begin(station, {"id": "a"}, PROMOTE)
    assert claim(station, run_id) == ""
    assert claim(station, "RUN-NONE") == ""
    station.do(c.MarkStep(run_id=run_id, step_id="a"))
    station.do(Absorb(events=moved(run_id)))
    assert run_of(station, run_id).home != station.bench.origin
    assert claim(station, run_id) == ""
    station.do(c.MoveRun(run_id=run_id))
    assert claim(station, run_id)


def test_an_exclusive_step_needs_a_claim_or_a_persons_word(station: Station) -> None:
    run_id = begin(station, {**PROMOTE, "exclusive": True})
    assert claim(station, run_id) == ""
    station.do(c.ReleaseStep(run_id=run_id, step_id="promote", unclaimed=True))
    assert claim(station, run_id)
    assert run_of(station, run_id).unclaimed == ["promote"]


def test_an_exclusive_step_with_the_hubs_claim(station: Station) -> None:
    run_id = begin(station, {**PROMOTE, "exclusive": True})
    assert claim(station, run_id, claim="4.1")
    run = run_of(station, run_id)
    assert (run.unclaimed, run.attempts["promote"][0]["claim"]) == ([], "4.1")


def test_open_runs_are_listed_and_ended_ones_while_something_runs(station: Station) -> None:
    run_id = begin(station, PROMOTE)
    attempt = claim(station, run_id)
    found = station.do(c.ListRuns())[0]
    assert [run.run_id for run in found.runs] == [run_id]
    station.do(c.EndRun(run_id=run_id, verdict="aborted", why="wrong"))
    assert [run.run_id for run in station.do(c.ListRuns())[0].runs] == [run_id]
    told = {"run_id": run_id, "step_id": "promote", "attempt": attempt}
    station.do(c.FinishStep(**told, outcome="unknown", words="stopped"))
    assert station.do(c.ListRuns())[0].runs == ()
    assert states(station, run_id)["promote"] == "unknown"
    settle = c.SettleStep(run_id=run_id, step_id="promote", attempt=attempt, outcome="done")
    assert station.do(settle) == [None]
