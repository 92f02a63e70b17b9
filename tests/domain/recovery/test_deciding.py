"""What follows by itself, the same wherever it is decided."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.recovery.deciding import decided

from tests.domain.recovery.making import PROMOTE, START, Log, made

NOW = START + 60_000
BACK = {**PROMOTE, "rollback": {"title": "Demote"}}


def follows(log: Log, now: int = NOW) -> list[tuple[str, Any]]:
    return [(one.kind, one.body) for one in decided(log.run, now)]


def test_a_gate_that_opens_is_asked_once_and_runs_out_once() -> None:
    log = Log(made(PROMOTE))
    body = {"step_id": "approve", "number": 1, "expires_ms": 600_000}
    assert follows(log) == [("run.approval_asked", body)]
    asked = log.add("run.approval_asked", **body)
    assert follows(log) == []
    late = asked.at_ms + 600_001
    assert follows(log, late) == [("run.approval_expired", {"step_id": "approve", "number": 1})]
    log.add("run.approval_expired", step_id="approve", number=1)
    assert follows(log, late) == []


def test_ids_are_the_same_on_every_station_and_differ_by_run_step_and_number() -> None:
    one, other = Log(made(PROMOTE)), Log(made(PROMOTE))
    assert decided(one.run, NOW) == decided(other.run, NOW + 5)
    ids = {d.dedup_id for d in decided(one.run, NOW)}
    one.add("run.approval_asked", step_id="approve", number=1, expires_ms=1)
    ids |= {d.dedup_id for d in decided(one.run, NOW)}
    assert len(ids) == 2


def test_a_run_whose_steps_are_over_has_succeeded() -> None:
    log = Log(made({"id": "a"}, success_criteria=["It works"]))
    log.add("run.step_done", step_id="a")
    assert follows(log) == []
    log.add("run.step_done", step_id="met-1")
    assert follows(log) == [("run.ended", {"verdict": "succeeded"})]
    log.add("run.ended", verdict="succeeded")
    assert follows(log) == []


def test_the_way_back_is_gone_by_strategy() -> None:
    for strategy, outcome, expected in (
        ("never", "failed", []),
        ("on_deviation", "failed", ["run.rollback_started"]),
        ("on_deviation", "unknown", []),
        ("on_deviation", "ok", ["run.ended"]),
        ("always", "ok", ["run.rollback_started"]),
        ("always", "failed", ["run.rollback_started"]),
        ("always", "unknown", []),
    ):
        one = made(BACK, is_automated=True, requires_approval=False, rollback=strategy)
        log = Log(one)
        log.attempt("promote", outcome)
        assert [kind for kind, _ in follows(log)] == expected, (strategy, outcome)


def test_a_criterion_that_does_not_hold_is_a_deviation() -> None:
    fields: dict[str, Any] = {"rollback": "on_deviation", "success_criteria": ["It works"]}
    log = Log(made(BACK, is_automated=True, requires_approval=False, **fields))
    log.attempt("promote")
    assert follows(log) == []
    log.add("run.step_failed", step_id="met-1", why="no orders")
    assert follows(log) == [
        ("run.rollback_started", {"why": "It works: does not hold", "steps": ["promote~back"]})
    ]


def test_going_back_ends_and_takes_along_what_another_station_did_meanwhile() -> None:
    second = {**BACK, "id": "second", "title": "Second"}
    log = Log(made(BACK, second, is_automated=True, requires_approval=False))
    log.attempt("promote")
    log.add("run.rollback_started", why="x", steps=["promote~back"])
    log.attempt("second")
    assert follows(log) == [
        ("run.rollback_started", {"why": "more was done elsewhere", "steps": ["second~back"]})
    ]
    log.add("run.rollback_started", why="", steps=["second~back"])
    log.add("run.step_done", step_id="promote~back")
    assert follows(log) == []
    log.add("run.step_done", step_id="second~back")
    assert follows(log) == [("run.ended", {"verdict": "rolled_back"})]


def test_a_checklist_of_an_older_program_ends_by_hand_alone() -> None:
    log = Log(made({"id": "a"}))
    log.events[0].body.pop("procedure")
    log.add("run.step_done", step_id="a")
    assert follows(log) == []
