"""A document of the catalogue out of CSV: a line of heads, then a service or a table's row each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from crisisdesk.domain.context.catalogue import KIND, ROWS_LIMIT
from crisisdesk.domain.errors import Malformed

DELIMITERS = ",;\t"
LISTS = ("depends_on", "regions")
NUMBERS = ("users", "availability_days", "recovery_minutes")
SERVICE_HEADS = (
    "service",
    "owner",
    "team",
    "tier",
    "depends_on",
    "regions",
    "users",
    "money_per_minute",
    "runbook",
    "dashboard",
    "availability",
    "availability_days",
    "recovery_minutes",
)
TABLE_HEADS = ("value", "service", "owner", "team", "runbook")


def content_of(text: str, label: str = "") -> dict[str, Any]:
    """The content in a CSV text: services, or with ``label`` the table of what its values mean.

    Lists stand in one cell, parted by ``|`` or blanks. Raises Malformed naming line and head.
    """
    known = TABLE_HEADS if label else SERVICE_HEADS
    rows: dict[str, Any] = {}
    for number, cells in _lines(text, known):
        key = cells.pop(known[0], "")
        if not key:
            raise Malformed(f"line {number}", f"has no {known[0]}", "fill it in")
        if key in rows:
            raise Malformed(f"line {number}", f"names {key} again", "write it once")
        if len(rows) == ROWS_LIMIT:
            raise Malformed("file", f"has more than {ROWS_LIMIT} lines", "split it")
        rows[key] = {name: _value(name, cell, number) for name, cell in cells.items() if cell}
    if not rows:
        raise Malformed("file", "holds no line below its heads", "add one")
    if label:
        return {"kind": KIND, "tables": [{"label": label, "rows": rows}]}
    return {"kind": KIND, "services": rows}


def _lines(text: str, known: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, cells by head) of each line that is not empty."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise Malformed("file", "is empty", f"begin with a line of heads: {', '.join(known)}")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(lines, delimiter=delimiter)
    heads: list[str] = []
    try:
        for cells in reader:
            told = [cell.strip() for cell in cells]
            if not any(told):
                continue
            if not heads:
                heads = _heads(told, known)
                continue
            if len(told) > len(heads):
                problem = f"has {len(told)} cells and the heads are {len(heads)}"
                raise Malformed(f"line {reader.line_num}", problem, "quote what holds a comma")
            yield reader.line_num, dict(zip(heads, told, strict=False))
    except csv.Error as error:
        raise Malformed(f"line {reader.line_num}", f"is no CSV ({error})", "mend it") from error


def _heads(cells: list[str], known: tuple[str, ...]) -> list[str]:
    heads = [cell.casefold().replace(" ", "_") for cell in cells]
    for head in heads:
        if head not in known:
            raise Malformed("heads", f"{head!r:.60} is none", f"use {', '.join(known)}")
    if known[0] not in heads or len(set(heads)) != len(heads):
        raise Malformed("heads", f"need {known[0]}, and each once", f"use {', '.join(known)}")
    return heads


def _value(name: str, cell: str, number: int) -> Any:
    if name in LISTS:
        return [one for one in cell.replace("|", " ").split() if one]
    if name in NUMBERS:
        plain = cell.replace(" ", "").replace("_", "")
        if not plain.isascii() or not plain.isdigit() or len(plain) > 12:
            raise Malformed(f"line {number}, {name}", f"{cell!r:.40} is no number", "write digits")
        return int(plain)
    return cell
