"""The read-only side of the station's file: what screens and the API may ask."""

from __future__ import annotations

from crisisdesk.domain.filters import AlertFilter, IncidentFilter
from crisisdesk.store.queries.paging import Page
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
