"""What stands beside a step."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.side_words import (
    approval_lines,
    back_head,
    back_lines,
    criteria_lines,
    marked_lines,
    side_lines,
    spoken,
)

from tests.desk.recovery_room.scenes import FREEZE, JONAS, KLARA, gated, log, steps_of
from tests.domain.recovery.making import BERLIN, PROMOTE


def test_the_way_back_is_told_before_it_is_needed_and_while_it_is_gone() -> None:
    one = log(FREEZE, {"id": "open"}, rollback="on_deviation")
    assert back_head(one.run, steps_of(one.run)).startswith("Nothing was done yet that has one.")
    assert back_lines(one.run, steps_of(one.run)) == []
    one.add("run.step_done", step_id="freeze", claim="")
    (line,) = back_lines(one.run, steps_of(one.run))
    assert (line.words, line.second) == ("Lift the freeze", "undoes “Freeze writes”")
    assert "by itself when a step fails" in back_head(one.run, steps_of(one.run))
    one.add("run.rollback_started", steps=["freeze~back"], why="wrong host")
    assert back_head(one.run, steps_of(one.run)).endswith("UTC: wrong host.")
    assert [spoken(b) for b in back_lines(one.run, steps_of(one.run))] == ["Lift the freeze, open"]


def test_criteria_have_their_verdicts_before_and_after() -> None:
    look = {"kind": "http", "title": "Writes", "url": "https://db.example.org/"}
    one = log(FREEZE, success_criteria=["Orders can be placed", look])
    one.attempt("seen-2", "failed")
    lines = {line.key: line for line in criteria_lines(one.run, steps_of(one.run))}
    assert lines["seen seen-2"].second.startswith("did not hold")
    assert lines["after met-1"].second == "not looked at yet"
    one.add("run.step_done", step_id="freeze", claim="")
    one.add("run.step_done", step_id="met-1", claim="", by=JONAS)
    one.attempt("met-2", "failed")
    lines = {line.key: line for line in criteria_lines(one.run, steps_of(one.run))}
    assert lines["after met-1"].second.startswith("holds")
    assert lines["after met-2"].second.startswith("does not hold")


def test_approvals_refusals_and_broken_glass_are_named() -> None:
    one = gated()
    one.add("run.approval_refused", by=JONAS, step_id="gate", number=1, why="wrong host")
    one.add("run.glass_broken", by=KLARA, step_id="gate", why="nobody answers")
    told = [(line.words, line.second.split(" ")[0]) for line in approval_lines(one.run)]
    assert told == [("Approvals", ""), (JONAS, "refused"), (KLARA, "broke")]
    given = log({"id": "gate", "kind": "approval"})
    given.approve("gate", by=JONAS)
    assert approval_lines(given.run)[1].words == JONAS


def test_what_was_done_twice_or_without_a_claim_stays_in_sight() -> None:
    one = log(PROMOTE | {"exclusive": True})
    one.attempt("promote", "ok")
    one.add("run.step_done", step_id="promote", claim="", origin=BERLIN)
    words = [line.second for line in marked_lines(one.run)]
    assert words == ["", "done twice", "done without the hub's claim"]
    assert side_lines(one.run, steps_of(one.run))[-1].second == words[-1]
