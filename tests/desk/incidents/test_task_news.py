"""Overdue tasks are told once to their owner and to the commander, wherever they sit."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.incidents.task_news import (
    Led,
    OverdueNews,
    concerns,
    overdue_notice,
    read_tasks,
)

from tests.desk.incidents.desk_stand_in import Reader, StandInDesk, change_of
from tests.desk.incidents.task_bodies import LIAISON, NOTICE, add_tasks, task_of
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

DUE = START + 33 * MINUTE


def test_a_restricted_incident_shows_its_tasks_to_its_own_people_only(log: LogBook):
    add_tasks(log)
    reader: Any = Reader(log)
    assert len(read_tasks(reader, "Nobody Known")) == 3
    body = {"readers": [], "generation": 1, "restricted": True, "reason": ""}
    log.write(INCIDENT, "incident.restricted", body, at=30 * MINUTE)
    assert read_tasks(reader, "Nobody Known") == []
    assert len(read_tasks(reader, "Mateo Ruiz")) == 3


def overdue(log: LogBook, at: int = 33, due: int = DUE, life: int = 1) -> Any:
    return log.write(NOTICE, "task.overdue", {"due_at": due, "life": life}, at=at * MINUTE)


def found(log: LogBook) -> list[Led]:
    return [Led(task_of(log, name), "Mateo Ruiz") for name in (NOTICE, LIAISON)]


def test_each_end_is_heard_once_and_a_new_one_anew():
    log, news = LogBook(), OverdueNews()
    add_tasks(log)
    assert news.learn(found(log), "Jan Novák") == []
    log.write(NOTICE, "task.due_soon", {"due_at": DUE, "life": 1}, at=30 * MINUTE)
    assert [led.task.task_id for led in news.learn(found(log), "Jan Novák")] == [NOTICE]
    overdue(log)
    assert [led.task.task_id for led in news.learn(found(log), "Jan Novák")] == [NOTICE]
    assert news.learn(found(log), "Jan Novák") == []
    later = DUE + 10 * MINUTE
    body = {"field": "due_at", "value": later, "base": ""}
    log.write(NOTICE, "task.edited", body, at=35 * MINUTE)
    assert news.learn(found(log), "Jan Novák") == []
    overdue(log, at=43, due=later)
    assert [led.task.task_id for led in news.learn(found(log), "mateo ruiz")] == [NOTICE]


def test_what_was_over_when_one_came_in_is_not_told_again():
    log, news = LogBook(), OverdueNews()
    add_tasks(log)
    overdue(log)
    assert news.learn(found(log), "Jan Novák") == []


def test_only_owner_and_commander_hear_it():
    log, news = LogBook(), OverdueNews()
    add_tasks(log)
    news.learn(found(log), "Zoë Ng")
    overdue(log)
    assert news.learn(found(log), "Zoë Ng") == []
    led = found(log)[0]
    assert concerns(led, "jan novák")
    assert concerns(led, "Mateo Ruiz")
    assert not concerns(led._replace(commander=""), "")


def test_the_notice_names_the_task_and_who_has_it():
    log = LogBook()
    add_tasks(log)
    log.write(NOTICE, "task.due_soon", {"due_at": DUE, "life": 1}, at=30 * MINUTE)
    assert overdue_notice(found(log)[0]).title == "Task due soon: Confirm the notice"
    overdue(log)
    notice = overdue_notice(found(log)[0])
    assert (notice.key, notice.alert_id) == (NOTICE, "")
    assert notice.title == "Task overdue: Confirm the notice"
    assert notice.body == f"Jan Novák has it, {INCIDENT}."
    assert overdue_notice(found(log)[1]).body.startswith("nobody has it")


def test_the_room_passes_on_what_the_engine_told(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
):
    """Mateo Ruiz commands; Klára Langová, who sits here, is given the task."""
    add_tasks(log)
    body = {"owner": "Klára Langová", "generation": 2}
    log.write(NOTICE, "task.assigned", body, at=8 * MINUTE)
    room.on_snapshot(change_of(log))
    heard: list[Led] = []
    room.task_overdue.connect(heard.append)
    event = overdue(log)
    for _ in range(2):
        room.on_snapshot(change_of(log, [event]))
    assert [led.task.task_id for led in heard] == [NOTICE]
    assert heard[0].commander == "Mateo Ruiz"
