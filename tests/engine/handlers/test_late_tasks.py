"""Overdue tasks through the engine: who is paged, by what, and what stops such a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.task import Task
from crisisdesk.engine import commands as c
from crisisdesk.engine.command import ENGINE, Command
from crisisdesk.engine.handlers.paging import unwanted
from crisisdesk.engine.handlers.task_standing import SOURCE
from crisisdesk.engine.incident_commands import RestrictIncident
from crisisdesk.engine.task_commands import (
    AddTask,
    AssignTask,
    EditTask,
    EndTask,
    MindTasks,
    ReopenTask,
)

from tests.reliability.bench import START, MemoryStation
from tests.store.workload import Station

JONAS, ZOE = "Jonas Weber", "Zoë Ng"
MINUTE = 60_000


@pytest.fixture
def opened(station: Station) -> str:
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


@pytest.fixture
def late(station: Station, opened: str) -> str:
    """Jonas can be paged, and has a task whose minute has just passed."""
    station.add_contact(JONAS)
    due = station.now_ms + MINUTE
    order = AddTask(incident_id=opened, title="Stop the writer", owner=JONAS, due_at=due)
    made: str = station.do(order)[0]
    station.now_ms = due
    return made


def minded(station: Station, *at_desk: str) -> None:
    command = MindTasks(at_desk=frozenset(name.casefold() for name in at_desk))
    assert station.do(command, actor=ENGINE) == [1]


def pages(station: Station) -> list[Delivery]:
    return [s for s in station.bench._states.values() if isinstance(s, Delivery)]


def told_by(station: Station, task_id: str) -> Alert:
    state = station.bench.get(alert_id_of(SOURCE, task_id))
    assert isinstance(state, Alert)
    return state


def test_whoever_sits_at_no_desk_is_paged_as_the_incident_is_bad(
    station: Station, late: str
) -> None:
    minded(station, ZOE)
    [page] = pages(station)
    assert (page.contact_name, page.severity) == (JONAS, "critical")
    assert page.title == "Overdue: Stop the writer"
    assert (told_by(station, late).severity, told_by(station, late).status) == ("medium", "active")
    assert station.do(MindTasks(), actor=ENGINE) == [0]


def test_whoever_sits_at_a_desk_hears_of_it_there(station: Station, late: str) -> None:
    minded(station, JONAS)
    assert pages(station) == []
    assert station.bench.get(alert_id_of(SOURCE, late)) is None


def test_where_nobody_is_named_the_role_is_paged_and_strangers_are_not(
    station: Station, opened: str
) -> None:
    station.add_contact("Klára Langová")
    due = station.now_ms + MINUTE
    for role in ("commander", "scribe"):
        station.do(AddTask(incident_id=opened, title=role, role=role, due_at=due))
    station.now_ms = due
    assert station.do(MindTasks(), actor=ENGINE) == [2]
    assert [page.title for page in pages(station)] == ["Overdue: commander"]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (lambda _i, t: EndTask(task_id=t), "done"),
        (lambda _i, t: EndTask(task_id=t, dropped=True, result="moot"), "dropped"),
        (lambda _i, t: AssignTask(task_id=t, owner=ZOE), ZOE),
        (lambda _i, t: EditTask(task_id=t, changes={"due_at": START + 10**9}), "moved"),
        (lambda i, _t: c.ChangeIncidentStatus(incident_id=i, status="resolved"), "resolved"),
    ],
)
def test_what_makes_it_pointless_ends_it_before_it_is_sent(
    station: Station, opened: str, late: str, order: Callable[[str, str], Command], why: str
) -> None:
    minded(station)
    [page] = pages(station)
    assert unwanted(station.bench, page) is None
    assert station.do(order(opened, late)) == [None]
    alert = told_by(station, late)
    assert alert.status == "resolved"
    assert (unwanted(station.bench, page) or "").startswith("the alert is resolved")
    told = station.do(c.ClaimDeliveries(), actor=ENGINE)
    assert told == [[]]
    assert pages(station)[0].status == "superseded"
    told_events = station.journal.story(alert.alert_id)[1]
    assert why in told_events[-1].body["reason"]


def test_an_answer_stops_it_and_a_reopened_task_is_told_anew(station: Station, late: str) -> None:
    minded(station)
    [page] = pages(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[page.alert_id]), actor=JONAS)
    assert unwanted(station.bench, page) == f"{JONAS} has it"
    station.do(EndTask(task_id=late))
    station.do(ReopenTask(task_id=late, reason="it came back"))
    minded(station)
    again = [p for p in pages(station) if p.delivery_id != page.delivery_id]
    assert [unwanted(station.bench, p) for p in again] == [None]


def test_a_plan_may_want_it_told_before(station: Station, opened: str, late: str) -> None:
    minded(station)
    body = {
        "incident_id": opened, "title": "Tell the press", "phase": "containment", "owner": JONAS,
        "due_at": station.now_ms + 10 * MINUTE, "remind_ms": 2 * MINUTE,
    }  # fmt: skip
    station.bench.begin(ENGINE, station.now_ms)
    station.bench.emit("TSK-9", "task.added", body)
    station.do(c.NameStation(name="Post 1"))
    station.now_ms += 8 * MINUTE
    minded(station)
    soon = next(p for p in pages(station) if p.reason.startswith("due-soon"))
    assert soon.title == "Due soon: Tell the press"
    station.do(c.AcknowledgeAlerts(alert_ids=[soon.alert_id]), actor=JONAS)
    station.now_ms += 2 * MINUTE
    minded(station)
    over = next(p for p in pages(station) if p.title == "Overdue: Tell the press")
    assert unwanted(station.bench, over) is None
    state = station.bench.get("TSK-9")
    assert isinstance(state, Task)
    assert state.next_due is None


def test_what_is_restricted_is_not_given_away_before_or_after(
    station: Station, opened: str, late: str
) -> None:
    minded(station)
    station.do(RestrictIncident(incident_id=opened, restricted=True))
    alert = told_by(station, late)
    assert "writer" not in f"{alert.title} {alert.description}"
    order = AddTask(incident_id=opened, title="Stop Eve", owner=JONAS, due_at=station.now_ms + 1)
    [secret] = station.do(order)
    station.now_ms += 1
    minded(station)
    alert = told_by(station, secret)
    assert "Eve" not in f"{alert.title} {alert.description}"
    assert [p.title for p in pages(station)][-1] == f"Overdue: a task of {opened}"


def test_two_stations_page_once() -> None:
    here, there = MemoryStation("here", 1), MemoryStation("there", 2)
    incident_id = here.do(c.OpenIncident(title="A", severity="major"), START, JONAS)
    contact = c.SaveContact(
        name=JONAS,
        methods=[{"method_id": "m1", "channel": "webhook", "masked": "x", "enabled": True}],
    )
    here.do(contact, START + 5, JONAS)
    order = AddTask(incident_id=incident_id, title="x", owner=JONAS, due_at=START + 1_000)
    here.do(order, START + 10, JONAS)
    there.pull(here, START + 20)
    for station in (here, there):
        assert station.do(MindTasks(), START + 2_000, ENGINE) == 1
    while here.pull(there, START + 3_000) or there.pull(here, START + 3_000):
        pass
    assert here.bytes() == there.bytes()
    found = [s for s in here.journal.states.values() if isinstance(s, Delivery)]
    assert [(page.contact_name, page.title) for page in found] == [(JONAS, "Overdue: x")]
