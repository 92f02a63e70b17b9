"""What the runner writes down, and what it must not."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.errors import DomainError
from crisisdesk.engine import recovery_commands as c
from crisisdesk.engine.commands import Absorb

from tests.engine.handlers.test_runs import PROMOTE, begin, run_of, states
from tests.engine.recovering import content, moved
from tests.reliability.bench import MemoryStation
from tests.store.workload import START, Station


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


def test_a_second_person_approves_at_another_station() -> None:
    """The events alone carry it: the step opens where the run is at home, and nowhere else."""
    prague, brno = MemoryStation("Prague", 1), MemoryStation("Brno", 2)
    now = START
    gate = {"id": "gate", "kind": "approval"}
    prague.do(c.PublishProcedure(name="P", content=content(gate, PROMOTE)), now)
    run_id = prague.do(c.StartRun(procedure="P"), now + 1_000, "Ann")
    brno.pull(prague, now + 2_000)
    seen = brno.get(run_id)
    assert isinstance(seen, Run)
    approve = c.GiveApproval(run_id=run_id, step_id="gate", binding=seen.binding)
    own = brno.do(approve, now + 3_000, "ann")
    assert isinstance(own, DomainError)
    brno.do(approve, now + 3_000, "Ben")
    assert brno.do(c.ClaimStep(run_id=run_id, step_id="promote"), now + 4_000, "engine") == ""
    prague.pull(brno, now + 4_000)
    assert prague.do(c.ClaimStep(run_id=run_id, step_id="promote"), now + 5_000, "engine")
    brno.pull(prague, now + 6_000)
    assert brno.bytes() == prague.bytes()
