"""The timeline of an incident: its updates, its events and those of its alerts as one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.decision_words import tell_decision
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import aggregate_type, apply
from crisisdesk.domain.image_reference import Reference, references
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.recovery.run_words import tell_run
from crisisdesk.domain.task import Task
from crisisdesk.domain.task_words import tell_task
from crisisdesk.domain.timeline_words import (
    alert_name,
    tell_alert,
    tell_incident,
    tell_update,
)
from crisisdesk.domain.told import Segment, Told, plain
from crisisdesk.domain.update import IncidentUpdate


class EntryKind(StrEnum):
    """Where an entry comes from."""

    NOTE = "note"
    STATUS = "status"
    CHANGE = "change"
    ALERT = "alert"
    RUN = "run"
    TASK = "task"
    DECISION = "decision"


class TimelineFilter(StrEnum):
    """The views of the timeline."""

    ALL = "all"
    NOTES = "notes"
    STATUS = "status"
    TASKS = "tasks"
    PUBLIC = "public"
    PINNED = "pinned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an entry said before it was edited. ``until`` is UTC ms, ``by`` who edited it then."""

    title: str
    description: str
    until: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the record. Times are UTC ms.

    ``order`` is its event's place in the log, for what happened in the same millisecond.
    ``key`` is the update's id or the event's. ``update_id`` is set on what a person wrote, which
    may be edited; ``revisions`` then holds what stood there before, oldest first. ``subject`` is
    the aggregate the entry is about; ``severity`` is set where it is an alert that fired,
    ``images`` are the images that a person's entry shows.
    """

    key: str
    subject: str
    happened_at: int
    logged_at: int
    author: str
    kind: EntryKind
    told: Told
    update_id: str = ""
    is_public: bool = False
    is_pinned: bool = False
    revisions: tuple[Revision, ...] = ()
    order: tuple[int, str, int] = (0, "", 0)
    severity: str = ""
    images: tuple[Reference, ...] = ()

    def passes(self, chosen: TimelineFilter) -> bool:
        """Whether a view shows it."""
        if chosen == TimelineFilter.NOTES:
            return self.kind in (EntryKind.NOTE, EntryKind.DECISION)
        if chosen == TimelineFilter.STATUS:
            return self.kind == EntryKind.STATUS
        if chosen == TimelineFilter.TASKS:
            return self.kind == EntryKind.TASK
        if chosen == TimelineFilter.PUBLIC:
            return self.is_public
        return chosen == TimelineFilter.ALL or self.is_pinned


def build_timeline(
    incident_id: str, updates: Sequence[IncidentUpdate], events: Iterable[Event]
) -> tuple[TimelineEntry, ...]:
    """The entries, oldest first: by when they happened, then when they were written down.

    ``events`` are those of the incident, of its parts, updates, tasks, decisions, alerts and runs,
    in any order and with repeats. What changed nothing (a status it had already, an acknowledgement
    twice) is left out, as are an alert's earlier epochs that had ended before it was attached.
    """
    logs = by_aggregate(events)
    own = logs.pop(incident_id, [])
    joined = [log for log in logs.values() if aggregate_type(log[0].kind) == "incident"]
    attached_at = attachments([event for log in (own, *joined) for event in log])
    entries: list[TimelineEntry] = []
    names: dict[str, str] = {}
    for aggregate, log in logs.items():
        if aggregate_type(log[0].kind) == "alert":
            told, names[aggregate] = _alert_entries(log, attached_at.get(aggregate))
            entries += told
        elif aggregate_type(log[0].kind) == "run":
            entries += _own_entries(log, Run, EntryKind.RUN, tell_run)
        elif aggregate_type(log[0].kind) == "task":
            entries += _own_entries(log, Task, EntryKind.TASK, tell_task)
        elif aggregate_type(log[0].kind) == "decision":
            entries += _own_entries(log, Decision, EntryKind.DECISION, tell_decision)
    entries += _incident_entries(own, names)
    for log in joined:
        entries += [_told_of_part(entry) for entry in _incident_entries(log, names)]
    entries += [update_entry(update, logs.get(update.update_id, [])) for update in updates]
    return in_order(entries)


def in_order(entries: Iterable[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """The entries as a timeline has them, oldest first."""
    return tuple(sorted(entries, key=_moment))


def _moment(entry: TimelineEntry) -> tuple[int, int, tuple[int, str, int], str]:
    return (entry.happened_at, entry.logged_at, entry.order, entry.key)


def by_aggregate(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Each aggregate's events in canonical order, machine decisions once."""
    logs: dict[str, list[Event]] = {}
    seen: set[tuple[str, int]] = set()
    decided: set[str] = set()
    for event in sorted(events, key=lambda e: e.order):
        if (event.origin, event.seq) in seen or event.dedup_id in decided:
            continue
        seen.add((event.origin, event.seq))
        if event.dedup_id is not None:
            decided.add(event.dedup_id)
        logs.setdefault(event.agg, []).append(event)
    return logs


def attachments(own: Iterable[Event]) -> dict[str, int]:
    """When each alert was attached first, UTC ms."""
    attached: dict[str, int] = {}
    for event in own:
        if event.kind == "incident.opened":
            for alert_id in event.body.get("alerts", ()):
                attached.setdefault(alert_id, event.at_ms)
        elif event.kind == "incident.alert_linked":
            attached.setdefault(event.body["alert_id"], event.at_ms)
    return attached


def _entry(event: Event, kind: EntryKind, told: Told, severity: str = "") -> TimelineEntry:
    return TimelineEntry(
        key=event.id,
        subject=event.agg,
        happened_at=event.at_ms,
        logged_at=event.at_ms,
        author=event.actor,
        kind=kind,
        told=told,
        order=event.order,
        severity=severity,
    )


_LADDER_KINDS = ("incident.opened", "incident.status_changed", "incident.reopened")


def _incident_entries(log: list[Event], names: Mapping[str, str]) -> list[TimelineEntry]:
    entries: list[TimelineEntry] = []
    before: Incident | None = None
    for event in log:
        state = apply(before, event)
        if not isinstance(state, Incident) or state == before:
            continue
        told = tell_incident(before, state, event, names)
        if told is not None:
            kind = EntryKind.STATUS if event.kind in _LADDER_KINDS else EntryKind.CHANGE
            entries.append(_entry(event, kind, told))
        before = state
    return entries


S = TypeVar("S", Run, Task, Decision)


def _own_entries(
    log: list[Event],
    of: type[S],
    kind: EntryKind,
    tell: Callable[[S | None, S, Event], Told | None],
) -> list[TimelineEntry]:
    """Those of a run, a task or a decision: each fact that changed it and that is worth telling."""
    entries: list[TimelineEntry] = []
    before: S | None = None
    for event in log:
        state = apply(before, event)
        if not isinstance(state, of) or state == before:
            continue
        told = tell(before, state, event)
        if told is not None:
            entries.append(_entry(event, kind, told))
        before = state
    return entries


def _told_of_part(entry: TimelineEntry) -> TimelineEntry:
    """What happened to an incident that was made part of this one, with its name in front."""
    part = (Segment(text=entry.subject, style="mono"), plain(": "))
    return replace(entry, told=replace(entry.told, line=(*part, *entry.told.line)))


def _alert_entries(log: list[Event], attached_at: int | None) -> tuple[list[TimelineEntry], str]:
    """Its entries, and what operators call it now."""
    entries: list[TimelineEntry] = []
    before: Alert | None = None
    for event in log:
        state = apply(before, event)
        if not isinstance(state, Alert) or (state == before and event.kind != "alert.noted"):
            continue
        fresh_epoch = before is None or state.epoch != before.epoch
        if fresh_epoch and attached_at is not None and event.at_ms <= attached_at:
            entries.clear()
        told = tell_alert(before, state, event)
        if told is not None:
            severity = state.severity if fresh_epoch else ""
            entries.append(_entry(event, EntryKind.ALERT, told, severity))
        before = state
    return entries, "" if before is None else alert_name(before)


def update_entry(update: IncidentUpdate, log: list[Event]) -> TimelineEntry:
    """The entry a person wrote, as its events (in canonical order) made it."""
    return TimelineEntry(
        key=update.update_id,
        subject=update.update_id,
        happened_at=update.happened_at,
        logged_at=update.logged_at,
        author=update.author,
        kind=EntryKind.STATUS if update.update_type == "status" else EntryKind.NOTE,
        told=tell_update(update),
        update_id=update.update_id,
        is_public=update.is_public and not update.hidden,
        is_pinned=update.is_pinned and not update.hidden,
        revisions=_revisions(log),
        order=log[0].order if log else (0, "", 0),
        images=() if update.hidden else references(update.description),
    )


def _revisions(log: list[Event]) -> tuple[Revision, ...]:
    """What the title and description were before each edit of either."""
    revisions: list[Revision] = []
    title = description = ""
    for event in log:
        body = event.body
        if event.kind == "update.posted":
            title, description = body["title"], body.get("description", "")
        elif event.kind == "update.edited":
            after = (body.get("title", title), body.get("description", description))
            if after != (title, description):
                revisions.append(
                    Revision(
                        title=title, description=description, until=event.at_ms, by=event.actor
                    )
                )
            title, description = after
    return tuple(revisions)
