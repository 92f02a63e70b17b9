"""Tasks in the whole window, on a real engine in its own process, worked by real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.domain.playbook.choosing import actions_for
from crisisdesk.domain.playbook.content import read_playbook
from crisisdesk.domain.task import Task
from crisisdesk.settings.playbooks import shipped_plans

from tests.desk.incidents.test_live import press, write
from tests.desk.live import OPERATOR, Live, living

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
KEYS = Qt.Key


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


def tasks(room: IncidentsRoom) -> dict[str, Task]:
    dossier = room.page.dossier
    return {} if dossier is None else {task.title: task for task in dossier.tasks}


def test_from_an_alert_to_tasks_that_are_done_and_added(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    """J, E: an incident with the plan of its type of crisis. Then its tasks, by keys alone."""
    alert_id = live.raise_alert("Replication stopped", service="db-primary")
    desk = live.open(qapp)
    desk.shell.resize(1280, 800)
    qtbot.waitUntil(lambda: desk.shell.alerts.view.model().rowCount() > 0)
    press(desk, KEYS.Key_J, KEYS.Key_E)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    qtbot.waitUntil(lambda: bool(tasks(room)), timeout=15_000)
    incident = live.read(lambda reader: reader.incident(room.current()))
    assert incident.alerts == [alert_id]
    assert incident.crisis_type == "outage"
    plan = read_playbook("outage", shipped_plans()["outage"])
    asked = {action.title for _, action in actions_for(plan, incident.severity)}
    assert set(tasks(room)) == asked
    qtbot.waitUntil(lambda: any(c.key.startswith("TSK-") for c in room.clocks()), timeout=15_000)

    press(desk, KEYS.Key_T)
    assert room.page.strip.question is not None
    write("Ring the landlord")
    press(desk, KEYS.Key_Tab)
    write("Mateo Ruiz")
    press(desk, KEYS.Key_Tab)
    write("1m")
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: "Ring the landlord" in tasks(room), timeout=15_000)
    assert tasks(room)["Ring the landlord"].owner == "Mateo Ruiz"
    view = room.page.tasks.list
    assert view.rows.row(0).task == tasks(room)["Ring the landlord"]

    room.task_work.press("list")
    view.setCurrentIndex(view.rows.index(0, 0))
    press(desk, KEYS.Key_B)
    qtbot.waitUntil(lambda: tasks(room)["Ring the landlord"].status == "started", timeout=15_000)
    press(desk, KEYS.Key_Space)
    qtbot.waitUntil(lambda: tasks(room)["Ring the landlord"].status == "done", timeout=15_000)
    kept = live.read(lambda reader: reader.task(tasks(room)["Ring the landlord"].task_id))
    assert (kept.status, kept.ended_by) == ("done", OPERATOR)
    press(desk, KEYS.Key_Escape)
    desk.shell.undo_last()
    qtbot.waitUntil(lambda: tasks(room)["Ring the landlord"].status == "open", timeout=15_000)


def test_a_type_of_crisis_is_chosen_when_declaring(
    live: Live, qapp: QApplication, qtbot: QtBot
) -> None:
    desk = live.open(qapp)
    desk.shell.open_room(2)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    press(desk, KEYS.Key_C)
    qtbot.waitUntil(lambda: bool(room.declaring.plans))
    write("Files are locked")
    room.form.kind.setFocus()
    press(desk, KEYS.Key_R)
    assert room.form.kind.currentData() == "ransomware"
    promised = room.form.will_do.text()
    room.form.title.setFocus()
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: bool(tasks(room)), timeout=15_000)
    assert live.read(lambda reader: reader.incident(room.current())).crisis_type == "ransomware"
    roles = {task.role for task in tasks(room).values()}
    assert promised.endswith(f": {len(tasks(room))} tasks, {len(roles)} roles.")


def test_no_plan_writes_no_tasks(live: Live, qapp: QApplication, qtbot: QtBot) -> None:
    desk = live.open(qapp)
    desk.shell.open_room(2)
    room = desk.shell.rooms[2]
    assert isinstance(room, IncidentsRoom)
    press(desk, KEYS.Key_C)
    write("A question only")
    room.form.kind.setCurrentIndex(room.form.kind.findData(""))
    room.form.title.setFocus()
    press(desk, KEYS.Key_Return)
    qtbot.waitUntil(lambda: room.current().startswith("INC-"), timeout=15_000)
    assert room.page.dossier is not None
    assert room.page.dossier.tasks == ()
