"""Filters, and pages by key: stable while rows are added, as no offset can be."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.filters import AlertFilter, IncidentFilter
from crisisdesk.domain.incident import IncidentStatus
from crisisdesk.domain.severity import SEVERITY_RANK, IncidentSeverity
from crisisdesk.store.states import decode

T = TypeVar("T")

PAGE_LIMIT = 10_000
ALERT_SORTS = ("detected_at", "severity", "sla_deadline", "last_seen_at")
INCIDENT_SORTS = ("created_at", "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items in order, and the cursor that continues after them; None at the end."""

    items: list[T]
    next: str | None


class Where(NamedTuple):
    """Conditions joined by AND, with the values to bind."""

    conditions: list[str]
    values: list[Any]

    def text(self) -> str:
        """The conditions as SQL, true when there are none."""
        return " AND ".join(self.conditions) or "1"


class Sort(NamedTuple):
    """A sort as asked for: column, direction, and the words to write into cursors."""

    column: str
    descending: bool
    asked: str

    @classmethod
    def parse(cls, asked: str, known: tuple[str, ...]) -> Sort:
        """From a column name with "-" in front for descending; raises Malformed naming ``sort``."""
        column = asked.removeprefix("-")
        if column not in known:
            raise Malformed(
                "sort",
                f"{asked!r} is no sort",
                f"use one of {', '.join(known)}, - in front to turn",
            )
        return cls(column, asked.startswith("-"), asked)

    def order(self) -> str:
        """The ORDER BY list; the id breaks ties in the same direction."""
        way = "DESC" if self.descending else "ASC"
        return f"{self.column} {way}, agg {way}"

    def after(self, where: Where, cursor: str | None) -> None:
        """Add the condition that continues behind ``cursor``."""
        if cursor is None:
            return
        value, agg = read_cursor(self.asked, cursor)
        sign = "<" if self.descending else ">"
        where.conditions.append(f"({self.column}, agg) {sign} (?, ?)")
        where.values.extend((value, agg))


def write_cursor(asked: str, value: int, agg: str) -> str:
    """The opaque cursor behind the row with this sort value and id."""
    plain = json.dumps([asked, value, agg], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def read_cursor(asked: str, cursor: str) -> tuple[int, str]:
    """Sort value and id of a cursor; raises Malformed naming ``after`` for one not made here."""
    try:
        if not cursor.isascii() or len(cursor) > 400:
            raise ValueError(cursor[:40])
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        made_for, value, agg = json.loads(plain)
        if type(value) is not int or not isinstance(agg, str) or not -(2**63) <= value < 2**63:
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise Malformed(
            "after",
            "is no cursor of this list",
            "send the `next` of the page before, or leave it out",
        ) from error
    if made_for != asked:
        raise Malformed(
            "after",
            f"is a cursor of the order {made_for!r}",
            f"start again with the order {asked!r}",
        )
    return value, agg


def check_limit(limit: int) -> int:
    """The limit itself; raises Malformed naming it when it is out of bounds."""
    if not 1 <= limit <= PAGE_LIMIT:
        raise Malformed("limit", f"{limit} is out of bounds", f"ask for 1 to {PAGE_LIMIT}")
    return limit


def page_of(
    rows: Callable[[str, Sequence[Any]], list[Any]],
    kind: type[T],
    table: str,
    where: Where,
    sort: Sort,
    after: str | None,
    limit: int,
) -> Page[T]:
    """A page of the states in a table.

    Only keys and row numbers are ordered; the states of the page that came out are fetched then.
    """
    check_limit(limit)
    sort.after(where, after)
    sql = (
        f"SELECT t.agg, t.{sort.column}, t.state FROM (SELECT rowid AS r FROM {table} "  # noqa: S608
        f"WHERE {where.text()} ORDER BY {sort.order()} LIMIT ?) "
        f"JOIN {table} AS t ON t.rowid = r"
    )
    found = rows(sql, (*where.values, limit + 1))
    found.sort(key=lambda row: (row[1], row[0]), reverse=sort.descending)
    more = len(found) > limit
    del found[limit:]
    return Page(
        items=[decode(kind, data) for _agg, _key, data in found],
        next=write_cursor(sort.asked, found[-1][1], found[-1][0]) if more else None,
    )


def alert_where(asked: AlertFilter) -> Where:
    """The conditions of an alert filter; raises Malformed for words that do not exist."""
    where = Where([], [])
    _words(where, "status", asked.status, {s.value: s.value for s in AlertStatus})
    _words(where, "severity", asked.severity, {str(k): v for k, v in SEVERITY_RANK.items()})
    for column in ("source", "service", "owner", "incident_id"):
        if value := getattr(asked, column):
            where.conditions.append(f"{column} = ?")
            where.values.append(value)
    _search(where, asked.text, "agg||' '||title||' '||service||' '||place||' '||source||' '||owner")
    return where


# States are text kept as bytes; what no column holds is opened only when a text is looked for.
_DELIVERY_TEXT = "agg||' '||alert_id||' '||channel" + "".join(
    f"||' '||coalesce(json_extract(CAST(state AS TEXT), '$.{name}'), '')"
    for name in ("masked", "contact_name", "title", "words")
)
RETRIED = "json_extract(CAST(state AS TEXT), '$.failed_at') IS NOT NULL"


def delivery_where(
    status: Sequence[str], alert_id: str = "", text: str = "", retried: bool | None = None
) -> Where:
    """Deliveries of some statuses, of one alert, with a text in them.

    ``retried`` tells queued ones that have failed before (True) from those that never did (False).
    """
    where = Where([], [])
    if status:
        where.conditions.append(f"status IN ({','.join('?' * len(status))})")
        where.values.extend(status)
    if alert_id:
        where.conditions.append("alert_id = ?")
        where.values.append(alert_id)
    if retried is not None:
        where.conditions.append(RETRIED if retried else f"NOT {RETRIED}")
    _search(where, text, _DELIVERY_TEXT)
    return where


def incident_where(asked: IncidentFilter) -> Where:
    """The conditions of an incident filter; raises Malformed for words that do not exist."""
    where = Where([], [])
    _words(where, "status", asked.status, {s.value: s.value for s in IncidentStatus})
    _words(where, "severity", asked.severity, {s.value: s.rank for s in IncidentSeverity})
    if asked.commander:
        where.conditions.append("commander = ?")
        where.values.append(asked.commander)
    if asked.text:
        # What somebody may not read is not found by its words either.
        where.values.append(f"\n{asked.viewer}\n".casefold())
        known = "knowing='' OR instr(casefold(char(10)||knowing||char(10)), ?)"
        title = f"CASE WHEN {known} THEN title ELSE '' END"
        _search(where, asked.text, f"agg||' '||{title}||' '||commander")
    return where


def _words(where: Where, column: str, asked: tuple[str, ...], known: dict[str, Any]) -> None:
    if not asked:
        return
    for word in asked:
        if word not in known:
            raise Malformed(column, f"{word!r} is none of them", f"use {', '.join(known)}")
    where.conditions.append(f"{column} IN ({','.join('?' * len(asked))})")
    where.values.extend(known[word] for word in asked)


def _search(where: Where, text: str, columns: str) -> None:
    if text:
        # SQLite's own LIKE knows only the case of ASCII letters.
        where.conditions.append(f"instr(casefold({columns}), ?)")
        where.values.append(text.casefold())
