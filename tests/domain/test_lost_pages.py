"""A page is known to be lost when it failed for good, or when its way needs what is out."""

from __future__ import annotations

import pytest

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.lost_pages import lost_at, message_of
from crisisdesk.domain.outages import TakenOut

from tests.store.queries.test_reached import a_delivery
from tests.store.workload import START

NEEDS = Dependencies()
QUEUED = START + 20
LATER = START + 5_000
OUT = {"dns": TakenOut(dependency="dns", said=True, since=LATER)}


def test_one_that_was_given_up_is_lost_since_then() -> None:
    assert lost_at(a_delivery("D-1", "A-1", status="failed", failed_at=LATER), NEEDS, {}) == LATER
    assert lost_at(a_delivery("D-1", "A-1", status="expired"), NEEDS, {}) == QUEUED


@pytest.mark.parametrize("status", ["queued", "sending", "bundled", "sent", "superseded"])
def test_any_other_may_arrive_while_nothing_it_needs_is_out(status: str) -> None:
    one = a_delivery("D-1", "A-1", status=status, channel="email", masked="mailto://…")
    assert lost_at(one, NEEDS, {}) is None
    assert lost_at(one, NEEDS, {"aws": OUT["dns"]}) is None
    assert lost_at(one, NEEDS, OUT) == LATER


def test_one_queued_while_it_was_out_is_lost_from_its_beginning() -> None:
    one = a_delivery("D-1", "A-1", channel="email", masked="mailto://…", queued_at=LATER + 9)
    assert lost_at(one, NEEDS, OUT) == LATER + 9
    both = OUT | {"internet": TakenOut(dependency="internet", said=True, since=LATER + 90)}
    assert lost_at(one, NEEDS, both) == LATER + 9, "the first that was out is enough"


def test_the_rule_gets_what_it_asks() -> None:
    one = a_delivery("D-1", "A-1", status="failed", failed_at=LATER)
    told = message_of(one, "sent", NEEDS, {})
    assert (told.epoch, told.status, told.queued_at) == ("e1", "failed", QUEUED)
    assert (told.carrier, told.lost_at) == ("sent", LATER)
