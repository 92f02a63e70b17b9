"""What can be done with steps and runs, by whom."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.offers import (
    ASKED,
    GIVEN,
    run_offers,
    step_offers,
    word_to_type,
)
from crisisdesk.domain.checklist import Run

from tests.desk.recovery_room.scenes import (
    ASK,
    FREEZE,
    GATE,
    JONAS,
    KLARA,
    gated,
    log,
    standing,
    steps_of,
    tried,
)
from tests.domain.recovery.making import PROMOTE, Log, made


def offered(run: Run, step_id: str, operator: str = KLARA) -> dict[str, str]:
    """What is offered, with why not."""
    return {o.do: o.why_not for o in step_offers(run, standing(run, step_id), operator)}


def test_who_asked_cannot_approve_and_nobody_twice() -> None:
    one = gated()
    assert offered(one.run, "gate") == {"approve": ASKED, "refuse": "", "break_glass": ""}
    assert offered(one.run, "gate", JONAS)["approve"] == ""
    two = log(GATE | {"approvals": 2})
    two.approve("gate", by=JONAS)
    assert offered(two.run, "gate", JONAS)["approve"] == GIVEN
    assert offered(two.run, "gate", "Priya Nair")["approve"] == ""


def test_a_refused_approval_is_asked_for_again() -> None:
    one = gated()
    one.add("run.approval_refused", by=JONAS, step_id="gate", number=1, why="wrong host")
    assert list(offered(one.run, "gate")) == ["ask", "break_glass"]


def test_open_steps_are_done_answered_or_started() -> None:
    one = log(FREEZE, ASK, PROMOTE, is_automated=False)
    assert list(offered(one.run, "freeze")) == ["done", "failed"]
    assert offered(one.run, "lag") == {}
    one.add("run.step_done", step_id="freeze", claim="")
    (decide,) = step_offers(one.run, standing(one.run, "lag"), KLARA)
    assert decide.ask is not None
    assert [key for key, _word in decide.ask.choices] == ["yes", "no"]
    assert list(offered(one.run, "freeze")) == ["undone"]
    one.add("run.decision_taken", step_id="lag", answer="no")
    assert list(offered(one.run, "promote")) == ["start", "done"]


def test_what_nobody_knows_or_failed_is_settled_once() -> None:
    assert list(offered(tried("unknown").run, "promote")) == ["settle"]
    failed = tried("failed")
    assert list(offered(failed.run, "promote")) == ["settle", "done"]
    (name,) = (a["id"] for a in failed.run.attempts["promote"])
    failed.add("run.step_settled", step_id="promote", attempt=name, outcome="failed")
    assert list(offered(failed.run, "promote")) == ["done"]


def test_an_exclusive_step_can_go_without_its_claim_after_a_word_is_typed() -> None:
    one = log(PROMOTE | {"exclusive": True})
    first = step_offers(one.run, standing(one.run, "promote"), KLARA)[0]
    assert first.do == "unclaimed"
    assert first.ask is not None
    assert first.ask.typed == "Fail over"


def test_the_word_to_type_is_an_argument_where_there_is_one() -> None:
    procedure = made(FREEZE, parameters={"target": {"type": "host"}})
    run = Log(procedure, target="db2").run
    assert word_to_type(run) == "db2"


def test_nothing_is_offered_in_what_has_ended_but_to_settle() -> None:
    one = tried("unknown")
    one.add("run.ended", verdict="failed", why="")
    assert list(offered(one.run, "promote")) == ["settle"]
    done = log()
    done.add("run.ended", verdict="aborted", why="")
    assert offered(done.run, "freeze") == {}
    assert run_offers(done.run, steps_of(done.run), is_here=True) == []


def test_going_back_says_why_it_cannot_and_success_is_no_verdict_before_all_is_passed() -> None:
    one = log()
    back, end, take = run_offers(one.run, steps_of(one.run), is_here=False)
    assert back.why_not == "nothing was done that has a way back"
    assert end.ask is not None
    assert "succeeded" not in dict(end.ask.choices)
    assert take.do == "take"
    one.add("run.step_done", step_id="freeze", claim="")
    assert run_offers(one.run, steps_of(one.run), is_here=True)[0].why_not == ""
    one.add("run.rollback_started", steps=["freeze~back"], why="x")
    assert run_offers(one.run, steps_of(one.run), is_here=True)[0].why_not == "goes back already"
    busy = tried("").run
    assert "is running" in run_offers(busy, steps_of(busy), is_here=True)[0].why_not
