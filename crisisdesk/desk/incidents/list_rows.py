"""Incidents as lines of the list: open ones first, parts below their whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.faces import severity_name
from crisisdesk.domain.incident import DONE_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crisisdesk.store.queries import IncidentRow


class Line(NamedTuple):
    """A row of the list: an incident, or with ``row`` None the head of a band.

    ``whole`` is the id of the incident that it is a part of, "" for none; ``below`` says that it
    stands below that one.
    """

    key: str
    word: str = ""
    quiet: str = ""
    row: IncidentRow | None = None
    whole: str = ""
    below: bool = False


def is_done(row: IncidentRow) -> bool:
    """Resolved or closed."""
    return row.status in DONE_STATUSES


def whole_row(row: IncidentRow, by_id: Mapping[str, IncidentRow]) -> IncidentRow:
    """What it is a part of, through all merges that are known; itself when it is none.

    In a ring the one that was declared first stands, as `domain.incident_parts.whole_of` says.
    """
    way, seen = [row], {row.incident_id}
    while (into := way[-1].merged_into) and (following := by_id.get(into)) is not None:
        if into in seen:
            ring = way[[one.incident_id for one in way].index(into) :]
            return min(ring, key=lambda one: (one.created_at, one.incident_id))
        way.append(following)
        seen.add(into)
    return way[-1]


def arrange(rows: Iterable[IncidentRow], text: str) -> list[Line]:
    """Open ones by severity, ended ones by age, those that match ``text`` in every word.

    A part stands below its whole, or marked on its own where the text hides that one.
    """
    by_id = {row.incident_id: row for row in rows}
    words = text.casefold().split()
    shown = {n: r for n, r in by_id.items() if all(w in _haystack(r) for w in words)}
    heads: list[tuple[IncidentRow, str]] = []
    parts: dict[str, list[IncidentRow]] = {}
    for name, row in shown.items():
        whole = whole_row(row, by_id).incident_id
        if whole == name:
            heads.append((row, ""))
        elif whole in shown:
            parts.setdefault(whole, []).append(row)
        else:
            heads.append((row, whole))
    led = [one for one in heads if not is_done(one[0])]
    done = [one for one in heads if is_done(one[0])]
    led.sort(key=lambda one: (-one[0].severity, -one[0].created_at))
    done.sort(key=lambda one: -(one[0].resolved_at or one[0].created_at))
    lines = []
    for word, band in (("Open", led), ("Ended", done)):
        if band:
            lines.append(Line(key=word, word=word, quiet=str(len(band))))
        for row, whole in band:
            lines.append(Line(key=row.incident_id, row=row, whole=whole))
            below = sorted(parts.get(row.incident_id, []), key=lambda r: r.created_at)
            name = row.incident_id
            lines += [Line(r.incident_id, row=r, whole=name, below=True) for r in below]
    return lines


def _haystack(row: IncidentRow) -> str:
    severity = severity_name(row.severity)
    return f"{row.incident_id} {row.title} {row.commander} {row.status} {severity}".casefold()


def spoken(line: Line) -> str:
    """A line for the screen reader."""
    row = line.row
    if row is None:
        return f"{line.word}, {line.quiet}"
    led = row.commander or "nobody commands"
    words = [severity_name(row.severity), row.status, row.title, led, row.incident_id]
    words += [f"part of {line.whole}"] * bool(line.whole) + ["restricted"] * bool(row.knowing)
    return ", ".join(words)
