"""Schedules to test with, and a slow model of them that walks the clock step by step.

The model knows nothing of offsets but what `datetime` says of one moment: it walks in steps, keeps
the latest time the wall clock has shown, and counts the hand-overs that this time has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crisisdesk.domain.oncall.reading import read_override, read_schedule
from crisisdesk.domain.oncall.schedule import Override, Schedule

DAY = timedelta(days=1)
PEOPLE = ("C-ANN", "C-BO", "C-CY", "C-DEE")
UNITS = {"hour": timedelta(hours=1), "day": DAY, "week": 7 * DAY}
# Days around which the wall clock of a zone jumps or repeats (Kathmandu: never).
CHANGES = (
    ("Europe/Prague", date(2026, 3, 29)),
    ("Europe/Prague", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(2026, 3, 29)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
)


def layer(**changed: Any) -> dict[str, Any]:
    """The content of a daily layer of two, handed over at 09:00."""
    return {
        "name": "Primary",
        "members": ["C-ANN", "C-BO"],
        "rotation": "day",
        "every": 1,
        "handover": {"time": "09:00"},
        "start": "2026-01-05",
        "until": None,
        "hours": [],
    } | changed


def weekly(**changed: Any) -> dict[str, Any]:
    """The content of a weekly layer of three, handed over on Mondays at 09:00."""
    more = {"rotation": "week", "handover": {"time": "09:00", "weekday": 0}}
    return layer(**({"members": ["C-ANN", "C-BO", "C-CY"]} | more | changed))


def content(*layers: dict[str, Any], zone: str = "Europe/Prague") -> dict[str, Any]:
    """The content of a schedule."""
    return {"kind": "schedule", "zone": zone, "layers": list(layers)}


def schedule(*layers: dict[str, Any], zone: str = "Europe/Prague") -> Schedule:
    """A schedule named Database."""
    return read_schedule("Database", content(*layers, zone=zone))


def override(contact: str, start_ms: int, end_ms: int, replaces: str = "") -> Override:
    """An override of that schedule."""
    return read_override(
        {
            "kind": "override",
            "schedule": "Database",
            "contact": contact,
            "replaces": replaces,
            "from": start_ms,
            "to": end_ms,
        }
    )


def ms(text: str) -> int:
    """UTC ms of an ISO time with its offset, such as ``2026-03-29T01:00Z``."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def local_ms(day: date, zone: str, hour: int = 0) -> int:
    """UTC ms of an hour of a day in a zone."""
    return round(datetime.combine(day, time(hour), ZoneInfo(zone)).timestamp() * 1000)


def walk(zone: str, since: datetime, until_ms: int, step: timedelta) -> Iterator[tuple[int, Any]]:
    """Each step's UTC ms with the latest naive local time that was seen so far.

    ``since`` should lie well before what is looked at.
    """
    info, latest = ZoneInfo(zone), datetime(1, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    moment = since
    while (at := round(moment.timestamp() * 1000)) < until_ms:
        latest = max(latest, moment.astimezone(info).replace(tzinfo=None))
        yield at, latest
        moment += step


class Model:
    """Who is on call at each step, by layers alone, from a content."""

    def __init__(self, of: dict[str, Any], start_ms: int, end_ms: int, step: timedelta) -> None:
        self._layers = of["layers"]
        self._begun: dict[int, int] = {}
        starts = [date.fromisoformat(one["start"]) for one in self._layers]
        first = min([*starts, datetime.fromtimestamp(start_ms / 1000, UTC).date()])
        since = datetime.combine(first, time(), UTC) - 2 * DAY
        self.steps = {
            at: self._who(at, latest)
            for at, latest in walk(of["zone"], since, end_ms, step)
            if self._see(at, latest) and at >= start_ms
        }

    def _see(self, at: int, latest: datetime) -> bool:
        for index, one in enumerate(self._layers):
            if latest >= _begin(one, "start"):
                self._begun.setdefault(index, at)
        return True

    def _who(self, at: int, latest: datetime) -> str:
        who = ""
        for index, one in enumerate(self._layers):
            who = self._of_layer(index, one, at, latest) or who
        return who

    def _of_layer(self, index: int, one: dict[str, Any], at: int, latest: datetime) -> str:
        ended = one["until"] is not None and latest >= _begin(one, "until")
        if index not in self._begun or ended:
            return ""
        if one["hours"] and not any(_is_open(hours, latest) for hours in one["hours"]):
            return ""
        step = one["every"] * UNITS[one["rotation"]]
        turn: int
        if one["rotation"] == "hour":
            turn = (at - self._begun[index]) // (step // timedelta(milliseconds=1))
        else:
            first = _begin(one, "start")
            while one["rotation"] == "week" and first.weekday() != one["handover"]["weekday"]:
                first -= DAY
            turns = [first]
            while turns[-1] <= latest:
                turns.append(turns[-1] + step)
            turn = len(turns) - 2
        members: list[str] = one["members"]
        return members[turn % len(members)]


def _begin(one: dict[str, Any], name: str) -> datetime:
    at = time.fromisoformat(one["handover"]["time"])
    return datetime.combine(date.fromisoformat(one[name]), at)


def _is_open(hours: dict[str, Any], latest: datetime) -> bool:
    midnight = datetime.combine(latest.date(), time())
    for day in (midnight - DAY, midnight):
        start, end = (day + _after_midnight(hours[name]) for name in ("from", "to"))
        if end <= start:
            end += DAY
        if day.weekday() in hours["days"] and start <= latest < end:
            return True
    return False


def _after_midnight(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def clock_times(grain: int) -> st.SearchStrategy[str]:
    """Times of day on a grid of ``grain`` minutes, those of the night more often."""
    minute = st.one_of(st.integers(0, 1439), st.integers(0, 240))
    return minute.map(lambda m: m // grain * grain).map(lambda m: f"{m // 60:02d}:{m % 60:02d}")


@st.composite
def layers_near(draw: Any, day: date, grain: int) -> dict[str, Any]:
    """The content of a layer that begins within days of a day."""
    rotation = draw(st.sampled_from(["hour", "day", "week"]))
    start = day + timedelta(days=draw(st.integers(-3, 1)))
    handover: dict[str, Any] = {"time": draw(clock_times(grain))}
    if rotation == "week":
        handover["weekday"] = draw(st.integers(0, 6))
    length = draw(st.one_of(st.none(), st.integers(1, 5)))
    return {
        "name": "Some",
        "members": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)),
        "rotation": rotation,
        "every": draw(st.integers(1, 3)),
        "handover": handover,
        "start": start.isoformat(),
        "until": None if length is None else (start + timedelta(days=length)).isoformat(),
        "hours": draw(st.lists(hours_of_week(grain), max_size=2)),
    }


@st.composite
def hours_of_week(draw: Any, grain: int) -> dict[str, Any]:
    """The content of restricted hours."""
    start = draw(clock_times(grain))
    end = draw(st.one_of(clock_times(grain).filter(lambda t: t != start), st.just("24:00")))
    days = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True))
    return {"days": days, "from": start, "to": end}


@st.composite
def rosters(draw: Any, grain: int = 5) -> tuple[dict[str, Any], int, int]:
    """A schedule's content and a range of two days around a change of its zone's clock."""
    zone, day = draw(st.sampled_from(CHANGES))
    found = draw(st.lists(layers_near(day, grain), min_size=1, max_size=3))
    start = local_ms(day - DAY, zone) + draw(st.integers(0, 47)) * 1_800_000
    return content(*found, zone=zone), start, start + 2 * 86_400_000
