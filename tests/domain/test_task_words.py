"""Each fact of a task in its words on the incident's timeline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.task import EDITABLE_TASK_FIELDS
from crisisdesk.domain.task_words import TASK_FIELD_WORDS
from crisisdesk.domain.timeline import EntryKind, TimelineFilter, build_timeline

from tests.domain.events import JONAS, START
from tests.domain.test_task import TaskLog

ROOT = Path(__file__).resolve().parents[2]


def lines(log: TaskLog) -> list[str]:
    entries = build_timeline("INC-1", (), log.events)
    assert all(entry.kind == EntryKind.TASK for entry in entries)
    assert all(entry.passes(TimelineFilter.TASKS) for entry in entries)
    return [entry.told.plain for entry in entries]


@pytest.mark.parametrize(
    ("kind", "body", "line"),
    [
        ("task.assigned", {"owner": "Bo", "generation": 2}, "Task Isolate systems: Bo has it"),
        (
            "task.assigned",
            {"owner": "", "generation": 2},
            "Task Isolate systems: nobody has it any more",
        ),
        ("task.started", {"life": 1}, "Task Isolate systems begun"),
        ("task.done", {"life": 1}, "Task Isolate systems done"),
        ("task.dropped", {"life": 1}, "Task Isolate systems will not be done"),
        (
            "task.overdue",
            {"life": 1, "due_at": START},
            "Task Isolate systems is overdue, Jonas Weber has it",
        ),
        (
            "task.edited",
            {"field": "due_at", "value": START + 1, "base": ""},
            "Task Isolate systems: due time changed",
        ),
    ],
)
def test_each_has_its_line(kind: str, body: dict[str, Any], line: str) -> None:
    log = TaskLog(owner=JONAS, due_at=START)
    log.add(kind, **body)
    assert lines(log) == ["Task written: Isolate systems, for Jonas Weber", line]


def test_what_a_plan_wrote_is_told_once_by_the_incident() -> None:
    log = TaskLog(source="data_breach/isolate_systems", due_at=START)
    log.add("task.overdue", life=1, due_at=START, quiet=True)
    assert lines(log) == []


def test_what_another_station_did_as_well_is_told() -> None:
    log = TaskLog()
    log.add("task.done", life=1)
    log.add("task.done", life=1, actor=JONAS)
    log.add("task.reopened", life=2, reason="back")
    assert lines(log)[2:] == [
        "Task Isolate systems: also done by another station",
        "Task Isolate systems is to be done after all",
    ]


def test_every_field_has_its_word() -> None:
    assert set(TASK_FIELD_WORDS) == set(EDITABLE_TASK_FIELDS)


def test_every_icon_is_there() -> None:
    source = (ROOT / "crisisdesk" / "domain" / "task_words.py").read_text(encoding="utf-8")
    names = set(re.findall(r'icon="([a-z0-9-]+)"', source))
    icons = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    assert names
    assert names <= icons
