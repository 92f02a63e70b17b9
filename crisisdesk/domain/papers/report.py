"""The report of an incident: what it was, who did what and when, as a document and as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.amounts import count_words, money_words, span_words
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.decision_words import decision_facts
from crisisdesk.domain.incident_channels import channel_words, channels_of
from crisisdesk.domain.incident_record import Standing
from crisisdesk.domain.papers.document import Block, Document, Facts, Heading, Pair, Table, Text
from crisisdesk.domain.papers.images import (
    Found,
    image_blocks,
    image_data,
    images_said,
    numbers_of,
)
from crisisdesk.domain.papers.times import iso, moment_words, stamp
from crisisdesk.domain.roles import ALWAYS, role_seats
from crisisdesk.domain.timeline import TimelineEntry

FORMAT = 1
_TEXTS = (
    ("description", "What happened"),
    ("business_impact", "What it did to the business"),
    ("root_cause", "Root cause"),
    ("resolution_summary", "How it ended"),
    ("lessons_learned", "Lessons learned"),
)
_TIME_FIELDS = ("created_at", "first_response_at", "resolved_at", "closed_at")


def incident_report(
    stood: Standing, at_ms: int, local: tzinfo, found: Found | None = None
) -> Document:
    """The report as of ``at_ms`` (UTC ms); ``local`` is the reader's zone, ``found`` are the images
    that its entries show, as far as they are here."""
    incident, numbers = stood.incident, numbers_of(stood.entries)
    blocks: list[Block] = [Facts(pairs=_facts(stood, at_ms))]
    for name, word in _TEXTS:
        text = getattr(incident, name)
        if text:
            blocks += [Heading(text=word), Text(text=text)]
    decisions = [e for e in stood.entries if _is_decision(stood, e)]
    if decisions:
        blocks += [Heading(text="Decisions"), timeline_table(decisions, numbers)]
    blocks += _decisions(stood)
    if stood.alerts:
        blocks += [Heading(text="Alerts"), _alerts(stood.alerts)]
    blocks += [Heading(text="Timeline"), timeline_table(stood.entries, numbers)]
    blocks += image_blocks(stood.entries, found or {})
    return Document(
        title=f"{incident.incident_id}: {incident.title}",
        under=f"As it stood on {moment_words(at_ms, local)}",
        mark=incident.severity.upper(),
        foot="Times are UTC. A fact stands at the time at which it happened.",
        blocks=blocks,
    )


def _decisions(stood: Standing) -> list[Block]:
    """The decision log, each with what is known of it."""
    blocks: list[Block] = []
    for one in stood.decisions:
        status = "" if one.stands else ", reverted"
        blocks += [
            Heading(text=f"Decision of {stamp(one.logged_at)}{status}: {one.title}"),
            Facts(pairs=decision_facts(one)),
        ]
    return blocks


def _is_decision(stood: Standing, entry: TimelineEntry) -> bool:
    update = stood.updates.get(entry.update_id)
    return update is not None and update.update_type == "decision" and not update.hidden


def _facts(stood: Standing, at_ms: int) -> list[Pair]:
    i = stood.incident
    ended = i.resolved_at
    lasted = span_words((at_ms if ended is None else ended) - i.created_at)
    responded = i.first_response_at
    pairs = (
        ("Status", str(i.status)),
        ("Severity", f"{i.severity}, {i.priority.upper()}, {i.impact} impact"),
        ("Category", i.category.replace("_", " ")),
        ("Declared", f"{stamp(i.created_at)} by {i.created_by or 'nobody'}"),
        (
            "First response",
            "" if responded is None else f"after {span_words(responded - i.created_at)}",
        ),
        (
            "Resolved",
            f"not yet, open for {lasted}" if ended is None else f"{stamp(ended)}, after {lasted}",
        ),
        ("Closed", stamp(i.closed_at)),
        ("Commander", i.commander or "nobody"),
        ("Communication lead", i.communication_lead),
        *(
            (seat.word, ", ".join(h.who for h in seat.holders))
            for seat in role_seats(i)
            if seat.role not in ALWAYS
        ),
        ("Response team", ", ".join(i.response_team)),
        *(("Channel", channel_words(one)) for one in channels_of(i)),
        ("Users affected", count_words(i.user_impact_count) if i.user_impact_count else ""),
        ("Money lost", money_words(i.financial_impact_cents) or ""),
    )
    return [(word, text) for word, text in pairs if text]


def _alerts(alerts: tuple[Alert, ...]) -> Table:
    rows = [
        (a.alert_id, a.severity, str(a.status), a.service, a.title)
        for a in sorted(alerts, key=lambda a: a.alert_id)
    ]
    return Table(
        heads=("Alert", "Severity", "Status", "Service", "What"),
        rows=rows,
        shares=(20, 12, 14, 16, 38),
    )


def timeline_table(
    entries: tuple[TimelineEntry, ...] | list[TimelineEntry],
    numbers: Mapping[str, int] | None = None,
) -> Table:
    """Entries oldest first, with who wrote them and what was edited.

    ``numbers`` are those under which their images stand below.
    """
    return Table(
        heads=("When", "Who", "What"),
        rows=[(stamp(e.happened_at), e.author, _entry_words(e, numbers or {})) for e in entries],
        shares=(22, 18, 60),
    )


def _entry_words(entry: TimelineEntry, numbers: Mapping[str, int]) -> str:
    marks = [word for word, on in (("public", entry.is_public), ("pinned", entry.is_pinned)) if on]
    if entry.logged_at // 1000 - entry.happened_at // 1000 > 0:
        marks.append(f"written {stamp(entry.logged_at)}")
    if entry.revisions:
        marks.append(f"edited {len(entry.revisions)}×")
    tail = f" ({', '.join(marks)})" if marks else ""
    detail = f"\n{entry.told.detail}" if entry.told.detail else ""
    images = f"\n{images_said(entry, numbers)}" if entry.images else ""
    return f"{entry.told.plain}{tail}{detail}{images}"


def incident_data(stood: Standing, at_ms: int, found: Found | None = None) -> dict[str, Any]:
    """The same as plain data (JSON): times as ISO 8601, money in whole cents, images by their hash.

    ``format`` counts up when a field changes its meaning or goes.
    """
    incident = asdict(stood.incident)
    incident |= {name: iso(incident[name]) for name in _TIME_FIELDS}
    return {
        "format": FORMAT,
        "as_of": iso(at_ms),
        "incident": incident,
        "alerts": [
            {
                "alert_id": a.alert_id,
                "severity": a.severity,
                "status": str(a.status),
                "service": a.service,
                "title": a.title,
                "labels": dict(a.labels),
            }
            for a in stood.alerts
        ],
        "decisions": [_decision_data(one) for one in stood.decisions],
        "timeline": [_entry_data(entry) for entry in stood.entries],
        "images": image_data(found or {}),
    }


def _decision_data(decision: Decision) -> dict[str, Any]:
    told = asdict(decision)
    return told | {name: iso(told[name]) for name in ("logged_at", "check_at", "ended_at")}


def _entry_data(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "about": entry.subject,
        "kind": str(entry.kind),
        "happened_at": iso(entry.happened_at),
        "logged_at": iso(entry.logged_at),
        "author": entry.author,
        "text": entry.told.plain,
        "detail": entry.told.detail,
        "images": [{"id": s.image_id, "caption": s.caption} for s in entry.images],
        "is_public": entry.is_public,
        "is_pinned": entry.is_pinned,
        "withdrawn": entry.told.withdrawn,
        "before": [
            {"title": r.title, "description": r.description, "until": iso(r.until), "by": r.by}
            for r in entry.revisions
        ],
    }
