"""Changes are told once, whole, and never in the future."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.context.change_record import (
    AHEAD_MS,
    REPEAT_MS,
    ChangeReport,
    RecordedChange,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.context_commands import RecordChanges

from tests.store.workload import START, Station


def record(station: Station, *reports: ChangeReport) -> Any:
    return station.do(RecordChanges(changes=reports), actor="source:deploys")[0]


def known(station: Station, change_id: str) -> RecordedChange:
    state = station.bench.get(change_id)
    assert isinstance(state, RecordedChange)
    return state


def test_one_is_written_down_with_all_that_was_said(station: Station) -> None:
    report = ChangeReport(
        summary=" shop deployed at v3 ",
        service="shop",
        source="prod",
        author="Kim",
        at=START - 60_000,
        links=(("https://ci.example/7", "Build"),),
        details={"sha": "ab12"},
    )
    [change_id] = record(station, report)
    one = known(station, change_id)
    assert change_id.startswith("CHG-")
    assert (one.summary, one.service, one.source, one.author) == (
        "shop deployed at v3",
        "shop",
        "prod",
        "Kim",
    )
    assert one.at == START - 60_000
    assert one.links == [{"url": "https://ci.example/7", "text": "Build"}]
    assert one.details == {"sha": "ab12"}
    assert (one.recorded_at, one.recorded_by) == (station.now_ms, "source:deploys")


def test_a_repeat_is_the_same_change_and_writes_nothing(station: Station) -> None:
    timed = ChangeReport(summary="deploy", service="shop", at=START - 5)
    keyed = ChangeReport(summary="deploy", source="ci", key="build 7")
    plain = ChangeReport(summary="deploy", service="shop")
    first = record(station, timed, keyed, plain)
    assert len(set(first)) == 3
    before = station.journal.head().seq
    station.now_ms += REPEAT_MS // 2
    assert record(station, timed, keyed, plain) == first
    again = ChangeReport(summary="other words", source="ci", key="build 7")
    assert record(station, again) == first[1:2]
    assert record(station, timed, timed) == [first[0]] * 2
    assert station.journal.head().seq == before
    station.now_ms += 2 * REPEAT_MS
    assert record(station, timed, keyed) == first[:2]
    # Who says no time may deploy the same again.
    assert record(station, plain) != first[2:]


def test_two_alike_in_one_request_are_one(station: Station) -> None:
    report = ChangeReport(summary="deploy", service="shop")
    before = station.journal.head().seq
    [one, other] = record(station, report, report)
    assert one == other
    assert station.journal.head().seq == before + 1


@pytest.mark.parametrize("at", [START + 2 * AHEAD_MS, -1, 2**62])
def test_a_time_that_cannot_be_is_now(station: Station, at: int) -> None:
    [change_id] = record(station, ChangeReport(summary="deploy", at=at))
    assert known(station, change_id).at == station.now_ms
    before = station.journal.head().seq
    assert record(station, ChangeReport(summary="deploy", at=at)) == [change_id]
    assert station.journal.head().seq == before


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (ChangeReport(summary=" "), "summary"),
        (ChangeReport(summary="x" * 1_025), "summary"),
        (ChangeReport(summary="x", service="x" * 201), "service"),
        (ChangeReport(summary="x", key="x" * 513), "key"),
        (ChangeReport(summary="x\0"), "summary"),
        (ChangeReport(summary="x", links=(("file:///etc", ""),)), "links[0].url"),
        (ChangeReport(summary="x", links=(("https://x", ""),) * 11), "links"),
        (ChangeReport(summary="x", details={str(n): "" for n in range(21)}), "details"),
        (ChangeReport(summary="x", details={"a": "x" * 301}), "details.a"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_of_the_request_is(
    station: Station, report: ChangeReport, field: str
) -> None:
    before = station.journal.head().seq
    refused = record(station, ChangeReport(summary="good"), report)
    assert isinstance(refused, Malformed)
    assert refused.field == field
    assert station.journal.head().seq == before
