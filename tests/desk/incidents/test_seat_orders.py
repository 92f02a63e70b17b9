"""Every order about roles and decisions is one call of the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.desk.incidents import seat_orders as orders
from crisisdesk.domain.decision import Decision

from tests.desk.incidents.desk_stand_in import Client

ONE = Decision(decision_id="DEC-1", incident_id="INC-1", title="Fail over", logged_at=0)
AT, ISO = 1_770_861_902_000, "2026-02-12T02:05:02.000Z"
IDS = ("INC-1", "DEC-1")


@pytest.mark.parametrize(
    ("order", "name", "args", "fields"),
    [
        (orders.assume("I", "r", "w", "y"), "assume_role", ("I", "r", "w", "y"), {}),
        (orders.renounce("I", "r", "w", "y"), "renounce_role", ("I", "r", "w", "y"), {}),
        (orders.offer("I", "r", "w", {"known": "k"}, 60), "offer_role",
         ("I", "r", "w", {"known": "k"}, 60), {}),
        (orders.accept("I", "r", "s"), "accept_role", ("I", "r", "s"), {}),
        (orders.decline("I", "r", "s"), "decline_role", ("I", "r", "s"), {}),
        (orders.withdraw("I", "r"), "withdraw_role", ("I", "r"), {}),
        (orders.log_decision("I", "t", {"risk": "x", "check_at": AT}), "log_decision",
         ("I", "t"), {"risk": "x", "check_at": ISO}),
        (orders.edit_decision(ONE, {"check_at": None}), "edit_decision", IDS, {"check_at": None}),
        (orders.object_to(ONE, "t", "b", "a"), "object_to_decision", (*IDS, "t", "b", "a"), {}),
        (orders.answer_objection(ONE, "o", "a"), "answer_objection", (*IDS, "o", "a"), {}),
        (orders.check_decision(ONE, {"check_at": AT}), "check_decision", IDS, {"check_at": ISO}),
        (orders.revert_decision(ONE, "y"), "revert_decision", (*IDS, "y"), {}),
    ],
)  # fmt: skip
def test_what_is_called(
    order: Callable[[Any], Any], name: str, args: tuple[Any, ...], fields: dict[str, Any]
):
    client = Client()
    order(client)
    assert client.orders == [(name, args, fields)]
