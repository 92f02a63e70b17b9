"""What is asked about tasks, and what the answers mean."""

from __future__ import annotations

import pytest

from crisisdesk.desk.incidents.task_questions import (
    add_question,
    assign_question,
    drop_question,
    due_ms,
    due_question,
    new_task,
    reopen_question,
)
from crisisdesk.domain.errors import Malformed

from tests.desk.incidents.task_bodies import NOTICE, add_tasks, task_of
from tests.domain.incident_log import LogBook

NOW = 1_000_000


def test_questions_name_the_task_and_carry_its_id():
    log = LogBook()
    add_tasks(log)
    task = task_of(log, NOTICE)
    found = {
        "assign": assign_question(task, "Klára Langová"),
        "due": due_question(task),
        "drop": drop_question(task),
        "reopen": reopen_question(task),
    }
    for what, question in found.items():
        assert question.key == f"task.{what} {NOTICE}"
        assert question.title.endswith(": Confirm the notice")
    assert found["assign"].asked[0].value == "Klára Langová"
    assert assign_question(task, "Jan Novák").asked[0].value == ""
    new = add_question("containment")
    assert new.key == "task.add containment"
    assert [asked.field for asked in new.asked] == ["title", "owner", "due"]


def test_one_line_makes_a_task():
    typed = {"title": " Ring the landlord ", "owner": "", "due": "20m"}
    told = {"phase": "containment", "due_at": NOW + 20 * 60_000}
    assert new_task("containment", typed, NOW) == ("Ring the landlord", told)
    typed = {"title": "x", "owner": " Zoë Ng ", "due": " "}
    assert new_task("review", typed, NOW) == ("x", {"phase": "review", "owner": "Zoë Ng"})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " ", "owner": "", "due": ""}, "title"),
        ({"title": "x", "owner": "", "due": "soon"}, "due"),
        ({"title": "x", "owner": "", "due": "20"}, "due"),
        ({"title": "x", "owner": "", "due": "0m"}, "due"),
    ],
)
def test_what_cannot_be_meant_names_the_field(typed: dict[str, str], field: str):
    with pytest.raises(Malformed) as refused:
        new_task("review", typed, NOW)
    assert refused.value.field == field
    assert refused.value.remedy


def test_no_due_time_is_none():
    assert due_ms("  ", NOW) is None
    assert due_ms("4h", NOW) == NOW + 4 * 3_600_000
