"""What the channel map says of a column, a row and what can be done, as functions of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.survivability import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.survivability import ChannelMap, MapColumn, MapRow

OUT, SUPPOSED, SUSPECTED = "out", "supposed out", "suspected"


class Face(NamedTuple):
    """The word of a state, its mark and its tone: "critical", "stale" or ""."""

    word: str
    mark: str
    tone: str


NOTHING = Face("", "", "")
FACES: dict[str, Face] = {
    OUT: Face(OUT, "circle-x", "critical"),
    SUPPOSED: Face(SUPPOSED, "circle-help", "stale"),
    SUSPECTED: Face(SUSPECTED, "triangle-alert", "stale"),
}


def face_of(column: MapColumn) -> Face:
    """How a dependency stands; `NOTHING` for one that counts as there."""
    if column.taken is not None:
        return FACES[OUT]
    if column.supposed:
        return FACES[SUPPOSED]
    return FACES[SUSPECTED] if column.suspicion is not None else NOTHING


def column_words(column: MapColumn, now_ms: int) -> str:
    """Why a dependency stands as it does, in sentences."""
    if (taken := column.taken) is not None:
        of = "" if taken.said else f" ({taken.reason})"
        words = f"Out for {span_words(now_ms - taken.since)}, {taken.because()}{of}."
        if taken.until is not None:
            words += f" Over by itself in {span_words(taken.until - now_ms)}."
        elif taken.incident_id:
            words += f" Over with {taken.incident_id}."
        return words
    if column.supposed:
        return "Supposed to be out: the map shows what would follow. Nothing was changed."
    if column.suspicion is not None:
        return (
            f"May be out: {column.suspicion.words()}. It counts as there until somebody says so;"
            " critical and emergency pages go by a second way that does not need it."
        )
    return "Counts as there."


def needing(found: ChannelMap, dependency: str) -> str:
    """Which channels need it."""
    names = [row.name for row in found.rows if dependency in row.needs]
    if not names:
        return "No channel in use needs it."
    return f"{_capital(listed(names))} need{'s' if len(names) == 1 else ''} it."


def row_words(row: MapRow) -> str:
    """Whom a channel reaches, and who of them has another way left."""
    if not row.contacts:
        return "nobody uses it"
    people = "1 contact" if row.contacts == 1 else f"{row.contacts} contacts"
    if row.arrives:
        return people
    left = row.contacts - row.saved
    return f"{people}, {left} with no other way" if left else f"{people}, all with another way"


def spoken_row(row: MapRow, columns: Sequence[MapColumn]) -> str:
    """A channel for a screen reader."""
    arrives = "arrives" if row.arrives else f"does not arrive without {listed(row.missing)}"
    needs = listed([column.dependency for column in columns if column.dependency in row.needs])
    return f"{row.name}, {arrives}, {row.verdict}, {row_words(row)}, needs {needs or 'nothing'}"


def spoken_column(column: MapColumn, found: ChannelMap) -> str:
    """A dependency for a screen reader."""
    word = face_of(column).word or "there"
    return f"{column.dependency}, {word}. {needing(found, column.dependency)}"


def outage_words(found: ChannelMap) -> str:
    """What is out and why, of all dependencies, "" for nothing."""
    return "; ".join(
        f"{column.dependency} is out, {column.taken.because()}"
        for column in found.columns
        if column.taken is not None
    )


def supposing_words(found: ChannelMap) -> str:
    """What is only supposed, "" for nothing."""
    names = [c.dependency for c in found.columns if c.supposed and c.taken is None]
    return (
        f"Supposing that {listed(names)} {'is' if len(names) == 1 else 'are'} out" if names else ""
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
