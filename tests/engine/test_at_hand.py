"""What is kept at hand follows the bench: kept, taken back, loaded anew."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy
from crisisdesk.engine.silence_commands import SetSilence

from tests.domain.escalation.people import EVERYBODY, content
from tests.store.workload import Station

POLICY = PublishPolicy(name="Night", content=content([EVERYBODY]))


@pytest.fixture
def full(station: Station) -> Station:
    """A station with one of each."""
    station.add_contact()
    station.do(SetSilence(matchers="service=db", duration_ms=3_600_000, reason="Works"), POLICY)
    return station


def seen(station: Station) -> tuple[int, int, int]:
    hand = station.bench.at_hand
    return len(hand.contacts()), len(hand.silences(station.now_ms)), len(hand.policies())


def test_what_a_command_writes_counts_at_once_and_after_a_restart(full: Station) -> None:
    assert seen(full) == (1, 1, 1)
    full.recover()
    assert seen(full) == (1, 1, 1)


def test_what_is_taken_back_never_was(full: Station) -> None:
    rota = full.bench.at_hand.rota()
    [version] = full.bench.at_hand.policies()
    full.bench.begin("Ann", full.now_ms)
    full.bench.emit("C-NEW", "contact.saved", {"name": "X"})
    full.bench.emit(version.version_id, "policy.withdrawn", {})
    full.bench.emit("POL-NEW", "policy.published", {"name": "Y", "content": content([EVERYBODY])})
    assert seen(full) == (2, 1, 1)
    full.bench.take_back()
    assert seen(full) == (1, 1, 1)
    assert full.bench.at_hand.rota().escalations == rota.escalations


def test_the_rota_is_made_anew_only_when_something_was_published(full: Station) -> None:
    rota = full.bench.at_hand.rota()
    full.fire(3)
    assert full.bench.at_hand.rota() is rota
    [version] = full.bench.at_hand.policies()
    full.do(WithdrawPolicy(version_id=version.version_id))
    assert full.bench.at_hand.rota().escalations == {}


def test_what_cannot_be_read_is_logged_once(full: Station, expect_log: Any) -> None:
    expect_log("escalation Bad is not used")
    bad = PolicyVersion(
        version_id="POL-BAD", name="Bad", content={"kind": "escalation"}, published_at=1
    )
    full.bench.at_hand.keep("POL-BAD", bad)
    for _ in range(3):
        assert len(full.bench.at_hand.rota().escalations) == 1


def test_removed_contacts_and_past_silences_are_left_out(full: Station) -> None:
    [contact] = full.bench.at_hand.contacts()
    full.do(c.RemoveContact(contact_id=contact.contact_id))
    full.now_ms += 3_700_000
    assert seen(full) == (0, 0, 1)


def test_rules_follow_what_is_published_and_what_is_taken_back(station: Station) -> None:
    hand = station.bench.at_hand
    assert [rule.name for rule in hand.rules()] == ["same place", "same service"]
    content = {"kind": "correlation", "by": ["service"], "disabled": True}
    version_id = station.do(PublishPolicy(name="same place", content=content))[0]
    assert [rule.name for rule in hand.rules()] == ["same service"]
    station.bench.begin("Ann", station.now_ms)
    station.bench.emit(version_id, "policy.withdrawn", {})
    assert len(hand.rules()) == 2
    station.bench.take_back()
    assert len(hand.rules()) == 1


@pytest.mark.expect_log("Broken is not used", level="ERROR")
def test_a_rule_that_cannot_be_read_is_said_and_left_out(station: Station) -> None:
    station.bench.begin("Ann", station.now_ms)
    broken = {"name": "Broken", "content": {"kind": "correlation", "by": ["colour"]}}
    station.bench.emit("POL-X", "policy.published", broken)
    assert len(station.bench.at_hand.rules()) == 2
