"""Throttles and the time to live: what waits, what still goes at once, what is no news any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.domain.throttle import HOUR_MS, MINUTE_MS
from crisisdesk.engine import commands as c

from tests.engine.handlers.test_bundles import (
    BUSY,
    TAKEN,
    claim,
    contact,
    fire,
    settle,
    state,
)
from tests.store.workload import AT_ONCE, Station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data", policy=AT_ONCE)
    yield made
    made.close()


def sent_one(station: Station) -> None:
    """An alert whose page has been taken, so that the next is within its throttle."""
    fire(station, 1)
    for message in claim(station):
        settle(station, message, TAKEN)


def test_a_mailbox_gets_one_message_a_minute_and_then_all_that_waits(station: Station) -> None:
    contact(station, "email")
    fire(station, 1)
    (first,) = claim(station)
    settle(station, first, TAKEN)
    fire(station, 30, first=50)
    assert claim(station) == []
    claimed_at = state(station, first.carrier.delivery_id).claimed_at
    assert claimed_at is not None
    station.now_ms = claimed_at + MINUTE_MS - 8
    assert claim(station) == []
    station.now_ms = claimed_at + MINUTE_MS
    (bundle,) = claim(station)
    assert len(bundle.keys) == 30


def test_a_critical_page_does_not_wait_for_the_minute(station: Station) -> None:
    contact(station, "email")
    sent_one(station)
    fire(station, 3, first=50)
    fire(station, 1, "critical", first=90)
    (page,) = claim(station)
    assert (page.carrier.severity, page.carried) == ("critical", [])


def test_what_waits_goes_with_critical_pages_that_share_a_message(station: Station) -> None:
    contact(station, "email")
    sent_one(station)
    fire(station, 3, first=50)
    fire(station, 8, "critical", first=90)
    *alone, shared = claim(station)
    assert [m.carried for m in alone] == [[]] * len(alone)
    assert sum(len(m.keys) for m in (*alone, shared)) == 11
    assert {d.severity for d, _alert in shared.carried} == {"critical", "high"}


def test_a_critical_page_is_found_behind_any_number_that_wait(station: Station) -> None:
    contact(station, "email")
    sent_one(station)
    fire(station, 1_500, first=100)
    fire(station, 1, "critical", first=90)
    (page,) = claim(station)
    assert page.carrier.severity == "critical"


def test_a_restart_and_another_station_know_what_was_sent(station: Station, tmp_path: Path) -> None:
    contact(station, "sms")
    sent_one(station)
    fire(station, 1, first=50)
    station.recover()
    assert claim(station) == []
    with_lease = c.ClaimTerms(holder="b" * 32)
    assert claim(station, terms=with_lease) == []
    station.now_ms += MINUTE_MS
    assert len(claim(station, terms=with_lease)) == 1


def test_what_did_not_arrive_does_not_count(station: Station) -> None:
    contact(station, "email")
    fire(station, 1)
    (message,) = claim(station)
    settle(station, message, BUSY)
    fire(station, 1, first=50)
    assert len(claim(station)) == 1


def test_a_kind_of_channel_sends_only_so_many_texts_at_once(station: Station) -> None:
    for number in range(8):
        method = {"method_id": f"m{number}", "channel": "sms", "masked": "*"}
        station.do(c.SaveContact(name=f"Ann {number}", methods=[method]))
    fire(station, 1, "critical")
    assert len(claim(station)) == 5
    assert claim(station) == []
    station.now_ms += 5_000
    assert len(claim(station)) == 3


def test_what_is_throttled_is_not_overdue_until_it_has_room(station: Station) -> None:
    contact(station, "email")
    sent_one(station)
    fire(station, 2, first=50)
    station.now_ms += 50_000
    assert station.do(c.ListOverdue(late_ms=30_000)) == [[]]
    station.now_ms += 41_000
    assert len(station.do(c.ListOverdue(late_ms=30_000))[0]) == 2


def test_a_critical_page_is_overdue_while_others_are_throttled(station: Station) -> None:
    contact(station, "email")
    sent_one(station)
    fire(station, 2, first=50)
    fire(station, 1, "critical", first=90)
    station.now_ms += 35_000
    (overdue,) = station.do(c.ListOverdue(late_ms=30_000))
    assert [state(station, key).severity for key in overdue] == ["critical"]


# -- time to live --------------------------------------------------------------------------------


def test_a_critical_page_that_waited_too_long_is_no_news(station: Station) -> None:
    contact(station)
    fire(station, 3, "critical")
    fire(station, 2, first=50)
    station.now_ms += 6 * HOUR_MS + 1_000
    fire(station, 1, "critical", first=90)
    new, old = claim(station)
    ttl = station.bench.policy.page_ttl_ms
    assert (len(new.keys), new.digest(ttl)) == (1, None)
    digest = old.digest(ttl)
    assert digest is not None
    assert (digest.count, digest.still_open_since is not None) == (5, True)


def test_one_page_that_waited_too_long_says_since_when_it_is_open(station: Station) -> None:
    contact(station)
    fire(station, 1)
    station.now_ms += 2 * HOUR_MS + 1_000
    (message,) = claim(station)
    digest = message.digest(station.bench.policy.page_ttl_ms)
    assert digest is not None
    assert digest.still_open_since is not None


def test_a_test_page_expires_and_joins_nothing(station: Station) -> None:
    contact_id = contact(station)
    order = c.SendTestPage(contact_id=contact_id, method_id="m0")
    fire(station, 3)
    key = station.do(order)[0]
    alone, bundle = claim(station)
    assert (alone.keys, len(bundle.keys)) == ([key], 3)
    late = station.do(order)[0]
    station.now_ms += 10 * MINUTE_MS + 1
    assert late not in [m.carrier.delivery_id for m in claim(station)]
    assert state(station, late).status == "expired"


def test_who_is_freed_after_a_crash_may_have_arrived_before(station: Station) -> None:
    contact(station)
    fire(station, 4)
    (first,) = claim(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[first.carrier.alert_id]))
    station.now_ms += station.bench.policy.retry.claim_ms()
    assert claim(station) == []
    (second,) = claim(station)
    assert sorted(second.keys) == sorted(first.carried_keys)
    assert second.is_possible_repeat
