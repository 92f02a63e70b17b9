"""The sign of a desk: when it is given, with what, and what is shown while nobody answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import EngineAway
from crisisdesk.desk.fleet.presence_watch import (
    DESKS_SHOWN,
    EVERY_MS,
    PresenceWatch,
    Touched,
    desk_lines,
    read_presences,
)
from crisisdesk.domain.presence import HEARD_MS, Standing

NOW = 1_770_861_600_000
AT = "2026-02-12T02:00:00.000Z"
TOLD: dict[str, Any] = {
    "at": AT,
    "results": [
        {
            "operator": "Zoë Ng",
            "standing": "here",
            "station": "BRNO-1",
            "incident": "INC-A",
            "since": "2026-02-12T01:59:00.000Z",
            "opened_at": "2026-02-12T01:00:00.000Z",
            "touched_at": AT,
            "seen_at": AT,
        }
    ],
}


class Door:
    """Takes the place of the supervisor, its connector and its client at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.away = False

    def connector(self, _timeout_s: float) -> Any:
        return self

    def __call__(self) -> Door:
        if self.away:
            raise EngineAway("the engine is restarting")
        return self

    def close(self) -> None:
        self.asked.append(("hung up",))

    def give_sign(self, desk: str, incident_id: str, idle_s: int) -> dict[str, Any]:
        self.asked.append(("sign", desk, incident_id, idle_s))
        return TOLD

    def presence(self) -> dict[str, Any]:
        self.asked.append(("asked",))
        return TOLD

    def close_desk(self, desk: str) -> dict[str, Any]:
        self.asked.append(("closed", desk))
        return TOLD


class Place:
    """A watch with who sits there and what is shown."""

    def __init__(self) -> None:
        self.door, self.sits, self.shows, self.now = Door(), "Zoë Ng", "INC-A", NOW
        self.touched = Touched(lambda: self.now)
        door: Any = self.door
        self.watch = PresenceWatch(door, lambda: self.sits, lambda: self.shows, self.touched)

    def tick(self, qtbot: QtBot, by: int) -> None:
        """Let time go on, and wait until the worker has answered."""
        self.now += by
        self.watch.tick(self.now)
        qtbot.waitUntil(lambda: not self.watch._asking)


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Place]:
    found = Place()
    yield found
    found.watch.close()


def test_times_are_moved_onto_the_clock_of_the_desk() -> None:
    [one] = read_presences(TOLD, NOW + 5_000)
    assert (one.seen_ms, one.since_ms) == (NOW + 5_000, NOW - 55_000)
    assert one.standing(NOW + 5_000) == Standing.HERE
    gone = {**TOLD, "results": [{**TOLD["results"][0], "standing": "away"}]}
    assert read_presences(gone, NOW)[0].left


def test_the_lines_of_stations_say_who_is_where() -> None:
    [one] = read_presences(TOLD, NOW)
    assert desk_lines([one], NOW) == ["Zoë Ng, BRNO-1: here now, on INC-A for 60 s"]
    many = [replace(one, operator=f"P{n}", station="") for n in range(DESKS_SHOWN + 2)]
    assert desk_lines(many, NOW)[0].startswith("P0, a station without a name: here now")
    assert desk_lines(many, NOW)[-1] == "and 2 more: crisisdesk who"


def test_a_sign_is_given_at_intervals_and_at_once_when_another_incident_is_shown(
    place: Place, qtbot: QtBot
) -> None:
    place.tick(qtbot, 0)
    place.tick(qtbot, EVERY_MS - 1)
    place.shows = "INC-B"
    place.tick(qtbot, 0)
    place.tick(qtbot, EVERY_MS)
    signs = [(what, *rest[1:]) for what, *rest in place.door.asked]
    assert signs == [("sign", "INC-A", 0), ("sign", "INC-B", 4), ("sign", "INC-B", 9)]
    assert place.watch.found is not None
    event = QEvent(QEvent.Type.KeyPress)
    assert not place.touched.eventFilter(QObject(), event)
    place.tick(qtbot, EVERY_MS)
    assert place.door.asked[-1][-1] == 5
    place.sits = ""
    place.tick(qtbot, 0)
    assert place.door.asked[-1] == ("asked",)


def test_while_nobody_answers_nothing_is_claimed(place: Place, qtbot: QtBot) -> None:
    place.tick(qtbot, 0)
    heard: list[Any] = []
    place.watch.changed.connect(heard.append)
    place.door.away = True
    place.tick(qtbot, HEARD_MS + 1)
    assert (place.watch.found, heard) == (None, [None])
    place.door.away = False
    place.tick(qtbot, -60_000)
    assert place.watch.found is not None


def test_a_desk_that_is_closed_says_so(qtbot: QtBot) -> None:
    place = Place()
    place.tick(qtbot, 0)
    desk = place.door.asked[0][1]
    place.watch.close()
    assert place.door.asked[-2:] == [("closed", desk), ("hung up",)]
