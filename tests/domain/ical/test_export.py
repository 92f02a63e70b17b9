"""Shifts as a calendar, and back."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.ical.events import read_entries
from crisisdesk.domain.ical.export import calendar_bytes
from crisisdesk.domain.ical.lines import read_calendars
from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.schedule import Shift
from crisisdesk.domain.oncall.shifts import shifts, whole_shifts

from tests.domain.oncall.rosters import PEOPLE, layer, ms, rosters, schedule

HOUR, DAY = 3_600_000, 86_400_000
MONDAY = ms("2026-01-05T08:00Z")
NAMES = {"C-ANN": "Žofie Ann, the elder; of Łódź \\ \u5f20\u4f1f", "C-BO": "Bo"}

some_names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn")), min_size=1, max_size=60
).map(lambda text: " ".join(text.split()))


@given(rosters(), st.tuples(*[some_names] * len(PEOPLE)))
def test_what_goes_out_comes_back(roster: tuple[dict[str, Any], int, int], called: Any):
    of, start, end = roster
    names = dict(zip(PEOPLE, called, strict=True))
    found = shifts(read_schedule("Database", of), [], start, end)
    data = calendar_bytes("Database", found, names, stamp_ms=start)
    back = read_entries(data, "UTC", start, end)
    assert [(e.start_ms, e.end_ms) for e in back] == [
        (s.start_ms, s.end_ms) for s in found if s.contacts
    ]
    for entry, shift in zip(back, [s for s in found if s.contacts], strict=True):
        (contact,) = shift.contacts
        assert entry.who == normalize("NFC", names[contact])
    assert len({e.uid for e in back}) == len(back)


def test_the_file_is_what_calendar_programs_want():
    plan = schedule(layer())
    data = calendar_bytes(
        "Database, primary", shifts(plan, [], MONDAY, MONDAY + DAY), NAMES, stamp_ms=MONDAY
    )
    (calendar,) = read_calendars(data)
    head = {line.name: line.value for line in calendar.lines}
    assert head["VERSION"] == "2.0"
    assert head["X-WR-CALNAME"] == "Database\\, primary"
    (event,) = calendar.inner
    said = {line.name: line.value for line in event.lines}
    assert said["DTSTART"] == said["DTSTAMP"] == "20260105T080000Z"
    assert said["DTEND"] == "20260106T080000Z"
    assert said["SUMMARY"] == "Žofie Ann\\, the elder\\; of Łódź \\\\ \u5f20\u4f1f"
    assert said["UID"].endswith("@crisisdesk")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 75


def test_the_same_shift_has_the_same_uid_whenever_it_is_exported():
    plan = schedule(layer())

    def uids(start: int, name: str = "Database") -> list[str]:
        found = whole_shifts(plan, [], start, start + DAY)
        data = calendar_bytes(name, found, NAMES, stamp_ms=start)
        return [e.uid for e in read_entries(data, "UTC", start - DAY, start + 3 * DAY)]

    one, later = uids(MONDAY + DAY + HOUR), uids(MONDAY + DAY + 5 * HOUR)
    assert one == later
    assert len(set(one)) == 2
    assert set(uids(MONDAY + DAY + HOUR, "Network")).isdisjoint(one)
    assert uids(MONDAY + 2 * DAY + HOUR)[0] == one[1]


def test_a_gap_is_no_event_and_an_unknown_contact_is_named_by_its_id():
    gap = Shift(contacts=(), start_ms=MONDAY, end_ms=MONDAY + HOUR)
    brief = Shift(contacts=("C-BO",), start_ms=MONDAY + HOUR, end_ms=MONDAY + HOUR + 1)
    both = Shift(contacts=("C-BO", "C-CY"), start_ms=MONDAY + HOUR, end_ms=MONDAY + 2 * HOUR)
    data = calendar_bytes("Database", [gap, brief, both], NAMES, stamp_ms=MONDAY)
    assert [e.who for e in read_entries(data, "UTC", MONDAY, MONDAY + DAY)] == ["Bo", "C-CY"]
