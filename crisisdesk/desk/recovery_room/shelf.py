"""The lines of the room's list: runs under way, what fits, the library, what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.times import when_words
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.recovery_room.reading import Board, RunLine
    from crisisdesk.domain.recovery.procedure import Procedure

RUN, PROCEDURE, HEAD = "run", "procedure", "head"


class ShelfLine(NamedTuple):
    """A line; ``kind`` is `RUN`, `PROCEDURE` or `HEAD`. ``due_at`` is a running clock (UTC ms) or
    None; ``tone`` and ``icon`` are its face, ``name`` the run's id or the procedure's name."""

    key: str
    kind: str
    title: str
    name: str = ""
    quiet: str = ""
    aside: str = ""
    tone: str = ""
    icon: str = ""
    due_at: int | None = None
    incident_id: str = ""


def shelf_lines(board: Board, text: str, now_ms: int) -> list[ShelfLine]:
    """Open runs, late ones and those that wait for this operator first; then what fits the open
    incidents, the library, what has ended; of each those that have every word of ``text``."""
    words = text.casefold().split()
    fitting = {fit.procedure.name for fit in board.fits}
    rest = [one for one in board.library if one.name not in fitting]
    bands = (
        ("Under way", [_run_line(one, now_ms) for one in board.runs]),
        (
            "For what is open",
            [
                _procedure_line(fit.procedure, fit.incident.incident_id, fit.incident.title)
                for fit in board.fits
            ],
        ),
        ("Library", [*map(_procedure_line, rest), *map(_newer_line, board.newer)]),
        ("Ended", [_run_line(one, now_ms) for one in board.ended]),
    )
    found: list[ShelfLine] = []
    for word, lines in bands:
        shown = [one for one in lines if all(w in _haystack(one) for w in words)]
        if shown:
            found.append(ShelfLine(f"head {word}", HEAD, word, quiet=str(len(shown))))
            found += shown
    return found


def _haystack(line: ShelfLine) -> str:
    return f"{line.title} {line.name} {line.quiet} {line.incident_id} {line.aside}".casefold()


def _run_line(line: RunLine, now_ms: int) -> ShelfLine:
    turn = line.turn
    if line.ended_at is not None:
        tone = {"succeeded": "ok", "rolled_back": "stale"}.get(line.verdict, "down")
        icon = {"succeeded": "circle-check", "rolled_back": "undo-2"}.get(line.verdict, "circle-x")
        quiet = f"{turn.words}, {when_words(line.ended_at, now_ms)}"
        return ShelfLine(
            line.run_id, RUN, line.title, line.run_id, quiet, "", tone, icon, None, line.incident_id
        )
    tone, icon = _face(line)
    quiet = f"{turn.title}: {turn.words}" if turn.title else turn.words
    aside = f"{line.done} of {line.total}"
    return ShelfLine(
        line.run_id, RUN, line.title, line.run_id, quiet, aside, tone, icon,
        turn.due_at, line.incident_id,
    )  # fmt: skip


def _face(line: RunLine) -> tuple[str, str]:
    turn = line.turn
    if turn.is_late:
        return "down", "clock-alert"
    if turn.who == "you":
        return ("high", "stamp") if turn.is_approval else ("high", "user")
    if turn.who == "another":
        return "", "users"
    return ("", "play") if turn.who == "station" else ("stale", "circle-help")


def _procedure_line(one: Procedure, incident_id: str = "", title: str = "") -> ShelfLine:
    told = [f"for {title}" if title else type_words(one), f"{len(one.steps)} steps"]
    if one.estimated_ms:
        told.append(f"about {span_words(one.estimated_ms)}")
    return ShelfLine(
        key=f"procedure {one.name}",
        kind=PROCEDURE,
        title=one.name,
        name=one.name,
        quiet=" · ".join(told),
        icon="book-open-check",
        incident_id=incident_id,
    )


def _newer_line(name: str) -> ShelfLine:
    return ShelfLine(
        key=f"newer {name}",
        kind=PROCEDURE,
        title=name,
        quiet="written by a newer program; update this one to read it",
        tone="stale",
        icon="circle-help",
    )


def type_words(one: Procedure) -> str:
    """What incidents it is for: ``data, critical and worse``."""
    kind = "any incident" if one.incident_type == "any" else one.incident_type.replace("_", " ")
    return f"{kind}, {one.severity_level} and worse"


def spoken(line: ShelfLine) -> str:
    """A line for the screen reader."""
    return ", ".join(part for part in (line.title, line.quiet, line.aside) if part)


def needing(runs: Iterable[RunLine]) -> int:
    """How many runs need this operator."""
    return sum(one.turn.who == "you" for one in runs)
