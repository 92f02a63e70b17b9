"""Whose turn it is in a run, and which step is looked at."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.turns import current_of, gate_of, person, turn_of

from tests.desk.recovery_room.scenes import (
    FREEZE,
    JONAS,
    KLARA,
    NOW,
    gated,
    log,
    standing,
    steps_of,
    tried,
)
from tests.domain.recovery.making import PROMOTE, START


def test_who_asked_for_it_waits_for_another_and_everybody_else_is_asked() -> None:
    run = gated().run
    asked, other = turn_of(run, NOW, KLARA), turn_of(run, NOW, JONAS)
    assert (asked.who, other.who) == ("another", "you")
    assert asked.words == "you asked for it: another person must approve, 0 of 1 approved"
    assert other.words == "waits for your approval, 0 of 1 approved"
    assert other.due_at == START + 2_000 + 600_000
    assert other.is_approval
    assert gate_of(run, standing(run, "gate"), f"operator:{KLARA.upper()}") == "asked"


def test_an_unknown_end_comes_before_an_open_step() -> None:
    one = log(FREEZE, PROMOTE | {"after": []})
    one.attempt("promote", "unknown")
    turn = turn_of(one.run, NOW, KLARA)
    assert (turn.who, turn.step_id) == ("you", "promote")
    assert "nobody knows" in turn.words


def test_an_open_step_is_late_after_its_time() -> None:
    run = log().run
    due = turn_of(run, NOW, KLARA).due_at
    assert due == START + 300_000
    assert not turn_of(run, due, KLARA).is_late
    assert turn_of(run, due + 1, KLARA).is_late


def test_what_a_station_does_and_how_a_run_ended_are_nobodys_turn() -> None:
    assert turn_of(tried("").run, NOW, KLARA).who == "station"
    done = log(FREEZE)
    done.add("run.ended", verdict="rolled_back", why="")
    assert turn_of(done.run, NOW, KLARA)[:2] == ("nobody", "rolled back")
    assert current_of(done.run, steps_of(done.run), KLARA) is None


def test_on_the_way_back_only_that_is_looked_at() -> None:
    one = log(FREEZE, PROMOTE)
    one.add("run.step_done", step_id="freeze", claim="")
    one.attempt("promote", "failed")
    assert turn_of(one.run, NOW, KLARA).step_id == "promote"
    one.add("run.rollback_started", steps=["freeze~back"], why="wrong host")
    turn = turn_of(one.run, NOW, KLARA)
    assert (turn.step_id, turn.title) == ("freeze~back", "Lift the freeze")


def test_an_exclusive_step_waits_for_its_claim_until_it_is_let_go_without() -> None:
    one = log(PROMOTE | {"exclusive": True})
    assert turn_of(one.run, NOW, KLARA).words == "waits for the hub's claim"
    one.add("run.step_released", step_id="promote", unclaimed=True)
    assert turn_of(one.run, NOW, KLARA).words == "the station begins it"


def test_names_are_shown_without_what_they_stand_behind() -> None:
    assert [person(n) for n in ("operator:Ann", "Ann", "engine")] == ["Ann", "Ann", "the station"]
