"""The lines of the left pane."""

from __future__ import annotations

from crisisdesk.desk.planning.oncall.lines import (
    gap_lines,
    schedule_lines,
    spoken_gap,
    spoken_schedule,
)
from crisisdesk.desk.planning.oncall.reading import outlook

from tests.desk.planning.oncall.published import NOW, published
from tests.domain.oncall.rosters import ms

FRIDAY, SATURDAY = ms("2026-10-23T12:00Z"), ms("2026-10-24T12:00Z")


def test_a_schedule_tells_who_has_it_and_warns_a_day_before_a_gap() -> None:
    database, office = schedule_lines(outlook(published(), NOW))
    assert (database.name, database.on, database.tone) == ("Database", "Cy Cole", "")
    assert (office.tone, office.warning) == ("", "")
    office = schedule_lines(outlook(published(), FRIDAY))[1]
    assert (office.tone, office.warning) == ("soon", "nobody Sat 00:00 to Mon 00:00")
    assert "nobody Sat 00:00" in spoken_schedule(office)


def test_while_nobody_has_it_that_is_said_in_words() -> None:
    office = schedule_lines(outlook(published(), SATURDAY))[1]
    assert (office.on, office.tone) == ("NOBODY", "nobody")
    assert office.until.startswith("until Mon 00:00, then ")
    assert spoken_schedule(office).startswith("Office, nobody is on call, until Mon 00:00")


def test_gaps_come_in_order_and_the_one_that_lasts_says_until_when() -> None:
    lines = gap_lines(outlook(published(), FRIDAY))
    assert [line.start_ms for line in lines] == sorted(line.start_ms for line in lines)
    assert (lines[0].when, lines[0].length) == ("Sat 24 Oct 00:00 to Mon 00:00", "2 d 1 h")
    assert len({line.key for line in lines}) == len(lines)
    now = gap_lines(outlook(published(), SATURDAY))[0]
    assert (now.now, now.when, now.length) == (True, "until Mon 00:00", "1 d 11 h")
    assert spoken_gap(now) == "Gap of Office, now, until Mon 00:00, 1 d 11 h"


def test_a_gap_that_lasts_keeps_its_key_while_time_passes() -> None:
    first = gap_lines(outlook(published(), SATURDAY))[0]
    later = gap_lines(outlook(published(), SATURDAY + 60_000))[0]
    assert first.key == later.key
