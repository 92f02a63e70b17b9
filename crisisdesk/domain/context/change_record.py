"""A recorded change: that somebody or something changed a service, such as a deploy.

It is a fact of its own, told once: its id is made of what was said, so that a sender that repeats
itself, or two stations that hear the same, record one. Times are UTC ms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.event import Event
from crisisdesk.domain.ids import change_id_of

RECORDED = "change.recorded"
CHANGE_KINDS = frozenset({RECORDED})
SUMMARY_LIMIT = 1_024
NAME_LIMIT = 200
KEY_LIMIT = 512
URL_LIMIT = 2_000
LINKS_LIMIT = 10
DETAILS_LIMIT = 20
DETAIL_CHARS = 300
# Without a time of its own a repeat within this span is the same change.
REPEAT_MS = 10 * 60_000
# A sender's clock may be ahead by so much; what lies further in the future happened now.
AHEAD_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """What one sender says: ``at`` is when it happened (None: it did not say), ``key`` its own name
    of this change ("" for none), ``links`` are (address, words), ``details`` short texts."""

    summary: str
    service: str = ""
    source: str = ""
    at: int | None = None
    author: str = ""
    key: str = ""
    links: tuple[tuple[str, str], ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedChange:
    """One change. ``service`` and ``source`` are "" when nobody said; ``links`` have ``url`` and
    ``text``. ``recorded_at`` is when the station heard of it."""

    change_id: str
    summary: str
    service: str = ""
    source: str = ""
    author: str = ""
    at: int
    links: list[dict[str, str]] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    recorded_at: int
    recorded_by: str = ""
    newer_needed: str = ""


def identity(report: ChangeReport, at: int) -> str:
    """The id of a report that happened at ``at``; its own key goes before everything else."""
    if report.key:
        said: dict[str, Any] = {"source": report.source, "key": report.key}
    else:
        said = {
            "source": report.source,
            "service": report.service,
            "summary": report.summary,
            "at": at,
        }
    return change_id_of(hashlib.sha256(canonical_bytes(said)).digest())


def happened_at(report: ChangeReport, now: int) -> int:
    """When it happened: as told, but not in the future and not before 1970."""
    told = report.at
    return told if told is not None and 0 <= told <= now + AHEAD_MS else now


def identities(report: ChangeReport, now: int) -> tuple[str, ...]:
    """The ids under which it may be known; a new one is recorded under the first.

    Who says no time is heard in spans of `REPEAT_MS`; a repeat may come just after a span ended.
    """
    if report.key or (report.at is not None and happened_at(report, now) == report.at):
        return (identity(report, happened_at(report, now)),)
    span = now // REPEAT_MS
    return identity(report, span * REPEAT_MS), identity(report, (span - 1) * REPEAT_MS)


def body_of(report: ChangeReport, at: int) -> dict[str, Any]:
    """The body of its event; what is empty is left out."""
    told = {
        "summary": report.summary,
        "service": report.service,
        "source": report.source,
        "author": report.author,
        "at": at,
        "links": [{"url": url, "text": text} for url, text in report.links],
        "details": dict(report.details),
    }
    return {name: value for name, value in told.items() if value or name == "at"}


def apply_change(state: RecordedChange | None, event: Event) -> RecordedChange | None:
    """The state after one more event: the first recording says all there is to say."""
    if state is not None or event.kind != RECORDED:
        return state
    body = event.body
    return RecordedChange(
        change_id=event.agg,
        summary=body["summary"],
        service=body.get("service", ""),
        source=body.get("source", ""),
        author=body.get("author", ""),
        at=body["at"],
        links=list(body.get("links", [])),
        details=dict(body.get("details", {})),
        recorded_at=event.at_ms,
        recorded_by=event.actor,
    )
