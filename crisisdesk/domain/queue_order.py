"""Where an alert stands in the queue: its band, its sort key, and whether a filter shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

RESOLVED_KEPT_MS = 3_600_000
Order = Literal["clock", "severity", "newest", "service"]
ORDERS: tuple[Order, ...] = ("clock", "severity", "newest", "service")
Grouping = Literal["", "group", "service", "source"]
GROUPINGS: tuple[Grouping, ...] = ("", "group", "service", "source")

# A key is one float, since floats compare fastest: 2 bits band, 46 bits place within it, exact
# up to 2**53. Milliseconds since 1970 need 43 bits until the year 2248, a severity 3 more.
BAND_STEP = 2.0**47
_TIME_TOP = 2**43 - 1


class Band(IntEnum):
    """Who has it: the first order of the queue."""

    NOBODY = 0
    IN_HAND = 1
    WATCHING = 2
    RESOLVED = 3


class QueueRow(Protocol):
    """What the queue reads of an alert's row; times are UTC ms, ``severity`` the rank 1 to 5."""

    @property
    def alert_id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def severity(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def group_key(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def owner(self) -> str: ...
    @property
    def detected_at(self) -> int: ...
    @property
    def acknowledged_at(self) -> int | None: ...
    @property
    def resolved_at(self) -> int | None: ...
    @property
    def sla_deadline(self) -> int: ...
    @property
    def incident_id(self) -> str: ...


_LOW = SEVERITY_RANK[Severity.LOW]
SEVERITY_NAME: dict[int, str] = {rank: str(name) for name, rank in SEVERITY_RANK.items()}
_BAND_OF: dict[str, Band] = {
    AlertStatus.ACTIVE: Band.NOBODY,
    AlertStatus.ACKNOWLEDGED: Band.IN_HAND,
    AlertStatus.INVESTIGATING: Band.IN_HAND,
    AlertStatus.RESOLVED: Band.RESOLVED,
    AlertStatus.CLOSED: Band.RESOLVED,
}
_BASE_OF: dict[str, float] = {str(s): band * BAND_STEP + 1 for s, band in _BAND_OF.items()}
_WATCHED_BASE = Band.WATCHING * BAND_STEP + 1


def band_of(row: QueueRow) -> Band:
    """The band of a row: low severities that nobody took are watched, not waited for."""
    band = _BAND_OF[row.status]
    return Band.WATCHING if band is Band.NOBODY and row.severity == _LOW else band


def is_past(row: QueueRow, now_ms: int) -> bool:
    """Whether it was over more than an hour ago and leaves the queue."""
    over = row.resolved_at
    return (
        over is not None
        and over <= now_ms - RESOLVED_KEPT_MS
        and _BAND_OF[row.status] is Band.RESOLVED
    )


def sort_key(row: QueueRow, order: Order) -> float:
    """A number that is smaller for what comes first.

    ``clock``: what waits by its deadline, severity breaking ties; what is in hand has no clock of
    its own, so the worst comes first and among equals the one taken first; what is resolved by the
    latest. The other orders keep the bands and change what is within them.
    """
    status, severity = row.status, row.severity
    base, mild = _BASE_OF[status], 5 - severity
    if status == "active":
        if severity == _LOW:
            base = _WATCHED_BASE
        if order == "clock":
            return base + row.sla_deadline * 8.0 + mild
    elif order == "clock":
        if _BAND_OF[status] is Band.IN_HAND:
            return base + mild * 2.0**43 + (row.acknowledged_at or row.detected_at)
        return base + (_TIME_TOP - (row.resolved_at or 0))
    if order == "severity":
        return base + mild * 2.0**43 + row.sla_deadline
    if order == "newest":
        return base + (_TIME_TOP - row.detected_at)
    word = row.service.lower().encode("ascii", "replace")[:5].ljust(5, b"\0")
    return base + int.from_bytes(word, "big") * 8.0 + mild


def haystack(row: QueueRow) -> str:
    """All the text of a row that a filter's plain words look through, in lower case."""
    return (
        f"{row.alert_id}\n{SEVERITY_NAME[row.severity]}\n{row.service}\n{row.title}\n{row.place}\n"
        f"{row.source}\n{row.owner or 'nobody'}\n{row.incident_id}\n{row.group_key}"
    ).lower()


def group_of(row: QueueRow, grouping: Grouping) -> str:
    """The name of the group a row belongs to; its id where nothing names one."""
    if grouping == "source":
        return row.source or row.alert_id
    if grouping == "service":
        return row.service or row.alert_id
    return row.group_key or row.service or row.alert_id


_FIELDS: dict[str, Callable[[QueueRow], str]] = {
    "sev": lambda row: SEVERITY_NAME[row.severity],
    "severity": lambda row: SEVERITY_NAME[row.severity],
    "source": lambda row: row.source,
    "service": lambda row: row.service,
    "owner": lambda row: row.owner or "nobody",
    "place": lambda row: row.place,
    "where": lambda row: row.place,
    "status": lambda row: row.status,
    "is": lambda row: row.status,
    "incident": lambda row: row.incident_id or "none",
    "group": lambda row: row.group_key,
}
FILTER_FIELDS = tuple(_FIELDS)
_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter text taken apart.

    Plain words must all be found somewhere in the row. ``field:value`` must be found in that field
    (``owner:nobody``, ``incident:none``); ``-`` before either turns it round. ``sev:high+`` means
    that severity or worse, ``owner:"K. L"`` a value with a blank. A word with an unknown field is
    a plain word.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    tests: tuple[Callable[[QueueRow], bool], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Filter:
        """Take a text apart; an empty one lets everything through."""
        words: list[str] = []
        without: list[str] = []
        tests: list[Callable[[QueueRow], bool]] = []
        for token in _TOKEN.findall(text.lower()):
            wanted = not (token.startswith("-") and len(token) > 1)
            token = (token if wanted else token[1:]).replace('"', "")
            field, colon, value = token.partition(":")
            if colon and field in _FIELDS:
                if value:
                    tests.append(_field_test(field, value, wanted))
            else:
                (words if wanted else without).append(token)
        return cls(tuple(words), tuple(without), tuple(tests))

    def __bool__(self) -> bool:
        return bool(self.words or self.without or self.tests)

    def lets(self, row: QueueRow, hay: str) -> bool:
        """Whether a row with this haystack is shown."""
        return (
            all(word in hay for word in self.words)
            and not any(word in hay for word in self.without)
            and all(test(row) for test in self.tests)
        )


def _field_test(field: str, value: str, wanted: bool) -> Callable[[QueueRow], bool]:
    read = _FIELDS[field]
    if field in ("sev", "severity"):
        ranks = {
            SEVERITY_RANK[name] for name in SEVERITY_RANK if name.startswith(value.rstrip("+"))
        }
        if value.endswith("+") and ranks:
            ranks = set(range(min(ranks), len(SEVERITY_RANK) + 1))
        return lambda row: (row.severity in ranks) is wanted
    return lambda row: (value in read(row).lower()) is wanted
