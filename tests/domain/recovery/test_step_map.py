"""The step map: what is open, waiting, stopped and late, from the log alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.fold import state_bytes, state_from_bytes
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepState, next_steps

from tests.domain.recovery.making import JONAS, KLARA, PRIYA, PROMOTE, START, Log, made

DECISION = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}
NOW = START + 60_000


def states(log: Log, now: int = NOW) -> dict[str, str]:
    return {one.step_id: str(one.state) for one in next_steps(log.run, now)}


def test_branches_of_a_decision_are_skipped_as_a_whole_and_meet_again() -> None:
    log = Log(
        made(
            DECISION,
            {"id": "a1", "when": {"d": "yes"}},
            {"id": "a2"},
            {"id": "b1", "after": ["d"], "when": {"d": "no"}},
            {"id": "end", "after": ["a2", "b1"]},
        )
    )
    assert states(log)["a1"] == "later"
    log.add("run.decision_taken", step_id="d", answer="no")
    assert states(log) == {
        "d": "done",
        "a1": "skipped",
        "a2": "skipped",
        "b1": "open",
        "end": "later",
    }
    log.add("run.step_done", step_id="b1")
    assert states(log)["end"] == "open"


def test_a_step_behind_a_decision_that_is_skipped_is_skipped() -> None:
    inner = {**DECISION, "id": "e", "when": {"d": "yes"}}
    log = Log(
        made(
            DECISION,
            inner,
            {"id": "b", "after": ["d"], "when": {"d": "no"}},
            {"id": "x", "after": ["e", "b"], "when": {"e": "yes"}},
        )
    )
    log.add("run.decision_taken", step_id="d", answer="no")
    log.add("run.step_done", step_id="b")
    assert states(log)["x"] == "skipped"


def test_parallel_branches_are_open_at_once() -> None:
    log = Log(made({"id": "a"}, {"id": "b", "after": ["a"]}, {"id": "c", "after": ["a"]}))
    log.add("run.step_done", step_id="a")
    assert states(log) == {"a": "done", "b": "open", "c": "open"}


def test_an_automatic_step_waits_for_its_approval_and_for_its_start() -> None:
    log = Log(made(PROMOTE))
    assert states(log) == {"approve": "open", "promote": "later"}
    log.approve()
    assert states(log) == {"approve": "done", "promote": "open"}
    log.add("run.step_released", step_id="promote")
    assert states(log)["promote"] == "ready"
    automatic = Log(made(PROMOTE, is_automated=True, requires_approval=False))
    assert states(automatic) == {"promote": "ready"}


def test_a_skipped_branch_is_not_done_because_its_approval_was_given() -> None:
    log = Log(made(DECISION, {**PROMOTE, "when": {"d": "yes"}}, is_automated=True))
    log.approve()
    log.add("run.decision_taken", step_id="d", answer="no")
    assert states(log)["promote"] == "skipped"


def test_what_runs_and_what_is_unknown_stands_before_all_else() -> None:
    log = Log(made(PROMOTE, is_automated=True, requires_approval=False))
    log.attempt("promote", "")
    assert states(log)["promote"] == "running"
    log = Log(made(PROMOTE, is_automated=True, requires_approval=False))
    one = log.attempt("promote", "unknown")
    log.add("run.step_done", step_id="promote")
    assert states(log)["promote"] == "unknown"
    log.add("run.step_settled", step_id="promote", attempt=one, outcome="failed", note="no")
    assert states(log)["promote"] == "done"


def test_a_failure_is_done_again_only_as_told() -> None:
    log = Log(made(PROMOTE, is_automated=True, requires_approval=False))
    one = log.attempt("promote", "failed")
    standing = next_steps(log.run, NOW)[0]
    assert (standing.state, standing.words) == (StepState.FAILED, "exit code")
    log.add("run.step_settled", step_id="promote", attempt=one, outcome="again")
    assert states(log)["promote"] == "ready"
    log.attempt("promote")
    assert states(log)["promote"] == "done"


def test_a_criterion_that_did_not_hold_before_is_no_obstacle() -> None:
    criterion = {"kind": "wait", "title": "Shop is up", "source": "shop"}
    log = Log(made({"id": "a"}, success_criteria=[criterion]))
    assert states(log) == {"seen-1": "ready", "a": "later", "met-1": "later"}
    log.attempt("seen-1", "failed")
    assert states(log) == {"seen-1": "noted", "a": "open", "met-1": "later"}
    log.add("run.step_done", step_id="a")
    log.attempt("met-1", "failed")
    assert states(log)["met-1"] == "failed"


def test_an_approval_runs_out_by_the_clock_alone() -> None:
    log = Log(made(PROMOTE))
    ask = log.add("run.approval_asked", step_id="approve", number=1, expires_ms=60_000)
    gate = next_steps(log.run, ask.at_ms + 60_000)[0]
    assert (gate.state, gate.words, gate.due_at) == ("waiting", "0 of 1 approved", 1770861963000)
    assert states(log, ask.at_ms + 60_001)["approve"] == "stopped"
    assert states(log, ask.at_ms + 60_001)["promote"] == "later"


def test_due_times_count_from_when_a_step_opened() -> None:
    log = Log(made({"id": "a", "within": "5m"}, {"id": "b", "within": "1m"}))
    log.add("run.step_done", step_id="a", at=400)
    a, b = next_steps(log.run, START + 461_000)
    assert (a.is_late(START + 461_000), b.due_at) == (False, START + 460_000)
    assert b.is_late(START + 461_000)
    assert not b.is_late(START + 460_000)


def test_who_did_it_as_well_is_told() -> None:
    log = Log(made({"id": "a"}))
    log.add("run.step_done", step_id="a")
    log.add("run.step_done", step_id="a", by=JONAS)
    log.add("run.step_done", step_id="a", by=PRIYA)
    one = next_steps(log.run, NOW)[0]
    assert (one.by, one.also_by) == (KLARA, (JONAS, PRIYA))


def test_the_way_back_is_gone_the_last_first_and_what_was_tried_is_part_of_it() -> None:
    def step(name: str, **more: Any) -> dict[str, Any]:
        back = {"title": f"Undo {name}"}
        return {**PROMOTE, "id": name, "title": name, "rollback": back, **more}

    log = Log(made(step("a"), step("b"), step("c"), requires_approval=False, is_automated=True))
    log.attempt("a")
    log.attempt("b", "failed")
    assert StepMap(log.run, NOW).way_back() == ["b~back", "a~back"]
    log.add("run.rollback_started", why="b failed", steps=["b~back", "a~back"])
    assert states(log) == {
        "a": "done",
        "b": "failed",
        "c": "closed",
        "b~back": "open",
        "a~back": "later",
    }
    log.add("run.step_done", step_id="b~back")
    assert states(log)["a~back"] == "open"


def test_an_ended_run_has_nothing_open() -> None:
    log = Log(made({"id": "a"}, {"id": "b"}))
    log.add("run.step_done", step_id="a")
    log.add("run.ended", verdict="aborted", why="wrong one")
    assert states(log) == {"a": "done", "b": "closed"}
    assert (log.run.verdict, log.run.ended_why) == ("aborted", "wrong one")


def test_steps_in_a_circle_of_a_foreign_log_are_no_end_of_the_program() -> None:
    log = Log(made({"id": "a"}, {"id": "b"}))
    log.events[0].body["steps"][0]["after"] = ["b"]
    assert states(log) == {"a": "later", "b": "later"}


@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_a_run_read_again_at_any_moment_says_the_same(marks: list[int], good: list[bool]) -> None:
    """Resume after a crash: state bytes alone decide, at every boundary of a run of six steps."""
    steps = [{**PROMOTE, "id": f"s{n}", "title": f"S{n}"} for n in range(6)]
    log = Log(made(*steps, is_automated=True, requires_approval=False))
    for mark, ok in zip(marks, good, strict=False):
        log.attempt(f"s{mark}", "ok" if ok else "unknown")
        run = log.run
        again = state_from_bytes("run", state_bytes(run))
        assert next_steps(again, NOW) == next_steps(run, NOW)  # type: ignore[arg-type]
        found = {one.step_id: one for one in next_steps(run, NOW)}
        for one in found.values():
            if one.state == StepState.READY:
                # Nothing is ready behind what is not over, and nothing that was ever tried.
                assert all(found[name].state in PASSED for name in one.step["after"])
                assert one.step_id not in run.attempts
