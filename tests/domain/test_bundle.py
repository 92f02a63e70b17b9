"""Bundles: what goes by itself, what goes together, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.bundle import TOLD, Room, Told, by_weight, digest_of, is_stale, plan
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.severity import SEVERITY_RANK

SEVERITIES = tuple(SEVERITY_RANK)


def delivery(number: int, severity: str = "high", **changes: object) -> Delivery:
    given: dict[str, object] = {
        "delivery_id": f"D-{number:03}",
        "alert_id": f"A-{number:03}",
        "epoch": "n1",
        "contact_id": "C-1",
        "contact_name": "Ann",
        "method_id": "m1",
        "channel": "sms",
        "masked": "***",
        "severity": severity,
        "title": "t",
        "text": "",
        "queued_at": number,
        "due_at": number,
    }
    return Delivery(**(given | changes))  # type: ignore[arg-type]


def ids(messages: list[list[Delivery]]) -> list[list[str]]:
    return [[d.delivery_id for d in message] for message in messages]


NONE: frozenset[str] = frozenset()


@st.composite
def waiting(draw: st.DrawFn) -> list[Delivery]:
    kinds = st.tuples(
        st.sampled_from(SEVERITIES), st.integers(0, 2), st.sampled_from(("fired", "test"))
    )
    return [
        delivery(n, severity, attempt=attempt, reason=reason)
        for n, (severity, attempt, reason) in enumerate(draw(st.lists(kinds, max_size=12)))
    ]


@st.composite
def rooms(draw: st.DrawFn) -> Room:
    urgent = draw(st.integers(0, 6))
    return Room(urgent=urgent, any=draw(st.integers(0, urgent)))


@given(waiting(), rooms(), st.sets(st.integers(0, 11)))
def test_nothing_goes_twice_nothing_exceeds_the_room_and_nobody_is_left_behind(
    due: list[Delivery], room: Room, old: set[int]
) -> None:
    stale = frozenset(d.delivery_id for d in due if d.queued_at in old)
    messages = plan(due, room, stale)
    out = [d.delivery_id for message in messages for d in message]
    assert len(out) == len(set(out))
    assert len(messages) <= room.urgent
    assert all(messages)
    tests = [d for d in due if d.is_test]
    for message in messages:
        assert len(message) == 1 or not any(d.is_test for d in message)
    # A place was free for the rest: then all of it goes.
    if room.urgent > len(tests):
        must = [d for d in due if not d.is_test and (d.is_urgent or room.any)]
        assert {d.delivery_id for d in must} <= set(out)


@given(waiting())
def test_without_room_nothing_goes(due: list[Delivery]) -> None:
    assert plan(due, Room(urgent=0, any=0), NONE) == []


def test_a_critical_page_goes_by_itself_and_the_others_together() -> None:
    due = [delivery(1, "critical"), delivery(2), delivery(3), delivery(4)]
    assert ids(plan(due, Room(urgent=4, any=4), NONE)) == [["D-001"], ["D-002", "D-003", "D-004"]]


def test_the_last_place_takes_all_that_is_left() -> None:
    due = [delivery(n, "critical") for n in range(6)] + [delivery(9)]
    planned = ids(plan(due, Room(urgent=3, any=3), NONE))
    assert planned == [["D-000"], ["D-001"], [f"D-{n:03}" for n in (2, 3, 4, 5, 9)]]
    assert len(plan(due, Room(urgent=1, any=0), NONE)) == 1


def test_what_is_not_urgent_waits_while_only_urgent_pages_have_room() -> None:
    due = [delivery(1, "critical"), delivery(2), delivery(3)]
    assert ids(plan(due, Room(urgent=4, any=0), NONE)) == [["D-001"]]


def test_what_waited_too_long_does_not_go_as_if_new() -> None:
    due = [delivery(1, "critical"), delivery(2, "critical"), delivery(3)]
    planned = ids(plan(due, Room(urgent=4, any=4), frozenset({"D-001", "D-002"})))
    assert planned == [["D-001", "D-002", "D-003"]]


def test_the_worst_come_first_and_of_equals_the_first_of_each_service() -> None:
    due = [delivery(1), delivery(2), delivery(3), delivery(4, "critical"), delivery(5, "low")]
    services = {"A-001": "shop", "A-002": "shop", "A-003": "bank"}
    found = [d.delivery_id for d in by_weight(due, services)]
    assert found == ["D-004", "D-001", "D-003", "D-002", "D-005"]


def test_a_page_is_stale_after_its_time_and_a_test_never() -> None:
    ttl = {"high": 10, "low": 5}
    assert not is_stale(delivery(0, "high"), 10, ttl)
    assert is_stale(delivery(0, "high"), 11, ttl)
    assert not is_stale(delivery(0, "low", reason="test"), 99, ttl)


def told(number: int, severity: str = "high", service: str = "shop", *, old: bool = False) -> Told:
    return Told(
        delivery_id=f"D-{number:03}",
        severity=severity,
        title=f"Trouble {number}",
        service=service,
        since=number,
        is_stale=old,
    )


@given(st.lists(st.sampled_from(SEVERITIES), min_size=1, max_size=40))
def test_a_digest_counts_all_and_names_the_worst_and_newest(severities: list[str]) -> None:
    alerts = [told(n, s, f"service {n % 4}") for n, s in enumerate(severities)]
    digest = digest_of(alerts)
    assert digest.count == len(alerts)
    assert sum(n for _s, n in digest.severities) == sum(n for _s, n in digest.services)
    ranks = [SEVERITY_RANK[s] for s, _n in digest.severities]
    assert ranks == sorted(ranks, reverse=True)
    assert SEVERITY_RANK[digest.worst] == max(SEVERITY_RANK[a.severity] for a in alerts)
    named = {one.delivery_id for one in digest.told}
    weight = {a.delivery_id: (SEVERITY_RANK[a.severity], a.since) for a in alerts}
    unnamed = [weight[a.delivery_id] for a in alerts if a.delivery_id not in named]
    assert len(named) == min(TOLD, len(alerts))
    assert all(weight[key] >= most for key in named for most in unnamed)


@pytest.mark.parametrize(("old", "since"), [((True, True), 1), ((True, False), None)])
def test_it_is_still_open_only_if_all_of_it_is(old: tuple[bool, bool], since: int | None) -> None:
    alerts = [told(1, old=old[0]), told(2, old=old[1])]
    assert digest_of(alerts).still_open_since == since
