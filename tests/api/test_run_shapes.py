"""Runs as they are told."""

from __future__ import annotations

from crisisdesk.api.run_shapes import UNCLAIMED, run_out

from tests.domain.recovery.making import JONAS, PRAGUE, PROMOTE, START, Log, made


def test_a_run_with_an_approval_and_an_attempt() -> None:
    log = Log(made({**PROMOTE, "within": "1m"}))
    log.approve(by=JONAS, note="go")
    log.add("run.step_released", step_id="promote")
    one = log.attempt("promote", "unknown")
    log.add("run.step_settled", step_id="promote", attempt=one, outcome="failed", note="looked")
    told = run_out(log.run, PRAGUE, START + 3_600_000)
    assert (told.here, told.done, told.total) == (True, 1, 2)
    gate, step = told.steps
    assert gate.approval is not None
    assert (gate.state, gate.approval.given, gate.approval.needed) == ("done", [JONAS], 1)
    assert step.does["command"] == "/bin/promote"
    assert (step.state, step.words) == ("failed", "looked")
    assert [(a.state, a.settled, a.note) for a in step.attempts] == [
        ("unknown", "failed", "looked")
    ]
    assert not run_out(log.run, "c" * 32, START).here


def test_an_exclusive_step_says_that_it_waits_for_the_hub() -> None:
    one = made({**PROMOTE, "exclusive": True}, is_automated=True, requires_approval=False)
    told = run_out(Log(one).run, PRAGUE, START, {"promote"})
    assert (told.steps[0].state, told.steps[0].words) == ("ready", UNCLAIMED)
    assert run_out(Log(one).run, PRAGUE, START).steps[0].words == ""
