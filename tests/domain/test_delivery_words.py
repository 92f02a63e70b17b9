"""Every state has a word and a mark, every group a key; texts are found where they are shown."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.delivery import DeliveryStatus
from crisisdesk.domain.delivery_words import (
    EVERYTHING,
    FACES,
    GROUPS,
    State,
    clock,
    counts_of,
    fits,
    group_of,
    reason_words,
    spoken,
    state_of,
    state_words,
    subject,
    worst,
)

from tests.domain.deliveries import NOW, a_delivery


def test_every_status_has_a_state_and_every_state_its_own_word_and_mark() -> None:
    for status in DeliveryStatus:
        assert state_of(a_delivery(status=status)) in FACES
    assert len({face.word for face in FACES.values()}) == len(State)
    assert len({face.mark for face in FACES.values()}) == len(State)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "waiting"),
        ({"failed_at": NOW, "due_at": NOW + 15_000}, "failed, next try 02:05:17"),
        ({"status": "sent"}, "sent"),
        ({"status": "delivered", "into": "D-9"}, "delivered with others"),
        ({"status": "sent", "unknown": 1}, "sent, maybe twice"),
        ({"status": "failed", "failed_at": NOW}, "failed for good"),
        ({"status": "bundled", "into": "D-9"}, "going out with others"),
    ],
)
def test_the_state_in_words(given: dict[str, Any], words: str) -> None:
    assert state_words(a_delivery(**given), NOW) == words


def test_a_time_of_another_day_names_its_day() -> None:
    assert clock(NOW, NOW) == "02:05:02"
    assert clock(NOW, NOW + 86_400_000) == "12 Feb 02:05:02"


def test_each_state_stands_in_one_group_besides_all_of_them() -> None:
    keys = [group.keys for group in GROUPS]
    assert len(set(keys)) == len(keys)
    in_groups = [state for group in GROUPS if group.key != EVERYTHING for state in group.states]
    assert sorted(in_groups) == sorted(State)
    assert group_of("no such").key == EVERYTHING


def test_groups_are_counted() -> None:
    counts = counts_of({State.DELIVERED: 2, State.READ: 1, State.FAILED: 4})
    assert (counts[EVERYTHING], counts["arrived"], counts["failed"]) == (7, 3, 4)
    assert counts["waiting"] == 0


@pytest.mark.parametrize("text", ["", "PRIYA", "hooks.example", "Disk Full", "D-0000", "a-1"])
def test_a_text_is_found_in_what_is_shown(text: str) -> None:
    assert fits(a_delivery(), "waiting", text)
    assert not fits(a_delivery(), "failed", text)
    assert not fits(a_delivery(), EVERYTHING, "jonas")


def test_words_of_the_rest() -> None:
    assert subject(a_delivery(reason="test")) == "Test page"
    assert subject(a_delivery()) == "db-1: disk full"
    assert reason_words("fired") == "the alert fired"
    assert reason_words("step 3") == "nobody had it by escalation step 3"
    assert reason_words("test") == "somebody asked for a test page"
    assert reason_words("something newer") == "something newer"
    assert worst(["low", "critical", "high"]) == "critical"
    assert worst([]) == ""
    told = spoken(a_delivery(attempt=1, status="sent"), "BRNO-1", NOW)
    assert told == (
        "sent, critical, db-1: disk full, to Priya Nair by webhook webhook://hooks.example.org/…, "
        "queued 02:05:03 UTC, 1 attempt, by BRNO-1"
    )
