"""What the room reads: one delivery's whole story, what needs somebody, how channels do."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.comms_room.reading import (
    Bad,
    Told,
    Unread,
    guarded,
    read_bad,
    read_channels,
    read_first,
    read_told,
)
from crisisdesk.domain.channel_health import Verdict
from crisisdesk.engine import commands as c
from crisisdesk.store.queries import StoreUnavailable

from tests.desk.comms_room.conftest import OF_EVERY_STATE, Shelf
from tests.domain.deliveries import NOW


def asked(shelf: Shelf, question: Any) -> Any:
    found: list[Any] = []
    shelf.desk.ask(question, found.append)
    return found[0]


def told(shelf: Shelf, delivery_id: str) -> Told:
    found = asked(shelf, read_told(delivery_id, NOW))
    assert isinstance(found, Told)
    return found


def test_a_story_names_the_station_and_ends_with_the_next_method(shelf: Shelf) -> None:
    shelf.station.do(c.NameStation(name="BRNO-1"))
    contact = shelf.station.add_contact()
    shelf.station.fire(1, first=4)
    [real] = asked(shelf, lambda reader: reader.deliveries())
    shelf.station.do(c.ClaimDeliveries(per_method=1))
    first = told(shelf, real.delivery_id)
    assert [passage.words for passage in first.passages] == [
        "Queued for Jonas Weber: the alert fired",
        "Attempt 1 by BRNO-1: handed to the provider",
    ]
    assert (first.station, first.contact_has, first.delivery.contact_id) == (
        "BRNO-1",
        True,
        contact,
    )
    assert first.alert is not None
    assert asked(shelf, read_told("D-NONE", NOW)) is None


def test_a_bundle_tells_what_it_carried_and_who_carried_it(shelf: Shelf) -> None:
    carrier, first, second = shelf.put(
        {"status": "sent"},
        *[{"status": "sent", "into": "D-0000000000000001"}] * 2,
    )
    whole = told(shelf, carrier.delivery_id)
    assert (whole.carries, list(whole.carried)) == (2, [first, second])
    assert whole.passages[-1].words == "Its message told of 2 other pages too"
    assert told(shelf, first.delivery_id).carrier == carrier
    assert not whole.contact_has


def test_what_needs_somebody(shelf: Shelf) -> None:
    assert asked(shelf, read_bad) == Bad(0, "")
    shelf.station.add_contact()
    alert = asked(shelf, lambda reader: reader.alert(shelf.station.fire(1, first=4)[0]))
    bad = {"status": "failed", "alert_id": alert.alert_id, "epoch": alert.epoch}
    shelf.put(bad, bad)
    assert asked(shelf, read_bad) == Bad(2, "emergency")


def test_the_board_opens_with_counts(shelf: Shelf) -> None:
    shelf.put(*OF_EVERY_STATE)
    first = asked(shelf, read_first("failed", ""))
    assert [one.status for one in first.page.items] == ["failed"]
    assert sum(first.counts.values()) == len(OF_EVERY_STATE)


def test_channels_are_those_of_the_contacts(shelf: Shelf) -> None:
    shelf.station.add_contact()
    found = asked(shelf, read_channels(NOW))
    [line] = found.lines
    assert (line.verdict, line.contacts, found.untried) == (Verdict.UNUSED, 1, 1)


def test_only_a_file_that_cannot_be_read_becomes_an_answer(shelf: Shelf) -> None:
    def fails(_: object) -> None:
        raise StoreUnavailable("station.db is locked")

    assert asked(shelf, guarded(fails)) == Unread("station.db is locked")
    assert asked(shelf, guarded(lambda _: 7)) == 7
