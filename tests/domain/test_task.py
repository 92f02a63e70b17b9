"""A task's rules: who has it, how it climbs and ends, lives, and when it is overdue."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.task import PHASE_WORDS, PHASES, TASK_KINDS, Task, apply_task

from tests.domain.events import JONAS, KLARA, START, Log


class TaskLog(Log):
    """The log of one task."""

    def __init__(self, **body: Any) -> None:
        super().__init__("TSK-1")
        told = {"incident_id": "INC-1", "title": "Isolate systems", "phase": "containment"}
        self.add("task.added", **(told | body))

    def task(self) -> Task:
        state = self.state()
        assert isinstance(state, Task)
        return state


def test_adding_says_all_and_adding_again_nothing() -> None:
    log = TaskLog(owner=JONAS, due_at=START, role="operations_lead")
    task = log.task()
    assert (task.owner, task.owner_generation, task.status, task.phase) == (
        JONAS,
        1,
        "open",
        "containment",
    )
    assert (task.next_due, task.added_by) == (START, KLARA)
    log.add("task.added", incident_id="INC-2", title="other", phase="review")
    assert log.task() == task


def test_of_two_owners_named_at_the_same_moment_the_first_keeps_it() -> None:
    log = TaskLog()
    log.add("task.assigned", owner="Ana", generation=1)
    log.add("task.assigned", owner="Bo", generation=1)
    assert (log.task().owner, log.task().also_done[-1]["owner"]) == ("Ana", "Bo")
    log.add("task.assigned", owner="Bo", generation=2)
    assert log.task().owner == "Bo"


def test_it_is_begun_and_done_once() -> None:
    log = TaskLog()
    begun = log.add("task.started", life=1)
    log.add("task.started", life=1, actor=JONAS)
    done = log.add("task.done", life=1, result="cut off")
    log.add("task.done", life=1, result="also", actor=JONAS)
    task = log.task()
    assert (task.status, task.started_at, task.ended_at) == ("done", begun.at_ms, done.at_ms)
    assert (task.result, task.ended_by) == ("cut off", KLARA)
    assert [trace["what"] for trace in task.also_done] == ["started", "done"]


@pytest.mark.parametrize("kinds", [("task.done", "task.dropped"), ("task.dropped", "task.done")])
def test_what_was_done_was_done_whoever_dropped_it(kinds: tuple[str, str]) -> None:
    log = TaskLog()
    for kind, who in zip(kinds, (KLARA, JONAS), strict=True):
        log.add(kind, life=1, result=kind, actor=who)
    assert (log.task().status, log.task().result) == ("done", "task.done")


def test_a_reopening_starts_its_next_life() -> None:
    log = TaskLog(due_at=START)
    log.add("task.overdue", life=1, due_at=START)
    log.add("task.done", life=1)
    log.add("task.reopened", life=2, reason="it is back")
    task = log.task()
    assert (task.status, task.life, task.next_due) == ("open", 2, START)
    log.add("task.done", life=1)
    assert log.task().status == "open"
    log.add("task.reopened", life=3)
    assert log.task().life == 2


def test_it_is_told_as_overdue_once_for_each_end() -> None:
    log = TaskLog(due_at=START + 10_000)
    log.add("task.overdue", life=1, due_at=START + 9_000)
    assert log.task().overdue_at is None
    told = log.add("task.overdue", life=1, due_at=START + 10_000)
    assert (log.task().overdue_at, log.task().next_due) == (told.at_ms, None)
    log.add("task.edited", field="due_at", value=START + 20_000, base="")
    assert log.task().next_due == START + 20_000
    log.add("task.done", life=1)
    assert log.task().next_due is None


def test_a_time_box_ends_it_sooner_than_its_due_time() -> None:
    log = TaskLog(due_at=START + 60_000, box_ms=5_000)
    assert log.task().ends_at == START + 60_000
    begun = log.add("task.started", life=1)
    assert log.task().ends_at == begun.at_ms + 5_000
    assert TaskLog(box_ms=5_000).task().ends_at is None


def test_edits_keep_what_gave_way_and_pass_over_other_fields() -> None:
    log = TaskLog()
    first = log.add("task.edited", field="title", value="A", base="")
    log.add("task.edited", field="title", value="B", base="", actor=JONAS)
    log.add("task.edited", field="status", value="done", base="")
    task = log.task()
    assert (task.title, task.status, task.set_by["title"] != first.id) == ("B", "open", True)
    assert task.overwritten[-1]["value"] == "A"


def test_every_phase_has_its_words_and_unknown_kinds_change_nothing() -> None:
    assert tuple(PHASE_WORDS) == PHASES
    task = TaskLog().task()
    assert apply_task(task, Log("TSK-1").add("task.sung")) is task
    assert apply_task(None, Log("TSK-1").add("task.done", life=1)) is None
    assert len(TASK_KINDS) == 9
