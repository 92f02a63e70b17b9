"""The facts of a run on the timeline of its incident."""

from __future__ import annotations

from crisisdesk.domain.checklist import RUN_KINDS
from crisisdesk.domain.recovery.run_words import _LEFT_OUT, _RUN_TELLERS, _STEP_TELLERS
from crisisdesk.domain.timeline import EntryKind, build_timeline

from tests.domain.recovery.making import JONAS, PROMOTE, Log, made


def lines(log: Log) -> list[str]:
    entries = build_timeline("INC-1", (), log.events)
    assert {entry.kind for entry in entries} == {EntryKind.RUN}
    return [entry.told.plain for entry in entries]


def test_every_kind_has_words_or_is_left_out_on_purpose() -> None:
    told = {*_RUN_TELLERS, *_STEP_TELLERS, *_LEFT_OUT, "run.started"}
    assert told == RUN_KINDS


def test_a_run_reads_as_it_went() -> None:
    parameters = {"target": {"type": "host"}}
    log = Log(made({**PROMOTE, "title": "Promote {target}"}, parameters=parameters), target="db2")
    log.approve(by=JONAS)
    one = log.attempt("promote", "")
    log.add("run.step_output", step_id="promote", attempt=one, n=0, text="x")
    log.add("run.step_unknown", step_id="promote", attempt=one, why="the engine ended")
    log.add("run.step_settled", step_id="promote", attempt=one, outcome="done")
    log.add("run.ended", verdict="succeeded")
    assert lines(log) == [
        "Fail over started, target db2",
        "Fail over, Approve Fail over: approval asked",
        "Fail over, Approve Fail over: approved",
        "Fail over, Promote db2: begun",
        "Fail over, Promote db2: nobody knows whether it was done",
        "Fail over, Promote db2: it was done",
        "Fail over succeeded",
    ]


def test_what_did_not_count_says_so() -> None:
    log = Log(made(PROMOTE))
    log.add("run.approval_asked", step_id="approve", number=1, expires_ms=600_000)
    log.add("run.approval_given", step_id="approve", number=1, binding=log.run.binding)
    assert lines(log)[-1] == (
        "Fail over, Approve Fail over: approved (did not count: "
        "who started the run cannot approve it)"
    )


def test_a_second_attempt_of_what_may_have_been_done_is_told_as_that() -> None:
    log = Log(made(PROMOTE))
    log.attempt("promote")
    log.attempt("promote", "")
    assert lines(log)[-1].endswith("begun again, although it may have been done")
