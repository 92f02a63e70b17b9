"""Events of an aggregate that were compacted out of the log, read out of the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import Event, unseal
from crisisdesk.store.archive import Archive
from crisisdesk.store.errors import Damaged
from crisisdesk.store.queries.connection import StoreUnavailable
from crisisdesk.store.queries.rows import LogEntry

Rows = Callable[[str, Sequence[Any]], list[Any]]


def older_entries(
    rows: Rows, path: Path, aggregates: Sequence[str], wanted: int, without_kind: str
) -> list[LogEntry]:
    """The newest ``wanted`` archived events of these aggregates, all at position 0, oldest first.

    Only the archive of an aggregate with a base is opened. None are left where this station began
    with a snapshot: it never had them. Raises StoreUnavailable when the archive is damaged.
    """
    if wanted <= 0:
        return []
    marks = ",".join("?" * len(aggregates))
    sql = f"SELECT agg FROM base WHERE agg IN ({marks})"  # noqa: S608
    compacted = [aggregate for (aggregate,) in rows(sql, tuple(aggregates))]
    try:
        events = [event for name in compacted for event in _told(path, name, without_kind)]
    except Damaged as error:
        raise StoreUnavailable(str(error)) from error
    events.sort(key=lambda event: event.order)
    return [LogEntry(0, event) for event in events[-wanted:]]


def _told(path: Path, aggregate: str, without_kind: str) -> list[Event]:
    # Most of a segment is about others; their envelopes need not be read.
    sign = aggregate.encode()
    told = [unseal(e.raw, e.body) for e in Archive(path).story(aggregate) if sign in e.raw]
    return [event for event in told if event.agg == aggregate and event.kind != without_kind]
