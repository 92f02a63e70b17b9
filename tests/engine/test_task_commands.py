"""Every command about tasks has a handler."""

from __future__ import annotations

from crisisdesk.engine import task_commands as tc
from crisisdesk.engine.handlers import HANDLERS


def test_each_is_served() -> None:
    made = [
        tc.AddTask(incident_id="INC-1", title="x"),
        tc.EditTask(task_id="TSK-1", changes={}),
        tc.AssignTask(task_id="TSK-1", owner=""),
        tc.StartTask(task_id="TSK-1"),
        tc.EndTask(task_id="TSK-1"),
        tc.ReopenTask(task_id="TSK-1", reason="x"),
        tc.MindTasks(),
    ]
    assert {type(one) for one in made} <= HANDLERS.keys()
