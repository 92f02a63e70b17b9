"""What the reader is asked about the alert that is looked at, and when to ask it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.detail import Dossier
from crisisdesk.desk.alerts.kept_words import quiet_facts
from crisisdesk.desk.alerts.next_page import next_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import StationReader


def read_dossier(
    reader: StationReader, alert_id: str, causes: Mapping[str, int], now_ms: int
) -> Dossier | None:
    """Everything about one alert; None when there is no such alert here. ``causes`` counts what
    each alert keeps quiet."""
    alert = reader.alert(alert_id)
    if alert is None:
        return None
    return Dossier(
        alert,
        reader.deliveries_of(alert_id),
        reader.log_entries([alert_id]),
        next_page(reader, alert),
        reader.candidates_of(alert_id),
        tuple(quiet_facts(alert, causes, now_ms, reader.quieting().damping())),
        reader.context_of(alert_id, now_ms),
    )


def concerns(change: Change, alert_id: str) -> bool:
    """Whether what is shown of an alert may have changed."""
    if change.deliveries_changed or alert_id in change.touched:
        return True
    return any(name.startswith(("CAN-", "CHG-", "POL-")) for name in change.touched)
