"""The lines of the room's list."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.reading import Board, Fit, run_line
from crisisdesk.desk.recovery_room.shelf import (
    HEAD,
    needing,
    shelf_lines,
    spoken,
    type_words,
)
from crisisdesk.store.queries import IncidentRow

from tests.desk.recovery_room.scenes import FREEZE, JONAS, KLARA, NOW, gated, log
from tests.domain.recovery.making import made

ROW = IncidentRow("INC-1", 1, "open", 4, "Orders are down", KLARA, NOW, None)


def board() -> Board:
    ended = log()
    ended.add("run.ended", verdict="rolled_back", why="")
    fits = made(FREEZE, name="Fail over", estimated_time="15m")
    other = made(FREEZE, name="Revoke", incident_type="security")
    return Board(
        runs=(run_line(gated().run, NOW, JONAS),),
        ended=(run_line(ended.run, NOW, JONAS)._replace(run_id="RUN-0"),),
        fits=(Fit(fits, ROW),),
        library=(fits, other),
        newer=("From tomorrow",),
    )


def test_runs_come_first_then_what_fits_then_the_rest() -> None:
    lines = shelf_lines(board(), "", NOW)
    heads = [line.title for line in lines if line.kind == HEAD]
    assert heads == ["Under way", "For what is open", "Library", "Ended"]
    names = [line.name for line in lines if line.kind != HEAD]
    assert names == ["RUN-1", "Fail over", "Revoke", "", "RUN-0"]
    run = lines[1]
    assert run.quiet == "Promote db2: waits for your approval, 0 of 1 approved"
    assert (run.icon, run.due_at is not None) == ("stamp", True)
    assert lines[-1].quiet.startswith("rolled back")


def test_every_word_of_the_filter_must_be_there() -> None:
    lines = shelf_lines(board(), "orders FAIL", NOW)
    assert [line.name for line in lines if line.kind != HEAD] == ["Fail over"]
    assert shelf_lines(board(), "nothing like it", NOW) == []


def test_lines_are_read_aloud_and_waiting_runs_are_counted() -> None:
    lines = shelf_lines(board(), "", NOW)
    assert spoken(lines[3]) == "Fail over, for Orders are down · 1 steps · about 15 min"
    assert needing([run_line(gated().run, NOW, JONAS)]) == 1
    assert needing([run_line(gated().run, NOW, KLARA)]) == 0
    assert type_words(made(FREEZE)) == "any incident, minor and worse"
