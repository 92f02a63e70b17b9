"""The rows of the command palette: actions found, in their groups, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.frame.match import match

if TYPE_CHECKING:
    from collections.abc import Sequence

ALSO = "Seen under another name"


class PaletteAction(NamedTuple):
    """One thing the desk can do.

    ``keys`` are parted by blanks ("Shift E"); ``group`` is its section; ``also`` are other words
    people look for it under; ``enabled`` False shows it greyed with ``detail`` as the reason.
    """

    key: str
    title: str
    detail: str = ""
    keys: str = ""
    icon: str = ""
    group: str = "Anywhere"
    also: tuple[str, ...] = ()
    enabled: bool = True


class PaletteRow(NamedTuple):
    """A section head (``action`` None) or an action with the letters that were met."""

    head: str = ""
    action: PaletteAction | None = None
    at: tuple[int, ...] = ()


def find(actions: Sequence[PaletteAction], query: str) -> list[PaletteRow]:
    """The rows for a query: groups in the order given, best match first within each.

    Actions met only under another name come last, with that name told.
    """
    groups: dict[str, list[tuple[int, PaletteAction, tuple[int, ...]]]] = {}
    other: list[tuple[int, PaletteAction]] = []
    for action in actions:
        groups.setdefault(action.group, [])
        found = match(query, action.title)
        if found is not None and (found.score > 0 or not query.strip()):
            groups[action.group].append((found.score, action, found.at))
            continue
        scores = [hit.score for word in action.also if (hit := match(query, word)) is not None]
        if scores and max(scores) > 0:
            other.append((max(scores), action))
    rows: list[PaletteRow] = []
    for name, hits in groups.items():
        if hits:
            rows.append(PaletteRow(head=name))
            hits.sort(key=lambda hit: -hit[0])
            rows.extend(PaletteRow(action=action, at=at) for _, action, at in hits)
    if other:
        rows.append(PaletteRow(head=ALSO))
        other.sort(key=lambda hit: -hit[0])
        rows.extend(
            PaletteRow(action=action._replace(detail="also found as: " + ", ".join(action.also)))
            for _, action in other
        )
    return rows
