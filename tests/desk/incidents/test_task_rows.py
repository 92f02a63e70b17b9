"""Tasks as lines: their order, the fold, what is late, the phases."""

from __future__ import annotations

import pytest

from crisisdesk.desk.incidents.task_rows import (
    FOLD,
    SHORT_PHASE,
    arrange_tasks,
    below,
    clock_of,
    count_phases,
    head_words,
    is_late,
    phase_now,
    spoken_line,
    whose,
)
from crisisdesk.domain.task import PHASES, Task

from tests.desk.incidents.desk_stand_in import NOW_AFTER
from tests.desk.incidents.task_bodies import (
    CAPTURES,
    FREEZE,
    LIAISON,
    NOTICE,
    add_tasks,
    task_of,
)
from tests.domain.incident_log import MINUTE, START, LogBook

NOW = START + NOW_AFTER


@pytest.fixture
def tasks() -> list[Task]:
    log = LogBook()
    add_tasks(log)
    return [task_of(log, name) for name in (CAPTURES, FREEZE, LIAISON, NOTICE)]


def test_what_ends_soonest_comes_first_and_what_has_ended_is_folded(tasks: list[Task]):
    assert [line.key for line in arrange_tasks(tasks)] == [NOTICE, LIAISON, CAPTURES, FOLD]
    unfolded = arrange_tasks(tasks, unfolded=True)
    assert [line.key for line in unfolded] == [NOTICE, LIAISON, CAPTURES, FOLD, FREEZE]
    assert unfolded[3].word == "1 done: Freeze writes"
    assert arrange_tasks([]) == []


def test_what_was_dropped_is_counted_beside_what_was_done():
    log = LogBook()
    add_tasks(log)
    log.write(CAPTURES, "task.dropped", {"life": 1, "result": "no captures"}, at=13 * MINUTE)
    ended = [task_of(log, CAPTURES)]
    assert arrange_tasks(ended)[0].word == "1 dropped"
    ended.append(task_of(log, FREEZE))
    assert arrange_tasks(ended)[0].word == "1 done, 1 dropped: Freeze writes"


def test_a_task_is_late_from_its_end_on(tasks: list[Task]):
    notice = next(t for t in tasks if t.task_id == NOTICE)
    assert not is_late(notice, START + 33 * MINUTE - 1)
    assert is_late(notice, START + 33 * MINUTE)
    assert head_words(tasks, NOW) == ("3 open, 1 done", "1 late")
    assert head_words(tasks, START + 20 * MINUTE) == ("3 open, 1 done", "")
    assert head_words([], NOW) == ("none", "")


def test_the_clock_runs_from_the_beginning_of_the_work(tasks: list[Task]):
    by_id = {task.task_id: task for task in tasks}
    late = clock_of(by_id[NOTICE], NOW)
    assert late is not None
    assert (late.text, late.state) == ("+02:00 late", "late")
    begun = clock_of(by_id[LIAISON], START + 7 * MINUTE)
    assert begun is not None
    assert begun.share == 1.0
    assert clock_of(by_id[CAPTURES], NOW) is None
    assert clock_of(by_id[FREEZE], NOW) is None


def test_the_phases_are_counted_and_the_first_unfinished_one_is_now(tasks: list[Task]):
    counts = {c.phase: (c.open, c.done, c.is_now) for c in count_phases(tasks)}
    assert tuple(counts) == PHASES
    assert counts["initial_response"] == (0, 1, False)
    assert counts["containment"] == (1, 0, True)
    assert counts["restoration"] == (1, 0, False)
    assert phase_now(tasks) == "containment"
    assert phase_now([]) == "initial_response"
    assert set(SHORT_PHASE) == set(PHASES)


def test_words_name_who_has_it_and_what_became_of_it(tasks: list[Task]):
    by_id = {task.task_id: task for task in tasks}
    assert whose(by_id[NOTICE]) == "Jan Novák"
    assert whose(by_id[LIAISON]) == "nobody, for communications lead"
    assert whose(by_id[CAPTURES]) == "nobody"
    assert below(by_id[LIAISON]).endswith("lead · started · Stakeholder communication")
    done = "nobody · done by Klára Langová · 3 min early · Initial response"
    assert below(by_id[FREEZE]) == done
    lines = {line.key: line for line in arrange_tasks(tasks, unfolded=True)}
    assert spoken_line(lines[NOTICE], NOW) == (
        "Task Confirm the notice, open, Jan Novák, 2 minutes late, Containment and mitigation"
    )
    assert "no end set" in spoken_line(lines[CAPTURES], NOW)
    assert spoken_line(lines[FOLD], NOW).startswith("1 done: Freeze writes. Space")
