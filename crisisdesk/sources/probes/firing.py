"""Signals of alerts as Prometheus and Alertmanager list them, with the keys of their webhook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from crisisdesk.domain.signal import Signal
from crisisdesk.sources import alertmanager_api
from crisisdesk.sources.rules import IntakeError, IntakeRules


def firing_signals(
    alerts: Sequence[Any],
    rules: IntakeRules,
    *,
    now: int,
    more: Mapping[str, str],
    start: str,
) -> tuple[list[Signal], int]:
    """The signals of firing alerts, and how many alerts could not be read.

    ``more`` are labels that each alert is given where it has none of that name, as Prometheus does
    with its external labels when it sends one. ``start`` names the member that tells when it began.
    The end is left out: it moves on with every answer, and an answer that does not come ends
    nothing.
    """
    signals: list[Signal] = []
    bad = 0
    for alert in alerts:
        if not isinstance(alert, Mapping):
            bad += 1
            continue
        labels = alert.get("labels")
        item = {
            "labels": {**more, **labels} if isinstance(labels, dict) else labels,
            "annotations": alert.get("annotations"),
            "startsAt": alert.get(start),
            "generatorURL": alert.get("generatorURL"),
        }
        try:
            body = orjson.dumps([item])
            signals += alertmanager_api.parse(body, rules, now_ms=now).signals
        except (IntakeError, orjson.JSONEncodeError):
            bad += 1
    return signals, bad
