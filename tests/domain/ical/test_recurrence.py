"""Repeats, against a model that looks at every day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.recurrence import WEEKDAYS, read_rule, repeats
from crisisdesk.domain.ical.times import Stamp, read_stamp

from tests.domain.oncall.rosters import ms

DAY = timedelta(days=1)
NAMES = list(WEEKDAYS)
START = date(2026, 3, 4)  # a Wednesday


def start_at(zone: str = "Europe/Prague", time: str = "T090000") -> Stamp:
    return read_stamp(f"{START:%Y%m%d}{time}", zone, "DTSTART")


def days_of(rule: str, start: Stamp, since: str, before: str) -> list[date]:
    """The days it falls on from ``since`` on."""
    found = repeats(read_rule(rule, start, "RRULE"), start, ms(since), ms(before))
    days = [datetime.fromtimestamp(s.wall // 1000, UTC).date() for s in found]
    return [day for day in days if day >= date.fromisoformat(since[:10])]


def model(parts: dict[str, Any], last: date) -> list[date]:
    """Every day from the first on that the rule names, counted one by one."""
    found: list[date] = []
    first = parts.get("WKST", 0)
    week = START - timedelta(days=(START.weekday() - first) % 7)
    day = START
    while day <= last and len(found) < parts.get("COUNT", 10**9):
        apart = (day - START).days if parts["FREQ"] == "DAILY" else (day - week).days // 7
        weekdays = parts.get("BYDAY") or (
            range(7) if parts["FREQ"] == "DAILY" else [START.weekday()]
        )
        if apart % parts.get("INTERVAL", 1) == 0 and day.weekday() in weekdays:
            found.append(day)
        day += DAY
    return [d for d in found if "UNTIL" not in parts or d <= parts["UNTIL"]]


@st.composite
def rules(draw: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {"FREQ": draw(st.sampled_from(["DAILY", "WEEKLY"]))}
    if draw(st.booleans()):
        parts["INTERVAL"] = draw(st.integers(1, 5))
    if draw(st.booleans()):
        more = draw(st.lists(st.integers(0, 6), max_size=6, unique=True))
        parts["BYDAY"] = sorted({START.weekday(), *more})
    if draw(st.booleans()):
        parts["WKST"] = draw(st.integers(0, 6))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts["COUNT"] = draw(st.integers(1, 60))
    elif end == "UNTIL":
        parts["UNTIL"] = START + timedelta(days=draw(st.integers(0, 90)))
    return parts


def written(parts: dict[str, Any]) -> str:
    texts = {
        "BYDAY": lambda days: ",".join(NAMES[d] for d in days),
        "WKST": lambda day: NAMES[day],
        "UNTIL": lambda day: f"{day:%Y%m%d}",
    }
    return ";".join(f"{k}={texts.get(k, str)(v)}" for k, v in parts.items())


@given(rules(), st.integers(0, 80))
def test_it_agrees_with_a_model_that_looks_at_every_day(parts: dict[str, Any], later: int):
    since = START + timedelta(days=later)
    before = "2026-08-01T00:00Z"
    found = days_of(written(parts), start_at(), f"{since}T00:00Z", before)
    assert found == [d for d in model(parts, date(2026, 7, 31)) if d >= since]


def test_it_keeps_its_time_on_the_wall():
    rule = read_rule("FREQ=WEEKLY;COUNT=6", start_at(), "RRULE")
    found = repeats(rule, start_at(), 0, ms("2027-01-01T00:00Z"))
    hours = [datetime.fromtimestamp(s.at_ms / 1000, UTC).hour for s in found]
    assert hours == [8, 8, 8, 8, 7, 7]


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20260306T080000Z", 3),  # the third begins then, and still counts
        ("20260306T075959Z", 2),
        ("20260306T090000", 3),
        ("20260306", 3),
        ("20260303", 0),
        ("99991231T235959Z", 20),
    ],
)
def test_the_end_is_counted_in(until: str, count: int):
    rule = read_rule(f"FREQ=DAILY;UNTIL={until}", start_at(), "RRULE")
    found = list(islice(repeats(rule, start_at(), 0, ms("2026-05-01T00:00Z")), 20))
    assert len(found) == count


def test_a_rule_without_an_end_begins_near_what_is_asked_for():
    start = read_stamp("19710104T090000", "Europe/Prague", "DTSTART")
    rule = read_rule("FREQ=DAILY", start, "RRULE")
    since, before = ms("2199-01-01T00:00Z"), ms("2199-01-11T00:00Z")
    found = list(repeats(rule, start, since, before))
    assert 10 <= len(found) <= 13
    assert found[0].at_ms < since + 86_400_000


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=MONTHLY", "repeats MONTHLY"),
        ("FREQ=HOURLY", "repeats HOURLY"),
        ("INTERVAL=2", "repeats without FREQ"),
        ("", "is not understood here"),
        ("FREQ=DAILY;BYMONTH=1", "'BYMONTH=1' is not understood here"),
        ("FREQ=WEEKLY;BYSETPOS=1", "is not understood here"),
        ("FREQ=WEEKLY;BYDAY=1WE", "'1WE' is no plain weekday"),
        ("FREQ=WEEKLY;BYDAY=MO", "leaves out the day the event begins on"),
        ("FREQ=WEEKLY;WKST=XX", "is no plain weekday"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is '0'"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL is '1001'"),
        ("FREQ=DAILY;COUNT=-1", "COUNT is '-1'"),
        ("FREQ=DAILY;COUNT=" + "9" * 5000, "COUNT is"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260401", "has COUNT and UNTIL"),
        ("FREQ=DAILY;UNTIL=soon", "'SOON' is no time"),
        ("FREQ=DAILY;FREQ=WEEKLY", "FREQ comes twice or empty"),
        ("FREQ=DAILY;COUNT=", "COUNT comes twice or empty"),
    ],
)
def test_any_other_rule_is_refused_in_words(rule: str, words: str):
    with pytest.raises(Malformed) as refused:
        read_rule(rule, start_at(), "event 1 (Ann), RRULE")
    assert refused.value.field == "event 1 (Ann), RRULE"
    assert words in refused.value.problem
    assert len(str(refused.value)) < 250
