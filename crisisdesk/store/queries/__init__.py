"""The read-only side of the station's file: what screens and the API may ask."""

from __future__ import annotations

from crisisdesk.store.queries.paging import AlertFilter, IncidentFilter, Page
from crisisdesk.store.queries.reader import StationReader, StoreUnavailable
from crisisdesk.store.queries.rows import (
    AlertRow,
    DashboardCounts,
    FeedRow,
    IncidentRow,
    LogEntry,
)

__all__ = [
    "AlertFilter",
    "AlertRow",
    "DashboardCounts",
    "FeedRow",
    "IncidentFilter",
    "IncidentRow",
    "LogEntry",
    "Page",
    "StationReader",
    "StoreUnavailable",
]
