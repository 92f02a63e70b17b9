"""A draft of an override: times in the schedule's zone, and every fault named by its field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.drafts import (
    NAME_LIMIT,
    Draft,
    again,
    moment,
    order_of,
    override_name,
    written,
)
from crisisdesk.domain.oncall.reading import read_override

from tests.domain.oncall.rosters import CHANGES, local_ms, ms, override

NOW, ZONE = ms("2026-10-22T12:00Z"), "Europe/Prague"

DRAFT = Draft("C-ANN", "2026-11-02 09:00", "2026-11-02 17:30", " swapped ")


def test_times_are_the_schedules_or_utc() -> None:
    for text in ("2026-11-02 09:00", "2026-11-02T09:00", "2026-11-02 9:00", "2026-11-02 08:00 UTC",
                 "2026-11-02 08:00Z", " 2026-11-02 09:00:00 "):  # fmt: skip
        assert moment(text, ZONE, "from") == ms("2026-11-02T08:00Z"), text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tomorrow", "is no time"),
        ("2026-11-02", "is no time"),
        ("", "is no time"),
        ("２０26-11-02 09:00", "is no time"),
        ("2026-02-30 09:00", "is on no calendar"),
        ("2026-11-02 25:00", "is on no calendar"),
        ("2026-03-29 02:30", "is leapt over"),
        ("2205-01-01 09:00", "is too far away"),
        ("0001-01-01 00:00", "is too far away"),
    ],
)
def test_what_is_no_time_names_the_field(text: str, words: str) -> None:
    with pytest.raises(Malformed, match=words) as caught:
        moment(text, ZONE, "to")
    assert caught.value.field == "to"
    assert caught.value.remedy


def test_of_a_time_that_comes_twice_the_first_is_meant_and_the_second_is_written_in_utc() -> None:
    first, second = ms("2026-10-25T00:30Z"), ms("2026-10-25T01:30Z")
    assert moment("2026-10-25 02:30", ZONE, "from") == first
    assert written(first, ZONE) == "2026-10-25 02:30"
    assert written(second, ZONE) == "2026-10-25 01:30 UTC"


@given(st.sampled_from(CHANGES), st.integers(-90_000_000, 90_000_000))
def test_what_is_written_is_read_back(change: tuple[str, object], off: int) -> None:
    zone, day = change
    at = local_ms(day, zone) + off  # type: ignore[arg-type]
    assert moment(written(at, zone), zone, "from") == at


def test_an_order_is_what_the_domain_takes() -> None:
    name, content = order_of(DRAFT, "Database", ZONE, "Ann Alder", "12:00:07")
    assert name == "Database: Ann Alder 2026-11-02 08:00 UTC (12:00:07)"
    found = read_override(content)
    assert (found.schedule, found.contact, found.reason) == ("Database", "C-ANN", "swapped")
    assert (found.start_ms, found.end_ms) == (ms("2026-11-02T08:00Z"), ms("2026-11-02T16:30Z"))
    assert found.replaces == ""
    one = order_of(DRAFT._replace(replaces="C-BO"), "Database", ZONE, "Ann Alder", "12:00:07")
    assert read_override(one.content).replaces == "C-BO"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contact": ""}, "contact"),
        ({"start": "soon"}, "from"),
        ({"end": "later"}, "to"),
        ({"end": "2026-11-02 09:00"}, "to"),
        ({"replaces": "C-ANN"}, "replaces"),
        ({"reason": "x" * 501}, "reason"),
        ({"reason": "\ud800"}, "reason"),
    ],
)
def test_a_draft_that_cannot_be_published_names_its_field(
    changed: dict[str, str], field: str
) -> None:
    with pytest.raises(Malformed) as caught:
        order_of(DRAFT._replace(**changed), "Database", ZONE, "Ann Alder", "12:00:07")
    assert caught.value.field.endswith(field)


def test_an_override_comes_back_as_it_was_under_a_name_of_its_own() -> None:
    gone = override("C-ANN", NOW, NOW + 1, "C-BO")
    order = again(gone, "Ann Alder", "12:00:08")
    assert read_override(order.content) == gone
    assert order.name != again(gone, "Ann Alder", "12:00:09").name


def test_a_long_name_keeps_what_sets_it_apart() -> None:
    name = override_name("D" * 90, "Ann Alder", NOW, "12:00:07")
    assert len(name) == NAME_LIMIT
    assert name.endswith(" 2026-10-22 12:00 UTC (12:00:07)")
