"""What every command has in common."""

from __future__ import annotations

import dataclasses

import pytest

from crisisdesk.engine import (
    answer_commands,
    audit_commands,
    commands,
    contact_file,
    context_commands,
    correlation_commands,
    decision_commands,
    escalation_commands,
    heartbeat_commands,
    hold_commands,
    image_commands,
    incident_commands,
    loop_commands,
    outage_commands,
    paging_commands,
    playbook_commands,
    recovery_commands,
    role_commands,
    rule_commands,
    silence_commands,
    source_commands,
    task_commands,
)
from crisisdesk.engine.command import Command
from crisisdesk.engine.handlers import HANDLERS


def test_an_order_cannot_be_changed_once_it_is_given() -> None:
    order = commands.NameStation(name="North")
    with pytest.raises(dataclasses.FrozenInstanceError):
        order.name = "South"  # type: ignore[misc]


KINDS = {
    kind
    for module in (
        answer_commands,
        audit_commands,
        commands,
        contact_file,
        context_commands,
        correlation_commands,
        decision_commands,
        role_commands,
        escalation_commands,
        heartbeat_commands,
        hold_commands,
        image_commands,
        incident_commands,
        loop_commands,
        outage_commands,
        paging_commands,
        playbook_commands,
        recovery_commands,
        rule_commands,
        silence_commands,
        source_commands,
        task_commands,
    )
    for kind in vars(module).values()
    # Those that others extend are no orders themselves.
    if isinstance(kind, type) and issubclass(kind, Command) and not kind.__subclasses__()
}


def test_only_what_moves_the_whole_log_is_alone() -> None:
    alone = {kind.__name__ for kind in KINDS if kind.alone}
    assert alone == {"InstallSnapshot", "LeaveOrigin", "KeepHeads"}


def test_every_command_is_served() -> None:
    assert set(HANDLERS) == KINDS
