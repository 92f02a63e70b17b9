"""The orders of the workers about deliveries: all served, and named among the commands."""

from __future__ import annotations

from dataclasses import fields

from crisisdesk.engine import commands, paging_commands
from crisisdesk.engine.command import Command
from crisisdesk.engine.handlers import HANDLERS

ORDERS = [
    kind
    for kind in vars(paging_commands).values()
    if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
]


def test_each_is_served_and_stands_among_the_commands() -> None:
    assert len(ORDERS) == 12
    for kind in ORDERS:
        assert kind in HANDLERS
        assert getattr(commands, kind.__name__) is kind


def test_what_a_claim_is_asked_under_is_told_alike_everywhere() -> None:
    for kind in (paging_commands.JoinBundle, paging_commands.ChooseJoining):
        names = {field.name for field in fields(kind)}
        assert {"carrier_id", "attempt", "holder", "apart"} <= names
