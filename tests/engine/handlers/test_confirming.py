"""What providers say afterwards, as handlers decide on it: a real file, a policy that asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine import commands as c
from crisisdesk.engine.ports import Confirmation

from tests.engine.handlers.test_bundles import TAKEN, claim, contact, fire, settle, state
from tests.store.workload import AT_ONCE, Station

ARRIVED = Confirmation(state="delivered", words="delivered")
READ = Confirmation(state="read", words="read")
LOST = Confirmation(state="failed", words="30003 unreachable")
LATER = Confirmation(state="pending", words="queued")
SILENT = Confirmation(state="unknown", words="no answer")


@pytest.fixture
def asking(station: Station) -> Station:
    """One whose text messages can be asked after, and a contact with two methods."""
    channels = frozenset({"sms"})
    station.bench.policy = replace(station.bench.policy, confirm_channels=channels)
    contact(station, "sms", "webhook")
    return station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data", policy=AT_ONCE)
    yield made
    made.close()


def sent(station: Station, count: int = 1) -> Delivery:
    fire(station, count)
    (message,) = claim(station)
    settle(station, message, TAKEN)
    return state(station, message.carrier.delivery_id)


def note(station: Station, delivery: Delivery, told: Confirmation) -> Delivery:
    order = c.NoteConfirmation(
        delivery_id=delivery.delivery_id,
        provider_id=delivery.provider_id,
        confirmation=told,
    )
    assert station.do(order, actor="engine") == [False]
    return state(station, delivery.delivery_id)


def questions(station: Station) -> list[str]:
    return [d.delivery_id for d in station.do(c.ListQuestions())[0]]


def on_next(station: Station) -> list[str]:
    """The alerts that the contact's next method is paged for now; it takes them."""
    messages = [m for m in claim(station) if m.carrier.method_id == "m1"]
    for message in messages:
        settle(station, message, TAKEN)
    return [message.carrier.alert_id for message in messages]


def test_only_channels_that_can_answer_are_asked(asking: Station) -> None:
    first = sent(asking)
    assert first.ask_at is not None
    asking.now_ms = first.ask_at - 100
    assert questions(asking) == []
    asking.now_ms = first.ask_at
    assert questions(asking) == [first.delivery_id]


def test_an_arrival_ends_the_questions(asking: Station) -> None:
    first = sent(asking)
    asking.now_ms += 20_000
    told = note(asking, first, ARRIVED)
    assert (told.status, told.ask_at, told.words) == ("delivered", None, "delivered")
    assert questions(asking) == []
    assert note(asking, first, READ).status == "read"
    assert note(asking, first, LOST).status == "read"


def test_bad_news_pages_the_next_method(asking: Station) -> None:
    first = sent(asking)
    told = note(asking, first, LOST)
    assert (told.status, told.words) == ("failed", "30003 unreachable")
    assert on_next(asking) == [first.alert_id]


def test_bad_news_of_what_is_in_hand_pages_nobody(asking: Station) -> None:
    first = sent(asking)
    asking.do(c.AcknowledgeAlerts(alert_ids=[first.alert_id]))
    assert note(asking, first, LOST).status == "failed"
    assert on_next(asking) == []


def test_bad_news_of_another_message_is_nothing(asking: Station) -> None:
    first = sent(asking)
    assert note(asking, replace(first, provider_id="SM0"), LOST).status == "sent"
    assert on_next(asking) == []


def test_what_is_not_confirmed_in_time_goes_to_the_next_method_once(asking: Station) -> None:
    first = sent(asking)
    assert first.sent_at is not None
    asked = []
    for _ in range(6):
        due = state(asking, first.delivery_id).ask_at
        if due is None:
            break
        asking.now_ms = due
        asked.append(due - first.sent_at)
        after = note(asking, first, LATER)
        assert after.doubted == (asking.now_ms - first.sent_at >= 120_000)
        assert on_next(asking) == ([first.alert_id] if len(asked) == 3 else [])
    assert asked == [15_000, 60_000, 120_000, 300_000]
    assert (after.status, after.asked) == ("sent", 4)


def test_a_provider_that_does_not_answer_is_asked_again(asking: Station) -> None:
    first = sent(asking)
    asking.now_ms += 15_000
    assert note(asking, first, SILENT).ask_at is not None


def test_a_bundle_that_never_arrived_goes_to_the_next_method_as_one(asking: Station) -> None:
    first = sent(asking, 7)
    note(asking, first, LOST)
    rows = asking.journal._rows("SELECT status FROM delivery WHERE method_id='m0'")
    assert {status for (status,) in rows} == {"failed"}
    (message,) = claim(asking)
    assert (message.carrier.method_id, len(message.keys)) == ("m1", 7)


def test_a_bundle_that_is_late_goes_to_the_next_method_as_one(asking: Station) -> None:
    first = sent(asking, 7)
    asking.now_ms += 120_000
    note(asking, first, LATER)
    (message,) = claim(asking)
    assert (message.carrier.method_id, len(message.keys)) == ("m1", 7)


def test_without_asking_nothing_waits_for_an_answer(station: Station) -> None:
    contact(station, "sms", "webhook")
    first = sent(station)
    assert first.ask_at is None
    station.now_ms += 600_000
    assert questions(station) == []
