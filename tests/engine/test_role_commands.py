"""Every command about roles has a handler."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.handover_brief import Brief
from crisisdesk.engine import role_commands as rc
from crisisdesk.engine.handlers import HANDLERS


def test_each_is_served() -> None:
    named: dict[str, Any] = {"incident_id": "INC-1", "role": "scribe"}
    made = [
        rc.AssumeRole(**named),
        rc.RenounceRole(**named),
        rc.OfferRole(**named, to="Bo", brief=Brief()),
        rc.AcceptRole(**named, read_back="x"),
        rc.DeclineRole(**named, reason="x"),
        rc.WithdrawRole(**named),
        rc.MindRoles(),
    ]
    assert {type(one) for one in made} <= HANDLERS.keys()
