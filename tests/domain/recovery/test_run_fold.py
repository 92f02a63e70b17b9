"""What a run's log comes to: attempts, approvals, decisions, in every order of arrival."""

from __future__ import annotations

import random

from crisisdesk.domain.fold import fold, state_bytes

from tests.domain.recovery.making import BERLIN, JONAS, KLARA, PRIYA, PROMOTE, Log, made

DECISION = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}


def whole(log: Log) -> None:
    """The same state whatever the order in which the events come."""
    expected = fold(log.events)
    assert expected is not None
    pick = random.Random(7)
    for _ in range(20):
        shuffled = pick.sample(log.events, len(log.events))
        state = fold([*shuffled, *shuffled[:2]])
        assert state is not None
        assert state_bytes(state) == state_bytes(expected)


def test_an_attempt_from_its_claim_to_its_end() -> None:
    log = Log(made(PROMOTE))
    one = log.add("run.step_claimed", step_id="promote", claim="4.1", deadline=99)
    log.add("run.step_output", step_id="promote", attempt=one.id, n=0, text="a\n")
    log.add("run.step_output", step_id="promote", attempt=one.id, n=1, text="b" * 9_000)
    attempt = log.run.attempts["promote"][0]
    assert (attempt["state"], attempt["claim"], attempt["pieces"]) == ("running", "4.1", 2)
    assert len(attempt["output"]) == 8_000
    end = {"step_id": "promote", "attempt": one.id, "outcome": "ok", "words": "exit code 0"}
    log.add("run.step_finished", **end)
    assert log.run.attempts["promote"][0]["state"] == "ok"
    assert log.run.is_done("promote")
    log.add("run.step_finished", **end)
    assert [t["what"] for t in log.run.also_done] == ["finished"]
    whole(log)


def test_an_end_that_comes_late_is_known_after_all_unless_a_person_has_settled_it() -> None:
    log = Log(made(PROMOTE))
    one = log.attempt("promote", "unknown")
    late = {"step_id": "promote", "attempt": one, "outcome": "ok", "words": ""}
    log.add("run.step_finished", **late)
    assert log.run.attempts["promote"][0]["state"] == "ok"
    other = Log(made(PROMOTE))
    one = other.attempt("promote", "unknown")
    other.add("run.step_settled", step_id="promote", attempt=one, outcome="failed", note="looked")
    other.add("run.step_finished", **{**late, "attempt": one})
    attempt = other.run.attempts["promote"][0]
    assert (attempt["state"], attempt["settled"]["outcome"]) == ("unknown", "failed")
    assert not other.run.is_done("promote")
    whole(other)


def test_another_attempt_is_marked_unless_the_first_surely_had_no_effect() -> None:
    for outcome, settled, twice in (
        ("", None, True),
        ("ok", None, True),
        ("unknown", None, True),
        ("unknown", "done", True),
        ("unknown", "failed", False),
        ("unknown", "again", False),
        ("failed", None, False),
    ):
        log = Log(made(PROMOTE))
        one = log.attempt("promote", outcome)
        if settled:
            log.add("run.step_settled", step_id="promote", attempt=one, outcome=settled)
        log.add("run.step_claimed", origin=BERLIN, step_id="promote", claim="", deadline=1)
        assert log.run.executed_twice == (["promote"] if twice else []), (outcome, settled)
        whole(log)


def test_an_exclusive_step_begun_without_the_hubs_claim_is_marked() -> None:
    log = Log(made({**PROMOTE, "exclusive": True}))
    log.attempt("promote")
    assert log.run.unclaimed == ["promote"]


def test_an_approval_counts_for_the_very_run_that_was_asked_about() -> None:
    log = Log(made(PROMOTE))
    log.add("run.approval_asked", step_id="approve", number=1, expires_ms=60_000)
    good = {"step_id": "approve", "number": 1, "binding": log.run.binding}
    for more, by, at in (
        ({"binding": "another"}, JONAS, None),
        ({"number": 2}, JONAS, None),
        ({}, KLARA, None),
        ({}, "KLÁRA  langová", None),
        ({}, JONAS, 62),
    ):
        log.add("run.approval_given", by=by, at=at, **{**good, **more})
    assert log.run.asks["approve"]["given"] == []
    assert [t["why"] for t in log.run.also_done] == [
        "it was given for another procedure or other arguments",
        "it answers another question",
        "who started the run cannot approve it",
        "who started the run cannot approve it",
        "it came too late",
    ]
    log.add("run.approval_given", by=JONAS, at=30, **good)
    assert "passed_at" in log.run.asks["approve"]
    whole(log)


def test_two_approvals_are_two_persons() -> None:
    gate = {"id": "gate", "kind": "approval", "approvals": 2}
    log = Log(made(gate, PROMOTE))
    log.approve("gate", JONAS)
    told = {"step_id": "gate", "number": 1, "binding": log.run.binding}
    log.add("run.approval_given", by="jonas weber", **told)
    assert "passed_at" not in log.run.asks["gate"]
    log.add("run.approval_given", by=PRIYA, **told)
    assert [one["by"] for one in log.run.asks["gate"]["given"]] == [JONAS, PRIYA]
    assert "passed_at" in log.run.asks["gate"]
    whole(log)


def test_an_answer_given_in_time_stands_though_it_ran_out_elsewhere() -> None:
    """The expiry sorts behind the approval, whichever came to this station first."""
    log = Log(made(PROMOTE))
    log.approve()
    log.add("run.approval_expired", step_id="approve", number=1, origin=BERLIN)
    assert "passed_at" in log.run.asks["approve"]
    assert "expired" not in log.run.asks["approve"]
    whole(log)


def test_a_refusal_ends_the_question_until_it_is_asked_anew() -> None:
    log = Log(made(PROMOTE))
    log.add("run.approval_asked", step_id="approve", number=1, expires_ms=600_000)
    log.add("run.approval_refused", by=JONAS, step_id="approve", number=1, why="lag")
    told = {"step_id": "approve", "binding": log.run.binding}
    log.add("run.approval_given", by=PRIYA, number=1, **told)
    assert log.run.asks["approve"]["given"] == []
    log.add("run.approval_asked", step_id="approve", number=2, expires_ms=600_000)
    log.add("run.approval_given", by=PRIYA, number=2, **told)
    assert "passed_at" in log.run.asks["approve"]
    log.add("run.approval_refused", by=JONAS, step_id="approve", number=2, why="late")
    assert "refused" not in log.run.asks["approve"]
    whole(log)


def test_broken_glass_stands_with_its_reason() -> None:
    log = Log(made(PROMOTE))
    log.add("run.glass_broken", step_id="approve", why="nobody is there")
    log.add("run.glass_broken", by=JONAS, step_id="approve", why="neither")
    ask = log.run.asks["approve"]
    assert (ask["glass"]["by"], ask["glass"]["why"]) == (KLARA, "nobody is there")
    assert [t["what"] for t in log.run.also_done] == ["glass_broken"]


def test_of_two_answers_the_first_stands_and_the_other_is_kept() -> None:
    log = Log(made(DECISION))
    log.add("run.decision_taken", step_id="d", answer="no")
    log.add("run.decision_taken", by=JONAS, origin=BERLIN, step_id="d", answer="yes")
    log.add("run.decision_taken", by=JONAS, step_id="d", answer="perhaps")
    assert [entry["answer"] for entry in log.run.done["d"]] == ["no", "yes"]
    assert [t["answer"] for t in log.run.also_done] == ["yes"]
    whole(log)


def test_ways_back_of_two_stations_are_gone_together() -> None:
    log = Log(made(PROMOTE))
    log.add("run.rollback_started", why="x", steps=["b~back"])
    log.add("run.rollback_started", origin=BERLIN, why="y", steps=["c~back", "b~back"])
    assert log.run.way_back["steps"] == ["b~back", "c~back"]
    assert log.run.way_back["why"] == "x"
    whole(log)


def test_a_run_is_at_home_where_it_was_begun_or_taken_to() -> None:
    log = Log(made(PROMOTE))
    home = log.run.home
    log.add("run.moved", origin=BERLIN)
    assert (home, log.run.home) == ("a" * 32, BERLIN)


def test_facts_about_steps_that_are_not_there_change_nothing() -> None:
    log = Log(made(PROMOTE))
    before = log.run
    for kind, body in (
        ("run.step_claimed", {"claim": "", "deadline": 1}),
        ("run.decision_taken", {"answer": "x"}),
        ("run.approval_given", {"number": 1}),
        ("run.glass_broken", {"why": "x"}),
        ("run.step_failed", {"why": "x"}),
    ):
        log.add(kind, step_id="nowhere", **body)
    assert log.run == before


def test_steps_that_nobody_could_read_make_no_run() -> None:
    log = Log(made(PROMOTE))
    log.events[0].body["steps"].append({"step_id": 5})
    assert fold(log.events) is None
