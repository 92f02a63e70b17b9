"""Calendar files: what is written is read back, and nothing is wanted of a file with strangers."""

from __future__ import annotations

import pytest

from crisisdesk.desk.planning.oncall.calendar_files import (
    AHEAD_DAYS,
    FILE_LIMIT,
    calendar_of,
    wanted_of,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.reading import read_override
from crisisdesk.domain.oncall.shifts import whole_shifts

from tests.desk.planning.oncall.published import DAY, NOW, contact, published

AT = "12:00:00"


def test_the_shifts_of_a_schedule_would_come_back_as_overrides() -> None:
    found = published()
    wanted = wanted_of(calendar_of(found, "Office", NOW), found, "Office", NOW, AT)
    overrides = [read_override(one.order.content) for one in wanted]
    shifts = whole_shifts(found.rota.schedules["Office"], (), NOW, NOW + AHEAD_DAYS * DAY)
    taken = [(s.start_ms, s.end_ms, s.contacts) for s in shifts if s.contacts]
    assert [(o.start_ms, o.end_ms, (o.contact,)) for o in overrides] == taken
    assert {o.schedule for o in overrides} == {"Office"}
    assert len({one.order.name for one in wanted}) == len(wanted)


def test_a_file_that_names_a_stranger_is_wanted_in_no_part() -> None:
    found = published()
    data = calendar_of(found, "Office", NOW)
    fewer = published(people=[contact("C-ANN")])
    with pytest.raises(Malformed, match="Bo Birk") as caught:
        wanted_of(data, fewer, "Office", NOW, AT)
    assert caught.value.field == "summary"


def test_what_is_no_calendar_is_refused_by_its_field() -> None:
    for data, words in (
        (b"nothing", "no NAME:value"),
        (b"x" * (FILE_LIMIT + 1), "larger than 2 MB"),
    ):
        with pytest.raises(Malformed, match=words):
            wanted_of(data, published(), "Office", NOW, AT)
