"""The ring of lines of logs: the newest of each log are kept, within a share of the budget.

A log that says much gives way before one that says little, so that a rule about a quiet log can
still be tried when a loud one has filled the ring.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.redaction import redact

# Characters of one line, and lines in all.
LINE_CHARS = 4_000
LINES_KEPT = 200_000
# The part of the budget that lines may take.
LINES_SHARE = 8
# What a line takes beside its text: its row, its name and its place in the index.
_BESIDE = 64
_LOUDEST = (
    f"SELECT name, count(*) FROM line GROUP BY name "  # noqa: S608
    f"ORDER BY total(length(CAST(text AS BLOB)) + {_BESIDE}) DESC, name LIMIT 1"
)


def cut(line: Line) -> tuple[int, str, str]:
    """A line as it is kept: secrets masked; what is no text (a lone surrogate) is shown as such."""
    # Masked before it is cut: a secret that the cut went through would not be known as one.
    text = redact(line.text[: 2 * LINE_CHARS])
    text = text.encode("utf-8", "backslashreplace").decode()
    return line.at, line.name, text[:LINE_CHARS]


class LineRing:
    """Lets go of the lines that came first of whatever log takes most; ``bytes`` is about what
    those that are kept take."""

    def __init__(self, raw: sqlite3.Connection, budget_bytes: int) -> None:
        self._raw = raw
        self._limit = budget_bytes // LINES_SHARE
        count, size = raw.execute(
            "SELECT count(*), total(length(CAST(text AS BLOB))) FROM line"
        ).fetchone()
        self.count, self.bytes = int(count), int(size) + _BESIDE * int(count)

    def add(self, lines: Iterable[tuple[int, str, str]]) -> None:
        """Write lines and let go of as many as no longer fit, in the transaction that is open."""
        rows = list(lines)
        self._raw.executemany("INSERT INTO line (at, name, text) VALUES (?, ?, ?)", rows)
        self.count += len(rows)
        self.bytes += sum(_size(text) for _, _, text in rows)
        while self.count > LINES_KEPT or self.bytes > self._limit:
            self._drop(max(100, self.count // 20))

    def _drop(self, some: int) -> None:
        name, count = self._raw.execute(_LOUDEST).fetchone()
        some = min(some, (count + 1) // 2)
        oldest = self._raw.execute(
            "SELECT id, text FROM line WHERE name = ? ORDER BY id LIMIT ?", (name, some)
        )
        rows: Sequence[tuple[int, str]] = oldest.fetchall()
        gone = (name, rows[-1][0])
        self._raw.execute("DELETE FROM line WHERE name = ? AND id <= ?", gone)
        self.count -= len(rows)
        self.bytes -= sum(_size(text) for _, text in rows)


def _size(text: str) -> int:
    return len(text.encode()) + _BESIDE
