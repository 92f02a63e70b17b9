"""A real engine with people, and a desk that is open at its page of who is on call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.planning.room import PlanningRoom

from tests.desk.live import Live, living

NAMES = ("Ann Alder", "Bo Birk", "Cy Cole")
WEEKDAYS = [{"days": [0, 1, 2, 3, 4], "from": "00:00", "to": "24:00"}]


def turns(*members: str, **changed: Any) -> dict[str, Any]:
    """A schedule in UTC with one layer of weekly turns."""
    layer = {
        "name": "Primary",
        "members": list(members),
        "rotation": "week",
        "every": 1,
        "handover": {"time": "09:00", "weekday": 0},
        "start": "2026-01-05",
    }
    return {"kind": "schedule", "zone": "UTC", "layers": [layer | changed]}


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    with living(qtbot, tmp_path) as found:
        yield found


@pytest.fixture
def people(live: Live) -> dict[str, str]:
    """Contact ids by name."""
    url = "webhook://127.0.0.1:9/x"
    return {
        name: str(live.client.save_contact({"name": name, "methods": [{"url": url}]})["contact_id"])
        for name in NAMES
    }


@pytest.fixture
def open_page(live: Live, people: dict[str, str], qapp: QApplication) -> Callable[[], OnCallPage]:
    """Opens the desk at the page and waits until it has read."""

    def run() -> OnCallPage:
        desk = live.open(qapp)
        desk.shell.resize(1280, 800)
        desk.shell.open_room(6)
        room = desk.shell.rooms[6]
        assert isinstance(room, PlanningRoom)
        page = room.oncall
        live.qtbot.waitUntil(lambda: page.outlook is not None, timeout=10_000)
        return page

    return run


@pytest.fixture
def page(live: Live, people: dict[str, str], open_page: Callable[[], OnCallPage]) -> OnCallPage:
    """One schedule that always has somebody, and one that has nobody at week-ends."""
    live.client.publish_policy("Database", turns(*people.values()))
    live.client.publish_policy("Office", turns(*people.values(), hours=WEEKDAYS))
    page = open_page()
    live.qtbot.waitUntil(lambda: shows(page, "Database") or shows(page, "Office"))
    page.left.schedules.select("Database")
    live.qtbot.waitUntil(lambda: shows(page, "Database"))
    return page


def shows(page: OnCallPage, schedule: str) -> bool:
    """Whether the calendar of that schedule is shown."""
    calendar = page.middle.grid.calendar
    return calendar is not None and calendar.schedule == schedule
