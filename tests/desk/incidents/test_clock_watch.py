"""Tasks and offers as one watch."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.clock_watch import ClockWatch

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.desk.incidents.task_bodies import NOTICE, add_tasks
from tests.desk.incidents.test_role_work import MATEO, ME, offer
from tests.domain.incident_log import INCIDENT, LogBook


def test_what_is_asked_of_me_stands_before_the_tasks(desk: StandInDesk, log: LogBook):
    offered: list[Any] = []
    watch = ClockWatch(desk, lambda: None, lambda _: None, offered.append)
    watch.take(change_of(log))
    add_tasks(log)
    offer(log, MATEO, ME)
    watch.take(change_of(log))
    watch.tick(desk.now_ms())
    assert [cell.key for cell in watch.cells()][:2] == [INCIDENT, NOTICE]
    assert watch.incident_of(NOTICE) == INCIDENT
    assert len(offered) == 1
