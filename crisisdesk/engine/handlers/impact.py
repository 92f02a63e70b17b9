"""What an incident's impact is taken to be when it is declared and nobody has said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.context.impact import assess_impact, figures, reasons
from crisisdesk.engine.workbench import Workbench

# What the fields of an incident hold.
_USERS_MOST, _CENTS_MOST = 2**31 - 1, 10**10 - 1
WORDS_LIMIT = 2_000


def impact_of(bench: Workbench, alerts: Sequence[Alert]) -> dict[str, Any]:
    """The impact fields for the body of ``incident.opened``; none where the catalogue is silent."""
    services = bench.at_hand.services()
    roots = [name for alert in alerts for name in services.of(alert)]
    if not roots:
        return {}
    since = min(alert.detected_at for alert in alerts)
    impact = assess_impact(roots, services.catalogue, services.topology, since, bench.now)
    if not impact.is_known:
        return {}
    out = ", ".join(dict.fromkeys(roots))
    words = "; ".join([*figures(impact), *reasons(impact)])
    told: dict[str, Any] = {
        "business_impact": f"By the catalogue, while {out} is out: {words}"[:WORDS_LIMIT]
    }
    if impact.users:
        told["user_impact_count"] = min(impact.users, _USERS_MOST)
    if impact.money_cents:
        told["financial_impact_cents"] = min(impact.money_cents, _CENTS_MOST)
    return told
