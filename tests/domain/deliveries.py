"""Deliveries for tests: one of any state with as little said as possible."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.delivery import Delivery

NOW = 1_770_861_902_000


def a_delivery(number: int = 1, **given: Any) -> Delivery:
    """A critical page of one alert to Priya Nair by a webhook; ``number`` makes it later."""
    filled: dict[str, Any] = {
        "delivery_id": f"D-{number:016d}",
        "alert_id": f"A-{number}",
        "epoch": "e1",
        "contact_id": "C-1",
        "contact_name": "Priya Nair",
        "method_id": "M-1",
        "channel": "webhook",
        "masked": "webhook://hooks.example.org/…",
        "severity": "critical",
        "title": f"db-{number}: disk full",
        "text": "91 %",
        "queued_at": NOW + number * 1000,
    }
    return Delivery(**(filled | given))
