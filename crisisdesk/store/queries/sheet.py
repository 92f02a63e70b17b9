"""What the emergency contact sheet needs of the station's file, put together."""

from __future__ import annotations

from datetime import tzinfo

from crisisdesk.domain.contact_sheet import Commanding, ContactSheet, sheet_of
from crisisdesk.domain.incident import DONE_STATUSES
from crisisdesk.store.queries.reader import StationReader


def read_sheet(reader: StationReader, now_ms: int, local: tzinfo) -> ContactSheet:
    """The sheet as it is now; raises `StoreUnavailable` as every question does."""
    commands = [
        Commanding(incident_id=row.incident_id, title=row.title, commander=row.commander)
        for row in reader.incident_rows()
        if row.status not in DONE_STATUSES
    ]
    return sheet_of(
        reader.contacts(),
        commands,
        reader.station().name,
        [station.name for station in reader.stations()],
        now_ms,
        local,
    )
