"""What changed while a station was cut off: both sides' work on each thing, and what stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, aggregate_type
from crisisdesk.domain.split_words import attentions, deed, title_of

# Told by nobody: what machines say again and again about the same thing.
_MACHINE_KINDS = frozenset(
    {
        "alert.repeated",
        "alert.sla_prealarmed",
        "alert.related",
        "candidate.proposed",
        "candidate.joined",
        "candidate.expired",
        "candidate.merged",
        "incident.responded",
        "incident.planned",
        "incident.absorbed",
        "incident.released",
        "task.due_soon",
        "task.overdue",
        "decision.due",
        "alert.ack_held",
        "run.step_output",
    }
)
# Work that belongs to a station alone or follows from other work; never a matter of two sides.
_LEFT_OUT = ("station", "delivery", "escalation")


class Attention(IntEnum):
    """How much of the operator a line wants."""

    INFORMATION = 0
    DECISION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One time of being cut off, UTC ms.

    ``first_seq`` to ``last_seq`` are what this station wrote under ``origin`` meanwhile (none when
    last < first), ``others`` maps the other origins to what they wrote, (first, last).
    """

    split_id: str
    since_ms: int
    until_ms: int
    origin: str
    first_seq: int
    last_seq: int
    others: Mapping[str, tuple[int, int]]


def split_from(entry: Mapping[str, Any]) -> Split:
    """One entry of `domain.station.Station.splits`."""
    return Split(
        split_id=entry.get("id", ""),
        since_ms=entry["since_ms"],
        until_ms=entry["until_ms"],
        origin=entry["origin"],
        first_seq=entry["first_seq"],
        last_seq=entry["last_seq"],
        others={origin: (first, last) for origin, (first, last) in entry["others"].items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something one side did. ``at_ms`` is UTC ms, ``station`` the name of where it was done."""

    words: str
    by: str
    at_ms: int
    station: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What stands now and why, in one sentence."""

    words: str
    attention: Attention = Attention.INFORMATION


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitItem:
    """One thing that a side or both have worked on.

    ``kind`` is its aggregate type, ``subject`` its id, ``opens`` the id of what to open for it (an
    update's incident, else itself). ``findings`` come with the decisions first.
    """

    subject: str
    kind: str
    title: str
    opens: str
    mine: tuple[Deed, ...]
    theirs: tuple[Deed, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def attention(self) -> Attention:
        """The most that any of its findings wants."""
        return max((f.attention for f in self.findings), default=Attention.INFORMATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitView:
    """All of it: ``both`` sides' things, decisions first; what one side alone did is listed too.

    ``repeats`` counts machine reports that were merged and are not told one by one.
    """

    split: Split
    both: tuple[SplitItem, ...] = ()
    only_mine: tuple[SplitItem, ...] = ()
    only_theirs: tuple[SplitItem, ...] = ()
    repeats: int = 0

    @property
    def decisions(self) -> int:
        """How many things want a decision."""
        items = (*self.both, *self.only_mine, *self.only_theirs)
        return sum(item.attention == Attention.DECISION for item in items)


def what_changed(
    split: Split,
    mine: Iterable[Event],
    theirs: Iterable[Event],
    stations: Mapping[str, str],
    states: Mapping[str, State],
) -> SplitView:
    """The view of one split.

    ``mine`` and ``theirs`` are the events of its ranges, in any order; ``stations`` are names by
    origin; ``states`` are those after the merge, by aggregate. An aggregate without a state (a
    newer program's) is told by its id.
    """
    sides: dict[str, tuple[list[Event], list[Event]]] = {}
    repeats = 0
    for side, events in enumerate((mine, theirs)):
        for event in sorted(events, key=lambda e: e.order):
            if aggregate_type(event.kind) in _LEFT_OUT:
                continue
            if event.kind in _MACHINE_KINDS:
                repeats += 1
                continue
            sides.setdefault(event.agg, ([], []))[side].append(event)
    items = [_item(agg, *both, stations, states) for agg, both in sides.items()]
    items.sort(key=_importance)
    return SplitView(
        split=split,
        both=tuple(i for i in items if i.mine and i.theirs),
        only_mine=tuple(i for i in items if not i.theirs),
        only_theirs=tuple(i for i in items if not i.mine),
        repeats=repeats,
    )


def _importance(item: SplitItem) -> tuple[int, int, str]:
    first = min(deed.at_ms for deed in (*item.mine, *item.theirs))
    return (-item.attention, first, item.subject)


def _item(
    aggregate: str,
    mine: list[Event],
    theirs: list[Event],
    stations: Mapping[str, str],
    states: Mapping[str, State],
) -> SplitItem:
    state = states.get(aggregate)
    ids = {event.id for event in (*mine, *theirs)}
    found = [
        Finding(words=words, attention=Attention.DECISION if decide else Attention.INFORMATION)
        for words, decide in attentions(state, ids, stations)
    ]
    found.sort(key=lambda finding: -finding.attention)
    return SplitItem(
        subject=aggregate,
        kind=aggregate_type((mine or theirs)[0].kind),
        title=title_of(state) or aggregate,
        opens=getattr(state, "incident_id", "") or aggregate
        if aggregate_type((mine or theirs)[0].kind) == "update"
        else aggregate,
        mine=tuple(_deed(event, stations) for event in mine),
        theirs=tuple(_deed(event, stations) for event in theirs),
        findings=tuple(found),
    )


def _deed(event: Event, stations: Mapping[str, str]) -> Deed:
    return Deed(
        words=deed(event),
        by=event.actor,
        at_ms=event.at_ms,
        station=stations.get(event.origin, event.origin[:8]),
        event_id=event.id,
    )
