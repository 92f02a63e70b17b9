"""Asking the hub, before the first write, whether someone else has written under this origin.

The note beside the file cannot see that a whole machine was set back to an earlier snapshot: then
file and note agree, and both are old. The hub knows. When it cannot be asked and the machine was
started anew since, a new incarnation costs little and is always safe.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.engine.exchange.ports import HubAway, HubRefused, Mark
from crisisdesk.store.files import reading_connection
from crisisdesk.store.heads import hash_at
from crisisdesk.store.incarnation import look

log = logging.getLogger(__name__)

COMPARE_S = 3.0

# (origin, seq, hash at a seq) -> None when the hub holds nothing of it but this, else the last
# place where both are the same; raises HubAway and HubRefused.
Compare = Callable[[str, int, Callable[[int], bytes | None]], Mark | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivalry:
    """``agreed`` is set when another wrote behind it; ``fresh`` asks for a new origin."""

    agreed: Mark | None = None
    fresh: bool = False


def look_for_rivals(
    path: Path, compare: Compare, boot: str, within_s: float = COMPARE_S
) -> Rivalry:
    """Compare this file's own head with the hub's, for at most ``within_s`` seconds."""
    with closing(reading_connection(path)) as raw:
        found = look(raw, path, boot)
    if found.origin is None:
        # It gets a new origin anyway.
        return Rivalry()
    answers: list[Mark | None] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(_ask(path, str(found.origin), compare))
        except (HubAway, HubRefused, sqlite3.Error) as error:
            failures.append(error)

    # Of the kind that does not hold up the end of the program: the hub may never answer.
    asking = threading.Thread(target=ask, name="hub-compare", daemon=True)
    asking.start()
    asking.join(within_s)
    if answers:
        return Rivalry(agreed=answers[0], fresh=answers[0] is not None)
    why = str(failures[0]) if failures else f"it did not answer within {within_s:g} s"
    log.warning("the own log could not be compared with the hub's: %s", why)
    if found.rebooted:
        log.warning("the machine was started anew since; a new incarnation begins, to be safe")
    return Rivalry(fresh=found.rebooted)


def _ask(path: Path, origin: str, compare: Compare) -> Mark | None:
    with closing(reading_connection(path)) as raw:
        row = raw.execute("SELECT seq FROM origin_head WHERE origin = ?", (origin,)).fetchone()
        seq = 0 if row is None else int(row[0])
        return compare(origin, seq, lambda at: hash_at(raw, origin, at))
