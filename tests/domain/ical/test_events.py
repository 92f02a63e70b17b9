"""Who is on call when, out of a calendar: all of it, or a refusal that names the event."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ical.events import ENTRIES_LIMIT, EVENTS_LIMIT, Entry, read_entries

from tests.domain.ical.calendars import calendar, event
from tests.domain.oncall.rosters import ms

HOUR, DAY = 3_600_000, 86_400_000
START = ms("2026-01-01T00:00Z")


def entries(*parts: str, days: int = 100) -> list[Entry]:
    return read_entries(calendar(*parts), "Europe/Prague", START, START + days * DAY)


def spans(*parts: str, days: int = 100) -> list[tuple[int, int]]:
    return [(e.start_ms, e.end_ms) for e in entries(*parts, days=days)]


def test_an_event_is_read_with_its_person_and_its_time():
    assert entries(event()) == [
        Entry(
            uid="one@example.org",
            who="Ann",
            mail="",
            start_ms=ms("2026-01-05T08:00Z"),
            end_ms=ms("2026-01-05T16:00Z"),
        )
    ]


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (
            ["DTSTART;TZID=America/New_York:20260105T090000", "DTEND:20260105T200000Z"],
            "2026-01-05T14:00Z",
            "2026-01-05T20:00Z",
        ),
        (
            ["DTSTART;TZID=Eastern Standard Time:20260105T090000", "DURATION:PT1H"],
            "2026-01-05T14:00Z",
            "2026-01-05T15:00Z",
        ),
        (
            ["DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260112"],
            "2026-01-05T00:00+01:00",
            "2026-01-12T00:00+01:00",
        ),
        (
            ["DTSTART;VALUE=DATE:20260329", "DURATION:P1D"],
            "2026-03-29T00:00+01:00",
            "2026-03-30T00:00+02:00",
        ),
    ],
)
def test_times_may_be_utc_of_a_zone_or_whole_days(lines: list[str], start: str, end: str):
    assert spans(event(*lines)) == [(ms(start), ms(end))]


def test_a_whole_day_needs_no_end():
    plain = event("DTSTART;VALUE=DATE:20260105").replace("DURATION:PT8H\r\n", "")
    assert spans(plain) == [(ms("2026-01-05T00:00+01:00"), ms("2026-01-06T00:00+01:00"))]


def test_a_zone_that_the_file_defines_may_say_where_it_is():
    zone = ["BEGIN:VTIMEZONE", "TZID:Home", "X-LIC-LOCATION:Asia/Kathmandu", "END:VTIMEZONE"]
    there = event("DTSTART;TZID=Home:20260105T090000")
    assert spans("\r\n".join(zone), there)[0][0] == ms("2026-01-05T09:00+05:45")


def test_the_person_is_the_summary_or_the_attendee():
    ann = "ATTENDEE;CN=Ann Example:mailto:ann@example.org"
    bo = "ATTENDEE:MAILTO:bo@example.org"
    found = entries(
        event(ann, uid="1", summary="Žofie\\, the first"),
        event(ann, bo, uid="2", summary=""),
        event(bo, uid="3", summary=" "),
        event("ATTENDEE:urn:uuid:7", ann, uid="4", summary="Dee"),
    )
    assert {(e.uid, e.who, e.mail) for e in found} == {
        ("1", "Žofie, the first", "ann@example.org"),
        ("2", "Ann Example", "ann@example.org"),
        ("3", "bo@example.org", "bo@example.org"),
        ("4", "Dee", "ann@example.org"),
    }


def test_what_lies_outside_the_range_is_left_out_and_what_touches_it_stays():
    late = event("DTSTART:20260410T235959Z", "DTEND:20260411T010000Z", uid="late")
    after = event("DTSTART:20260411T000000Z", "DTEND:20260411T010000Z", uid="after")
    early = event("DTSTART:20251231T000000Z", "DTEND:20260101T000000Z", uid="early")
    over = event("DTSTART:20251231T000000Z", "DTEND:20260101T000001Z", uid="over")
    assert [e.uid for e in entries(late, after, early, over)] == ["over", "late"]


def test_repeats_are_laid_out_in_the_range_and_last_as_long_each_time():
    night = event(
        "DTSTART;TZID=Europe/Prague:20260102T220000",
        "DTEND;TZID=Europe/Prague:20260103T060000",
        "RRULE:FREQ=WEEKLY;BYDAY=FR,SA",
    )
    found = spans(night, days=100)
    assert len(found) == 29
    assert {end - start for start, end in found} == {8 * HOUR}
    # In the night in which the clock is put forward, eight real hours end at seven.
    assert found[25] == (ms("2026-03-28T22:00+01:00"), ms("2026-03-29T07:00+02:00"))


def test_whole_weeks_that_began_before_the_range_are_seen():
    weeks = event(
        "DTSTART;VALUE=DATE:20251006", "DTEND;VALUE=DATE:20251013", "RRULE:FREQ=WEEKLY;INTERVAL=3"
    )
    assert spans(weeks, days=1) == [(ms("2025-12-29T00:00+01:00"), ms("2026-01-05T00:00+01:00"))]
    pairs = event("DTSTART:20251006T000000Z", "DURATION:P2W", "RRULE:FREQ=WEEKLY")
    assert [s for s, _ in spans(pairs, days=1)] == [
        ms("2025-12-22T00:00Z"),
        ms("2025-12-29T00:00Z"),
    ]


def test_days_that_were_taken_out_of_a_series_are_left_out():
    series = event("RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20260106T080000Z,20260107T080000Z")
    assert [s for s, _ in spans(series)] == [ms(f"2026-01-{d}T08:00Z") for d in ("05", "08", "09")]
    by_day = event("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260106")
    assert [s for s, _ in spans(by_day)] == [ms(f"2026-01-{d}T08:00Z") for d in ("05", "07")]


def test_a_repeat_that_was_changed_stands_for_itself():
    found = entries(
        event("RRULE:FREQ=DAILY;COUNT=3"),
        event("RECURRENCE-ID:20260106T080000Z", "DTSTART:20260106T100000Z", summary="Bo"),
    )
    assert [(e.who, e.start_ms) for e in found] == [
        ("Ann", ms("2026-01-05T08:00Z")),
        ("Bo", ms("2026-01-06T10:00Z")),
        ("Ann", ms("2026-01-07T08:00Z")),
    ]


def test_what_was_cancelled_is_left_out_also_as_one_of_a_series():
    assert entries(event("STATUS:CANCELLED")) == []
    series = event("RRULE:FREQ=DAILY;COUNT=2")
    gone = event("RECURRENCE-ID:20260105T080000Z", "DTSTART:20260105T080000Z", "STATUS:CANCELLED")
    assert spans(series, gone) == [(ms("2026-01-06T08:00Z"), ms("2026-01-06T16:00Z"))]


def test_what_is_said_twice_comes_once():
    assert len(entries(event(), event())) == 1


def test_alarms_tasks_and_notes_are_passed_over():
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nDURATION:PT1M\r\nSUMMARY:Wake up\r\nEND:VALARM"
    task = "BEGIN:vtodo\r\nUID:t\r\nDTSTART:20260105T080000Z\r\nEND:vtodo"
    assert len(entries(event(alarm, "DURATION:PT8H"), task)) == 1


@pytest.mark.parametrize(
    ("lines", "name", "words"),
    [
        (["RRULE:FREQ=MONTHLY"], "RRULE", "repeats MONTHLY"),
        (["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "RRULE", "comes twice"),
        (["RDATE:20260106T080000Z"], "RDATE", "is not understood here"),
        (["EXRULE:FREQ=DAILY"], "EXRULE", "is not understood here"),
        (["DTSTART:soon"], "DTSTART", "'soon' is no time"),
        (["DTSTART;TZID=Mars:20260105T080000"], "DTSTART", "'Mars' is no time zone"),
        (["DTSTART:20260105T080000Z", "DTSTART:20260105T080000Z"], "DTSTART", "comes twice"),
        (["DTSTART:20260105T080000Z,20260106T080000Z"], "DTSTART", "has several times"),
        (["DTEND:20260105T080000Z"], "DTEND", "is not after DTSTART"),
        (["DTEND:20260104T080000Z"], "DTEND", "is not after DTSTART"),
        (["DTEND;VALUE=DATE:20260106"], "DTEND", "is not of DTSTART's kind"),
        (["DTEND:20280105T080000Z"], "DTEND", "is more than a year"),
        (["DURATION:P999W"], "DURATION", "is more than a year"),
        (["DURATION:-PT1H"], "DURATION", "is no length"),
        (["EXDATE:never"], "EXDATE", "'never' is no time"),
        (
            ["RECURRENCE-ID;RANGE=THISANDFUTURE:20260105T080000Z"],
            "RECURRENCE-ID",
            "changes later repeats too",
        ),
        (["ATTENDEE:mailto:" + "x" * 300], "ATTENDEE", "has 300 characters"),
    ],
)
def test_an_event_that_could_be_misread_is_refused_by_name(lines: list[str], name: str, words: str):
    with pytest.raises(Malformed) as refused:
        entries(event(uid="fine"), event(*lines))
    assert refused.value.field == f"event 2 (Ann), {name}"
    assert words in refused.value.problem
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (event().replace("UID:one@example.org\r\n", ""), r"event 1 \(Ann\), UID: is missing"),
        (event().replace("DTSTART:20260105T080000Z\r\n", ""), "DTSTART: is missing"),
        (event().replace("DURATION:PT8H\r\n", ""), "DTEND: is missing"),
        (event(summary=""), r"event 1 \(without a summary\), SUMMARY: names nobody"),
        (event(summary="x" * 201), "SUMMARY: has 201 characters"),
        (event(summary="a\0b"), "SUMMARY: holds a NUL"),
    ],
)
def test_an_event_that_lacks_something_is_refused(broken: str, words: str):
    with pytest.raises(Malformed, match=words):
        entries(broken)


def test_there_is_an_end_to_what_a_file_may_say():
    with pytest.raises(Malformed, match="has 5001 events"):
        entries(*[event(uid=str(n)) for n in range(EVENTS_LIMIT + 1)])
    daily = [event("RRULE:FREQ=DAILY", uid=str(n)) for n in range(60)]
    began = perf_counter()
    with pytest.raises(Malformed, match=f"more than {ENTRIES_LIMIT} shifts"):
        entries(*daily, days=400)
    assert perf_counter() - began < 2.0


def test_a_range_that_is_none_or_a_zone_that_is_none_is_refused():
    with pytest.raises(Malformed, match=r"^to: "):
        entries(event(), days=401)
    with pytest.raises(Malformed, match=r"^to: "):
        entries(event(), days=-1)
    with pytest.raises(Malformed, match=r"^to: "):
        read_entries(calendar(event("RRULE:FREQ=DAILY")), "UTC", 10**15, 10**15 + DAY)
    with pytest.raises(Malformed, match=r"^zone: "):
        read_entries(calendar(event()), "Nowhere", START, START + DAY)


properties = st.sampled_from(
    "DTSTART DTEND DURATION RRULE EXDATE RECURRENCE-ID STATUS ATTENDEE X-Y".split()
)
values = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    st.from_regex(r"(0000|2026|9999)[0-1][0-9][0-3][0-9](T[0-2][0-9][0-5][0-9][0-6][0-9]Z?)?"),
    st.from_regex(r"FREQ=(DAILY|WEEKLY);(COUNT|INTERVAL|UNTIL|BYDAY)=[0-9MOTUWE,]{1,9}"),
)


@given(st.lists(st.tuples(properties, values), max_size=5))
def test_whatever_an_event_says_is_read_or_refused(lines: list[tuple[str, str]]):
    said = [f"{name}:{value.strip()}" for name, value in lines]
    try:
        found = entries(event(*said))
    except Malformed:
        return
    for entry in found:
        assert entry.start_ms < entry.end_ms
        assert entry.start_ms < START + 100 * DAY
        assert entry.end_ms > START
