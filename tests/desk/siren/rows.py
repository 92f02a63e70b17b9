"""Dossiers and messages for the tests of the siren."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crisisdesk.desk.siren.dossier import Callee, Dossier, Way
from crisisdesk.domain.delivery import Delivery

# 2026-02-12 02:09:21 UTC.
NOW = 1_770_862_161_000

PRIYA = Callee(
    contact_id="C-1",
    name="Priya Nair",
    role="Database, on call",
    tried=("push failed 02:05:34", "SMS 02:05:40, no receipt"),
    phones=("+420 555 010 142",),
)
MATEO = replace(PRIYA, contact_id="C-2", name="Mateo Ruiz", phones=("+34 1", "+34 2"))
YOU = replace(PRIYA, contact_id="C-3", name="Klára Langová", is_you=True)
DESK = replace(PRIYA, contact_id="C-4", name="Night desk", phones=(), tried=("not asked yet",))


def dossier(**changes: Any) -> Dossier:
    """Two minutes and 17 seconds late, with four to call."""
    made = Dossier(
        alert_id="A-1",
        epoch="e1",
        severity="critical",
        service="db-primary",
        title="replication stopped",
        since_ms=NOW - 137_000,
        tried="2 messages sent since 02:05:04 UTC, none delivered. Limit is 2 min.",
        people=(PRIYA, MATEO, YOU, DESK),
        ways=(Way(word="SMS", told="no receipt since 02:05:40", ink="high"),),
    )
    return replace(made, **changes)


def a_delivery(status: str, **changes: Any) -> Delivery:
    """A message to Priya Nair about A-1, queued at 02:05:04 UTC."""
    filled: dict[str, Any] = {
        "delivery_id": "D-1",
        "alert_id": "A-1",
        "epoch": "e1",
        "contact_id": "C-1",
        "contact_name": "Priya Nair",
        "method_id": "m1",
        "channel": "mailto",
        "masked": "p***",
        "severity": "critical",
        "title": "replication stopped",
        "text": "",
        "queued_at": NOW - 257_000,
    }
    return Delivery(**(filled | changes), status=status)
