"""How things are written on a terminal: times, clocks, tables."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEVERITY_WORDS = {1: "LOW", 2: "MED", 3: "HIGH", 4: "CRIT", 5: "EMER"}
NOBODY = "nobody"
_NARROW = "…"


def now_ms() -> int:
    """The time of day on this terminal, UTC ms; only for showing."""
    return time.time_ns() // 1_000_000  # noqa: TID251 - the command line's one look at the clock


def moment(at_ms: int | None) -> str:
    """``2026-02-12 02:05:02Z``; "-" for what has not happened."""
    if at_ms is None:
        return "-"
    return f"{_EPOCH + timedelta(milliseconds=at_ms // 1000 * 1000):%Y-%m-%d %H:%M:%S}Z"


def span(ms: int) -> str:
    """``mm:ss`` under an hour, then ``1 h 51``, then ``2 d 03 h``; never negative."""
    seconds = max(0, ms) // 1000
    if seconds < 3_600:
        return f"{seconds // 60:02d}:{seconds % 60:02d}"
    if seconds < 86_400:
        return f"{seconds // 3_600} h {seconds % 3_600 // 60:02d}"
    return f"{seconds // 86_400} d {seconds % 86_400 // 3_600:02d} h"


def clock(deadline_ms: int, at_ms: int) -> str:
    """What is left until a deadline, or ``+01:20 late``."""
    left = deadline_ms - at_ms
    return span(left) if left >= 0 else f"+{span(-left)} late"


def money(cents: int | None) -> str:
    """Whole cents as ``40200.00``; "-" when nobody has said."""
    return "-" if cents is None else f"{cents // 100}.{cents % 100:02d}"


def plain(text: str) -> str:
    """Text that cannot move a terminal's cursor or change its colours; lines are joined."""
    joined = " ".join(text.split())
    return "".join(c if c.isprintable() else "?" for c in joined)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], widths: dict[str, int]) -> list[str]:
    """Aligned lines with a head; a column named in ``widths`` is cut at that many characters."""
    cells = [list(heads)]
    cells.extend(
        [_cut(plain(cell), widths.get(h)) for h, cell in zip(heads, row, strict=True)]
        for row in rows
    )
    sizes = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    return [
        "  ".join(c.ljust(s) for c, s in zip(line, sizes, strict=True)).rstrip() for line in cells
    ]


def facts(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """One fact a line, the words aligned; empty ones are left out."""
    kept = [(name, value) for name, value in pairs if value]
    size = max((len(name) for name, _ in kept), default=0)
    return [f"{name.ljust(size)}  {plain(value)}" for name, value in kept]


def _cut(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else text[: width - 1] + _NARROW
