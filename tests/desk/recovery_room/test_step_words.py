"""How steps are told."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.step_words import (
    branch_words,
    does_words,
    face_of,
    facts_of,
    path_line,
    second_words,
    state_words,
)
from crisisdesk.domain.recovery.step_map import StepState

from tests.desk.recovery_room.scenes import (
    ASK,
    FREEZE,
    JONAS,
    KLARA,
    gated,
    log,
    standing,
    tried,
)
from tests.domain.recovery.making import BERLIN, PROMOTE


def test_every_state_has_a_face_with_words() -> None:
    one = standing(log().run, "freeze")
    for state in StepState:
        icon, _tone, words = face_of(type(one)(step=one.step, state=state))
        assert icon
        assert words


def test_what_is_done_says_who_when_and_who_did_it_as_well() -> None:
    one = log()
    one.add("run.step_done", step_id="freeze", claim="", by=KLARA, at=10)
    one.add("run.step_done", step_id="freeze", claim="", by=JONAS, at=20, origin=BERLIN)
    words = second_words(one.run, standing(one.run, "freeze"))
    assert words.endswith(f"{KLARA} · also {JONAS}")
    assert "also by Jonas Weber" in state_words(one.run, standing(one.run, "freeze"), KLARA)


def test_a_branch_names_the_question_and_the_answer() -> None:
    one = log(FREEZE, ASK, {"id": "loss", "when": {"lag": "yes"}})
    assert branch_words(one.run, standing(one.run, "loss")) == "only if “Is it behind?” is yes"
    one.add("run.step_done", step_id="freeze", claim="")
    one.add("run.decision_taken", step_id="lag", answer="no")
    assert second_words(one.run, standing(one.run, "loss")).startswith("skipped, only if")
    line = path_line(one.run, standing(one.run, "loss"), 3, "loss")
    assert (line.number, line.is_quiet, line.is_current) == (3, True, True)


def test_the_asker_is_told_that_another_person_must_approve() -> None:
    run = gated().run
    gate = standing(run, "gate")
    assert state_words(run, gate, KLARA).endswith("You asked for it: another person must approve.")
    assert state_words(run, gate, JONAS).endswith("Yours is wanted.")
    assert does_words(run, gate) == f"one other person than {KLARA} must approve"
    assert any(fact.words.startswith("SHA-256") for fact in facts_of(run, gate))


def test_a_program_is_told_word_for_word_and_an_unknown_end_as_what_it_is() -> None:
    run = tried("unknown").run
    one = standing(run, "promote")
    assert does_words(run, one) == "/bin/promote"
    words = state_words(run, one, KLARA)
    assert words.startswith("Nobody knows its end: the engine ended.")
    assert "never done again by itself" in words


def test_a_clock_stands_on_what_runs_out_only() -> None:
    one = log()
    assert path_line(one.run, standing(one.run, "freeze"), 1, "").due_at is not None
    one.add("run.step_done", step_id="freeze", claim="")
    assert path_line(one.run, standing(one.run, "freeze"), 1, "").due_at is None


def test_other_kinds_say_what_they_do() -> None:
    told = log(
        {"id": "look", "kind": "http", "url": "https://lb.example.org/health"},
        {
            "id": "read",
            "kind": "sql",
            "database": "orders",
            "query": "select 1",
            "expect": {"value": 1},
        },
        {"id": "rest", "kind": "wait", "source": "shop", "for": "30s"},
        PROMOTE,
    ).run
    assert does_words(told, standing(told, "look")) == "GET https://lb.example.org/health"
    assert does_words(told, standing(told, "read")) == "orders: select 1"
    assert does_words(told, standing(told, "rest")) == "waits for shop, 30 s"
