"""Bundles, throttles and times to live, as handlers decide them on a real file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.throttle import MINUTE_MS
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers import settling
from crisisdesk.engine.ports import Outcome
from crisisdesk.engine.workers.messages import Message, grouped

from tests.store.workload import AT_ONCE, Station, signal

TAKEN = Outcome(ok=True, words="202 taken", provider_id="SM1")
BUSY = Outcome(ok=False, words="503 later")
REFUSED = Outcome(ok=False, words="550 no such user", retryable=False)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data", policy=AT_ONCE)
    yield made
    made.close()


def contact(station: Station, *channels: str) -> str:
    """One with a method m0, m1, ... of each of these channels."""
    methods = [
        {"method_id": f"m{n}", "channel": channel, "masked": "***", "min_severity": "low"}
        for n, channel in enumerate(channels or ("webhook",))
    ]
    contact_id: str = station.do(c.SaveContact(name="Ann", methods=methods))[0]
    return contact_id


def fire(station: Station, count: int, severity: str = "high", first: int = 0) -> list[str]:
    signals = [signal(first + n, severity=severity) for n in range(count)]
    ids: list[str] = station.do(c.TakeIn(signals=signals), actor="source:test")[0]
    return ids


def claim(station: Station, **given: Any) -> list[Message]:
    return grouped(station.do(c.ClaimDeliveries(**given), actor="engine")[0])


def settle(station: Station, message: Message, outcome: Outcome) -> None:
    order = c.SettleDelivery(
        delivery_id=message.carrier.delivery_id,
        attempt=message.carrier.attempt,
        outcome=outcome,
        holder=message.carrier.holder,
        carried=message.carried_keys,
    )
    assert station.do(order, actor="engine") == [[]]


def states(station: Station) -> list[tuple[str, str, str]]:
    """(method, status, carrier) of all deliveries, in the order of the alerts."""
    rows: list[tuple[str, str, str]] = station.journal._rows(
        "SELECT method_id, status, carrier FROM delivery ORDER BY method_id, alert_id"
    )
    return rows


def state(station: Station, delivery_id: str) -> Delivery:
    found = station.bench.get(delivery_id)
    assert isinstance(found, Delivery)
    return found


def test_what_waits_for_one_method_leaves_as_one_message(station: Station) -> None:
    contact(station)
    fire(station, 28)
    (message,) = claim(station)
    assert len(message.carried) == 27
    assert message.carrier.carries == 27
    settle(station, message, TAKEN)
    key = message.carrier.delivery_id
    assert sorted(states(station)) == [("m0", "sent", "")] + [("m0", "sent", key)] * 27
    assert claim(station) == []


def test_bundling_and_the_carriers_claim_are_one_transaction(station: Station) -> None:
    contact(station)
    fire(station, 5)
    before = station.journal.head().pos
    claim(station)
    rows = station.journal._rows("SELECT kind FROM event WHERE pos>? ORDER BY pos", (before,))
    assert [kind for (kind,) in rows] == ["delivery.claimed", *["delivery.bundled"] * 4]


def test_the_first_page_of_a_critical_alert_goes_at_once_by_itself(station: Station) -> None:
    contact(station)
    fire(station, 6)
    fire(station, 1, "critical", first=50)
    first, bundle = claim(station)
    assert (first.carrier.severity, first.carried) == ("critical", [])
    assert len(bundle.keys) == 6


def test_the_worst_and_the_first_of_each_service_carry(station: Station) -> None:
    contact(station)
    fire(station, 9, "medium")
    policy = replace(station.bench.policy, paging_severities=frozenset({"medium", "high"}))
    station.bench.policy = policy
    fire(station, 9, "medium", first=20)
    fire(station, 2, "high", first=40)
    (message,) = claim(station)
    told = [message.carrier, *(d for d, _alert in message.carried)]
    assert [d.severity for d in told][:3] == ["high", "high", "medium"]
    alerts = [message.alert, *(alert for _d, alert in message.carried)]
    services = [alert.service for alert in alerts if alert is not None][2:9]
    assert len(set(services)) == 7


def test_what_is_acknowledged_before_the_send_is_left_out(station: Station) -> None:
    contact(station)
    fire(station, 4)
    (message,) = claim(station)
    taken = [d for d, _alert in message.carried][1]
    station.do(c.AcknowledgeAlerts(alert_ids=[taken.alert_id]))
    recheck = c.RecheckBundle(
        delivery_id=message.carrier.delivery_id, attempt=1, carried=message.carried_keys
    )
    ((why, wanted),) = station.do(recheck)
    assert (why, sorted(wanted)) == ("", sorted(set(message.keys) - {taken.delivery_id}))
    assert state(station, taken.delivery_id).status == "superseded"
    message.keep(wanted)
    settle(station, message, TAKEN)
    assert state(station, taken.delivery_id).status == "superseded"


def test_a_carrier_whose_alert_is_in_hand_still_carries_the_others(station: Station) -> None:
    contact(station)
    fire(station, 3)
    (message,) = claim(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[message.carrier.alert_id]))
    about: dict[str, Any] = {"delivery_id": message.carrier.delivery_id, "attempt": 1}
    ((why, wanted),) = station.do(c.RecheckBundle(**about, carried=message.carried_keys))
    assert (why, sorted(wanted)) == ("", sorted(message.carried_keys))
    message.keep(wanted)
    digest = message.digest(station.bench.policy.page_ttl_ms)
    assert digest is not None
    assert digest.count == 2


def test_a_bundle_claimed_elsewhere_meanwhile_is_not_sent(station: Station) -> None:
    contact(station)
    fire(station, 3)
    (message,) = claim(station)
    recheck = c.RecheckBundle(delivery_id=message.carrier.delivery_id, attempt=2, carried=[])
    assert station.do(recheck) == [("another station has claimed it since", [])]


def test_a_carrier_that_is_tried_again_takes_its_own_with_it(station: Station) -> None:
    contact(station)
    fire(station, 5)
    (first,) = claim(station)
    settle(station, first, BUSY)
    assert {s for _m, s, _c in states(station)} == {"queued", "bundled"}
    assert claim(station) == []
    due = state(station, first.carrier.delivery_id).due_at
    assert due is not None
    events = station.journal.head().pos
    station.now_ms = due
    (second,) = claim(station)
    assert sorted(second.keys) == sorted(first.keys)
    assert second.carrier.attempt == 2
    # They are with it already, so nothing is written about them.
    assert station.journal.head().pos == events + 1
    settle(station, second, TAKEN)
    assert {s for _m, s, _c in states(station)} == {"sent"}


def test_after_a_crash_the_bundle_comes_due_as_one_and_may_be_a_repeat(station: Station) -> None:
    contact(station)
    fire(station, 5)
    (first,) = claim(station)
    station.recover()
    due = state(station, first.carrier.delivery_id).due_at
    assert due is not None
    station.now_ms = due - 100
    assert claim(station) == []
    station.now_ms = due
    (second,) = claim(station)
    assert sorted(second.keys) == sorted(first.keys)
    assert second.is_possible_repeat


def test_one_acknowledged_while_its_carrier_waits_is_dropped(station: Station) -> None:
    contact(station)
    fire(station, 4)
    (first,) = claim(station)
    settle(station, first, BUSY)
    gone = first.carrier
    station.do(c.AcknowledgeAlerts(alert_ids=[gone.alert_id]))
    station.now_ms += MINUTE_MS
    # Their carrier has ended without them: they go by themselves.
    assert claim(station) == []
    (second,) = claim(station)
    assert sorted(second.keys) == sorted(first.carried_keys)
    assert state(station, gone.delivery_id).status == "superseded"


def test_what_a_method_refuses_goes_to_the_next_as_one_again(station: Station) -> None:
    contact(station, "webhook", "json")
    fire(station, 12)
    (message,) = claim(station)
    settle(station, message, REFUSED)
    assert {s for m, s, _c in states(station) if m == "m0"} == {"failed"}
    (other,) = claim(station)
    assert other.carrier.method_id == "m1"
    assert len(other.keys) == 12
    settle(station, other, TAKEN)
    assert {s for m, s, _c in states(station) if m == "m1"} == {"sent"}


def test_a_bundle_whose_end_is_never_learnt_goes_to_the_next_method_too(station: Station) -> None:
    contact(station, "webhook", "json")
    fire(station, 6)
    for _ in range(station.bench.policy.retry.max_attempts):
        (message,) = claim(station)
        assert len(message.keys) == 6
        station.now_ms += station.bench.policy.retry.claim_ms()
    (other,) = claim(station) or claim(station)
    assert (other.carrier.method_id, len(other.keys)) == ("m1", 6)


def test_what_was_not_in_the_message_is_free_again(station: Station) -> None:
    contact(station)
    fire(station, 5)
    (message,) = claim(station)
    missing = message.carried.pop()[0]
    settle(station, message, TAKEN)
    assert state(station, missing.delivery_id).status == "queued"
    (again,) = claim(station)
    assert again.keys == [missing.delivery_id]


def test_more_join_before_the_send_a_bounded_number_at_a_time(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact(station)
    fire(station, 40)
    (message,) = claim(station)
    fire(station, 30, first=100)
    about: dict[str, Any] = {"carrier_id": message.carrier.delivery_id, "attempt": 1}
    joined = station.do(c.JoinBundle(**about, apart=frozenset(message.keys)))[0]
    assert len(joined) == 30
    assert {d.into for d, _alert in joined} == {message.carrier.delivery_id}
    message.carried += joined
    assert station.do(c.JoinBundle(**about, apart=frozenset(message.keys))) == [[]]
    assert station.do(c.JoinBundle(carrier_id=about["carrier_id"], attempt=2)) == [[]]
    monkeypatch.setattr(settling, "BUNDLE_STEP", 30)
    order = c.SettleDelivery(
        delivery_id=about["carrier_id"], attempt=1, outcome=TAKEN, carried=message.carried_keys
    )
    left = station.do(order)[0]
    assert len(left) == 39
    more = c.SettleBundled(delivery_id=about["carrier_id"], outcome=TAKEN, carried=left)
    (left,) = station.do(more)
    assert len(left) == 9
    assert station.do(replace(more, carried=left)) == [[]]
    assert {s for _m, s, _c in states(station)} == {"sent"}


# -- throttles -----------------------------------------------------------------------------------
