"""Output cut to what a pane holds."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.output_words import (
    MOST_LINES,
    MOST_SIGNS,
    NOTHING,
    bounded,
    output_of,
)
from crisisdesk.domain.recovery.run_fold import TAIL

from tests.desk.recovery_room.scenes import log, said, standing, tried


def test_rows_are_bounded_and_say_what_was_left_out() -> None:
    lines = bounded("\n".join(str(n) for n in range(MOST_LINES + 5))).split("\n")
    assert len(lines) == MOST_LINES + 1
    assert lines[0] == "… 5 lines before"
    assert lines[-1] == str(MOST_LINES + 4)
    assert bounded("x" * (MOST_SIGNS + 1)) == "x" * MOST_SIGNS + "…"


def test_signs_that_steer_a_terminal_are_dots() -> None:
    assert bounded("a\x1b[31mb\tc\u202ed") == "a·[31mb c·d"


def test_the_newest_attempt_speaks_and_says_whether_it_is_over() -> None:
    run = said("one\n", "two\n").run
    found = output_of(run, standing(run, "promote"))
    assert found.text == "one\ntwo"
    assert found.quiet.endswith("as it comes")
    assert not found.is_cut
    over = tried("ok").run
    assert output_of(over, standing(over, "promote")).quiet.endswith("ended well")


def test_a_long_one_is_whole_only_once_all_of_it_was_read() -> None:
    run = said("y" * TAIL + "z").run
    one = standing(run, "promote")
    assert output_of(run, one).is_cut
    name = run.attempts["promote"][0]["id"]
    assert not output_of(run, one, "a\nb", name).is_cut
    assert output_of(run, one, "a\nb", name).text == "a\nb"
    assert output_of(run, one, "a\nb", "another").is_cut


def test_without_an_attempt_there_is_nothing() -> None:
    run = log().run
    assert output_of(run, standing(run, "freeze")) == NOTHING
    assert output_of(run, None) == NOTHING
