"""A sender may make so many requests a second, with room for a burst; others are not touched."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.api.allowance import BURST_S, Allowances
from crisisdesk.api.answers import Refused

from tests.api.station import INTAKE, Station

NOW = 1_800_000_000_000


def taken(allowances: Allowances, times: int, now_ms: int, source: str = "shop") -> int:
    """How many of so many requests go through."""
    through = 0
    for _ in range(times):
        try:
            allowances.take(source, now_ms)
        except Refused:
            continue
        through += 1
    return through


def test_a_burst_then_so_many_a_second() -> None:
    allowances = Allowances({"shop": 2})
    assert taken(allowances, 100, NOW) == 2 * BURST_S
    assert taken(allowances, 100, NOW + 1_000) == 2
    assert taken(allowances, 100, NOW + 1_499) == 0
    assert taken(allowances, 100, NOW + 3_600_000) == 2 * BURST_S
    assert allowances.refused["shop"] == 400 - 2 * (2 * BURST_S + 1)


def test_what_is_not_named_is_not_bounded() -> None:
    assert taken(Allowances({"shop": 1}), 1_000, NOW, "mail") == 1_000
    assert taken(Allowances(), 1_000, NOW) == 1_000


def test_a_clock_that_is_set_back_gives_nothing() -> None:
    allowances = Allowances({"shop": 1})
    taken(allowances, 100, NOW)
    assert taken(allowances, 100, NOW - 3_600_000) == 0
    assert taken(allowances, 100, NOW - 3_600_000 + 1_000) == 1


@given(st.integers(1, 20), st.lists(st.integers(0, 3_000), min_size=1, max_size=60))
def test_no_stretch_lets_more_through_than_burst_and_rate(rate: int, gaps: list[int]) -> None:
    allowances, at, through = Allowances({"shop": rate}), NOW, 0
    for gap in gaps:
        at += gap
        through += taken(allowances, 5, at)
    assert through <= rate * BURST_S + (at - NOW) * rate / 1_000 + 1


class Bounded(Station):
    """One sender may make one request a second."""

    allowances = Allowances({"pagerduty": 1})


def test_who_sends_too_much_is_told_when_to_come_again(tmp_path: Path) -> None:
    bounded = Bounded(tmp_path)
    event = {
        "event_action": "trigger",
        "dedup_key": "x",
        "payload": {"summary": "s", "source": "h", "severity": "critical"},
    }
    try:
        strangers = [
            bounded.bare("POST", "/v2/enqueue", json={**event, "routing_key": "x" * 32})
            for _ in range(30)
        ]
        assert {answer.status_code for answer in strangers} == {401}
        answers = [
            bounded.bare("POST", "/v2/enqueue", json={**event, "routing_key": INTAKE})
            for _ in range(BURST_S + 3)
        ]
        assert [a.status_code for a in answers[:BURST_S]] == [202] * BURST_S
        late = answers[-1]
        assert (late.status_code, late.headers["retry-after"]) == (429, "1")
        assert "pagerduty sends more than 1 requests a second" in late.text
        assert bounded.raised(service="other")["id"]
    finally:
        bounded.close()
