"""The merge rules said once more, as sets and not as a fold: slow, plain, and made to disagree.

Each function takes the events that a station knows, with what their writers had seen when they
wrote them, and says what must stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import INCIDENT_STATUS_RANK
from crisisdesk.domain.severity import IncidentSeverity


@dataclass(frozen=True, kw_only=True)
class Fact:
    """An event, and the vector of its writer at that moment (itself not in it)."""

    event: Event
    seen: dict[str, int]

    @property
    def body(self) -> dict[str, Any]:
        return self.event.body

    def saw(self, other: Fact) -> bool:
        """Whether its writer knew the other."""
        return self.seen.get(other.event.origin, 0) >= other.event.seq


Facts = list[Fact]


def of(facts: Facts, *kinds: str) -> Facts:
    """Those of these kinds, in canonical order."""
    return sorted((f for f in facts if f.event.kind in kinds), key=lambda f: f.event.order)


def alert(facts: Facts) -> dict[str, Any]:
    """Epoch, life, status, counts and acknowledgements that must stand."""
    fired = of(facts, "alert.fired")
    epoch = max((f.body["epoch"] for f in fired), key=lambda e: int(e[1:]))
    here = [f for f in facts if f.body.get("epoch") == epoch]
    reopened = of(here, "alert.reopened")
    life = 1 + len({f.body["life"] for f in reopened})
    begins = [f for f in reopened if f.body["life"] == life] or of(here, "alert.fired")
    ends = [f for f in of(here, "alert.resolved", "alert.closed") if f.body["life"] == life]
    begin, end = begins[0].event.order, ends[0].event.order if ends else None

    def within(fact: Fact) -> bool:
        return fact.event.order > begin and (end is None or fact.event.order < end)

    taken_back = {
        name
        for f in of(facts, "alert.unacknowledged")
        if within(f)
        for name in (f.body["ack_id"], *f.body.get("also", ()))
    }
    acks = [f for f in of(here, "alert.acknowledged") if within(f)]
    standing = [f for f in acks if f.event.id not in taken_back]
    who = list(dict.fromkeys(f.event.actor for f in standing))
    reports = of(facts, "alert.fired", "alert.repeated")
    status = "acknowledged" if standing else "active"
    if ends:
        status = "closed" if any(f.event.kind == "alert.closed" for f in ends) else "resolved"
    return {
        "epoch": epoch,
        "life": life,
        "status": status,
        "count": sum(f.body.get("n", 1) for f in reports if f.body["epoch"] == epoch),
        "count_total": sum(f.body.get("n", 1) for f in reports),
        "acknowledged_by": who[0] if who else "",
        "also_acknowledged_by": who[1:],
    }


def incident(facts: Facts) -> dict[str, Any]:
    """Status, life, commander, rivals and title that must stand."""
    opened = of(facts, "incident.opened")[0]
    life = 1 + len({f.body["life"] for f in of(facts, "incident.reopened")})
    changes = [f for f in of(facts, "incident.status_changed") if f.body["life"] == life]
    first = "open" if life == 1 else "investigating"
    steps = [first, *(f.body["status"] for f in changes)]
    named = of(facts, "incident.commander_named")
    newest = max((f.body["generation"] for f in named), default=1)
    leading = [f.body["commander"] for f in named if f.body["generation"] == newest]
    leading = leading or [opened.body["commander"]]
    titles = [f.body["value"] for f in of(facts, "incident.edited") if f.body["field"] == "title"]
    return {
        "life": life,
        "status": max(steps, key=INCIDENT_STATUS_RANK.__getitem__),
        "commander": leading[0],
        "rivals": sorted(set(leading) - {leading[0]}),
        "title": titles[-1] if titles else opened.body["title"],
    }


def severity(facts: Facts) -> int:
    """The rank of the incident's severity: the worst that nobody replaced knowingly."""
    edits = [f for f in of(facts, "incident.edited") if f.body["field"] == "severity"]
    last = [f for f in edits if not any(g.saw(f) for g in edits if g is not f)]
    values = [f.body["value"] for f in last] or [of(facts, "incident.opened")[0].body["severity"]]
    return max(IncidentSeverity(value).rank for value in values)


def checklist(facts: Facts) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Who did each step, the first first; and which exclusive steps were executed twice."""
    undone = {i for f in of(facts, "run.step_undone") for i in f.body["done_ids"]}
    doings = of(facts, "run.step_done")
    done: dict[str, tuple[str, ...]] = {}
    for f in doings:
        if f.event.id not in undone:
            who = done.get(f.body["step_id"], ())
            done[f.body["step_id"]] = (*dict.fromkeys((*who, f.event.actor)),)
    exclusive = [f for f in doings if f.body["step_id"] == "failover"]
    undoings = of(facts, "run.step_undone")

    def undone_before(one: Fact, other: Fact) -> bool:
        return any(
            one.event.id in u.body["done_ids"] and u.event.order < other.event.order
            for u in undoings
        )

    twice = any(
        one.event.order < other.event.order and not undone_before(one, other)
        for one in exclusive
        for other in exclusive
    )
    return done, {"failover"} if twice else set()


def silenced(facts: Facts) -> bool:
    """Only by a setting whose writer knew of every lift there is."""
    lifts = of(facts, "silence.lifted")
    return any(all(s.saw(lift) for lift in lifts) for s in of(facts, "silence.set"))
