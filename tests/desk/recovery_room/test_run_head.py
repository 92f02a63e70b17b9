"""The head of a run."""

from __future__ import annotations

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.run_head import RunWords, run_chips, standing_words

from tests.desk.recovery_room.scenes import KLARA, NOW, found, log, steps_of, tried


def test_it_says_how_the_run_stands_and_where_it_is_done() -> None:
    run = log().run
    words = [chip.words for chip in run_chips(found(run, is_here=False), steps_of(run), NOW)]
    assert words[0] == "under way"
    assert words[1] == "1 min so far"
    assert words[2].endswith(f"UTC, {KLARA}")
    assert words[3] == "automatic steps at BRNO-2"
    halted = tried("unknown").run
    assert standing_words(found(halted), steps_of(halted)) == "halted"


def test_an_ended_run_has_its_verdict(look: Look) -> None:
    one = log()
    one.add("run.ended", verdict="succeeded", why="")
    assert standing_words(found(one.run), steps_of(one.run)) == "succeeded"
    words = RunWords()
    words.show_run(found(one.run), steps_of(one.run), NOW)
    assert words.face() == ("RUN-1", "Fail over")
    assert words.accessibleName().startswith("Run Fail over, succeeded")
