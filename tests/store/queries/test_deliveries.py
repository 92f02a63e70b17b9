"""What the board and the channels ask: answered as the pure rules would answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.channel_health import HOUR_MS, UNUSED
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_words import GROUPS, State, fits, state_of
from crisisdesk.engine import commands as c
from crisisdesk.store.projections import write_states
from crisisdesk.store.queries import StationReader

from tests.domain.deliveries import a_delivery
from tests.store.workload import START, Station

SENT = {"status": "sent", "claimed_at": START, "sent_at": START + 900, "queued_at": START}
MANY: list[dict[str, Any]] = [
    {},
    {"failed_at": START, "due_at": START + 15_000, "attempt": 1, "words": "503 busy"},
    {"status": "sending", "attempt": 1, "due_at": START},
    {"status": "bundled", "into": "D-0000000000000005", "due_at": START},
    SENT,
    {"status": "delivered", "channel": "sms", "masked": "twilio://…712"},
    {"status": "read"},
    {"status": "failed", "failed_at": START, "words": "410 GÖNE", "contact_name": "Žofie"},
    {"status": "expired"},
    {"status": "superseded"},
]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def reader(station: Station) -> Iterator[StationReader]:
    made = StationReader(station.path)
    yield made
    made.close()


def put(station: Station, *given: dict[str, Any], first: int = 1) -> list[Delivery]:
    made = [
        a_delivery(number, **({"due_at": START} if not one.get("status") else {}) | one)
        for number, one in enumerate(given, start=first)
    ]
    with sqlite3.connect(station.path) as raw:
        write_states(raw, [(one.delivery_id, 1, one) for one in made])
    raw.close()
    return made


def test_states_are_counted_retries_apart(station: Station, reader: StationReader) -> None:
    assert reader.board().counts() == {}
    made = put(station, *MANY)
    assert reader.board().counts() == {state_of(one): 1 for one in made} == dict.fromkeys(State, 1)


@pytest.mark.parametrize("text", ["", "göne", "žOFIE", "twilio", "disk", "D-00000000000000", "%"])
@pytest.mark.parametrize("group", [group.key for group in GROUPS])
def test_a_page_holds_what_the_rule_lets_in(
    station: Station, reader: StationReader, group: str, text: str
) -> None:
    made = put(station, *MANY)
    wanted = [one for one in made if fits(one, group, text)]
    wanted.sort(key=lambda one: (one.queued_at, one.delivery_id), reverse=True)
    found = reader.board().page(group, text, None, 100)
    assert found.items == wanted
    assert found.next is None


def test_pages_go_on_after_the_last_row_while_newer_ones_come(
    station: Station, reader: StationReader
) -> None:
    made = put(station, *[{}] * 5)
    first = reader.board().page("all", "", None, 2)
    assert [one.delivery_id for one in first.items] == [made[4].delivery_id, made[3].delivery_id]
    put(station, {}, first=9)
    rest = reader.board().page("all", "", first.next, 9)
    assert [one.delivery_id for one in rest.items] == [one.delivery_id for one in made[2::-1]]


def test_some_and_those_that_went_along(station: Station, reader: StationReader) -> None:
    made = put(station, *[{"into": "D-9"}] * 3, {})
    board = reader.board()
    assert board.one(made[3].delivery_id) == made[3]
    assert board.one("D-NONE") is None
    assert sorted(d.delivery_id for d in board.some([made[0].delivery_id, "x"])) == [
        made[0].delivery_id
    ]
    assert board.carried_by("D-9", 2) == (3, made[:2])
    assert board.carried_by("D-NONE") == (0, [])


def test_bad_ends_count_while_nobody_has_the_alert(station: Station, reader: StationReader) -> None:
    station.add_contact()
    alert_id = station.fire(1, first=4)[0]
    alert = reader.alert(alert_id)
    assert alert is not None
    bad = {"status": "failed", "alert_id": alert_id, "epoch": alert.epoch, "failed_at": START}
    put(
        station,
        bad,
        bad | {"status": "expired"},
        bad | {"epoch": "older"},
        bad | {"status": "sent"},
    )
    assert reader.board().unanswered() == ["emergency", "emergency"]
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    assert reader.board().unanswered() == []


def test_what_the_log_shows_of_contact_methods(station: Station, reader: StationReader) -> None:
    now = START + 30_000
    old = START - 3 * HOUR_MS
    put(
        station,
        SENT,
        SENT | {"sent_at": START + 1_900, "claimed_at": START + 1},
        {"status": "sent", "claimed_at": old, "sent_at": old, "queued_at": old},
        {"status": "failed", "failed_at": START - 5, "words": "410 gone", "queued_at": START - 10},
        {"status": "failed", "failed_at": old, "words": "older", "queued_at": old},
        {"status": "failed", "failed_at": START, "into": "D-1", "words": "went along"},
        {"failed_at": START + 1, "due_at": START + 9, "words": "503 busy", "method_id": "M-2"},
        {"method_id": "M-2"},
    )
    uses = reader.board().uses(["M-1", "M-2", "M-3"], now)
    one, two = uses["M-1"], uses["M-2"]
    assert (one.last_success, one.sent_hour, sorted(one.waits_ms)) == (
        START + 1_900,
        2,
        [900, 1_900],
    )
    assert (one.last_failure, one.failure_words, one.failed_hour) == (START - 5, "410 gone", 1)
    assert (two.waiting, two.last_failure, two.failure_words) == (2, START + 1, "503 busy")
    assert (two.last_success, two.failed_hour, one.waiting) == (None, 1, 0)
    assert uses["M-3"] == UNUSED
    later = reader.board().uses(["M-1"], now + HOUR_MS)["M-1"]
    assert (later.last_success, later.sent_hour, later.failed_hour) == (START + 1_900, 0, 0)
