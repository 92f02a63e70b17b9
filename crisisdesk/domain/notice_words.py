"""What a desktop notice says, in one line of title and one of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from crisisdesk.domain.queue_order import SEVERITY_NAME
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

# What a person can do with a notice: press it, or its button.
OPEN, ACKNOWLEDGE = "default", "acknowledge"
TITLE_LIMIT = 120
BODY_LIMIT = 240
_MINUTE_MS = 60_000


class Stage(IntEnum):
    """How far an alert that nobody has is with its time to be acknowledged."""

    NEW = 1
    SOON_LATE = 2
    LATE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One notice. ``key`` names it for replacing and taking back.

    ``alert_id`` is "" for a summary. ``severity`` is a rank, 1 to 5. ``lasts_ms`` None means until
    it is taken back. ``quiet`` corrects what stands there and calls nobody.
    """

    key: str
    alert_id: str
    title: str
    body: str
    severity: int
    lasts_ms: int | None
    quiet: bool = False

    @property
    def grave(self) -> bool:
        """Critical or worse."""
        return self.severity >= SEVERITY_RANK[Severity.CRITICAL]


class Told(Protocol):
    """What the words need of an alert; times are UTC ms."""

    @property
    def alert_id(self) -> str: ...
    @property
    def severity(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def sla_deadline(self) -> int: ...


def alert_notice(row: Told, stage: Stage, lasts_ms: int | None, now_ms: int) -> Notice:
    """The notice of one alert that nobody has."""
    severity = SEVERITY_NAME[row.severity].capitalize()
    late = {Stage.NEW: "", Stage.SOON_LATE: ", soon late", Stage.LATE: ", late"}[stage]
    if stage is Stage.LATE:
        words = "nobody has acknowledged it in time"
    elif stage is Stage.SOON_LATE:
        left = max(1, -(-(row.sla_deadline - now_ms) // _MINUTE_MS))
        words = f"nobody has it, {left} min left"
    else:
        words = "nobody has it yet"
    where = one_line(row.service, TITLE_LIMIT)
    body = f"{where}: {words}." if where else f"{words[0].upper()}{words[1:]}."
    return Notice(
        key=row.alert_id,
        alert_id=row.alert_id,
        title=one_line(f"{severity}{late}: {row.title}", TITLE_LIMIT),
        body=one_line(body, BODY_LIMIT),
        severity=row.severity,
        lasts_ms=lasts_ms,
    )


def summary_notice(
    key: str, counts: Mapping[int, int], lasts_ms: int | None, *, quiet: bool
) -> Notice:
    """The notice of all alerts without one; ``counts`` maps severity rank to number, none zero."""
    total = sum(counts.values())
    parts = [f"{counts[rank]} {SEVERITY_NAME[rank]}" for rank in sorted(counts, reverse=True)]
    noun, have = ("alert waits", "it") if total == 1 else ("alerts wait", "them")
    return Notice(
        key=key,
        alert_id="",
        title=f"{total} more {noun}: {', '.join(parts)}",
        body=f"Nobody has {have} yet.",
        severity=max(counts),
        lasts_ms=lasts_ms,
        quiet=quiet,
    )


def one_line(text: str, limit: int) -> str:
    """Printable text on one line of at most ``limit`` characters.

    A bus carries neither NUL nor half a character, and text of a source may turn its direction.
    """
    whole = text[: limit * 4].encode("utf-8", "replace").decode("utf-8")
    shown = " ".join("".join(c if c.isprintable() else " " for c in whole).split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1].rstrip()}…"
