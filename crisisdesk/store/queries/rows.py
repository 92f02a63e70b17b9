"""The rows that reading gives back; named tuples, because a queue of 100,000 is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import RESTRICTED_TITLE


class AlertRow(NamedTuple):
    """One alert as a queue shows it. ``severity`` is the rank 1 to 5; times are UTC ms.

    ``hold_until`` is when the acknowledgement runs out, ``hold_asked_at`` when whoever has it was
    asked and has not answered yet, ``handed_to`` to whom it is offered, ``lapsed_by`` who had it
    last until it ran out; "" for nobody.
    """

    alert_id: str
    pos: int
    status: str
    severity: int
    title: str
    service: str
    place: str
    source: str
    group_key: str
    count: int  # type: ignore[assignment]
    owner: str
    detected_at: int
    last_seen_at: int
    acknowledged_at: int | None
    resolved_at: int | None
    sla_deadline: int
    sla_breached_at: int | None
    incident_id: str
    epoch: str
    response_ms: int | None
    hold_until: int | None = None
    hold_asked_at: int | None = None
    handed_to: str = ""
    lapsed_by: str = ""


class IncidentRow(NamedTuple):
    """One incident as a list shows it. ``severity`` is the rank 1 to 4; times are UTC ms.

    ``knowing`` are those whom a restricted one is for, one a line; "" when it is for everybody.
    """

    incident_id: str
    pos: int
    status: str
    severity: int
    title: str
    commander: str
    created_at: int
    resolved_at: int | None
    merged_into: str = ""
    knowing: str = ""

    def may_see(self, name: str) -> bool:
        """Whether somebody may read what it is about, as `Incident.may_see` says."""
        names = self.knowing.casefold().split("\n")
        return not self.knowing or name.casefold() in names

    def seen_by(self, name: str) -> IncidentRow:
        """The row as somebody may read it: of a restricted one without its title."""
        return self if self.may_see(name) else self._replace(title=RESTRICTED_TITLE)


class FeedRow(NamedTuple):
    """One event as it is stored: local position, envelope bytes, body bytes."""

    pos: int
    raw: bytes
    body: bytes


class LogEntry(NamedTuple):
    """One event with its local position, to ask for what stands before it."""

    pos: int
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardCounts:
    """How the station stands at one moment.

    ``alerts`` maps status to severity name to number, of open alerts only; ``incidents`` maps
    severity name to number of open ones; ``deliveries`` status to number. ``unowned`` and
    ``breached`` count open alerts. ``oldest_unacknowledged_at`` is UTC ms. The response times (ms)
    are of the acknowledgements of the last 24 hours, None when there were none.
    """

    alerts: dict[str, dict[str, int]] = field(default_factory=dict)
    open_alerts: int = 0
    unowned: int = 0
    breached: int = 0
    incidents: dict[str, int] = field(default_factory=dict)
    deliveries: dict[str, int] = field(default_factory=dict)
    oldest_unacknowledged_at: int | None = None
    acknowledged_24h: int = 0
    mean_response_ms: int | None = None
    median_response_ms: int | None = None


ALERT_ROW_COLUMNS = ", ".join(("agg", *AlertRow._fields[1:]))
INCIDENT_ROW_COLUMNS = ", ".join(("agg", *IncidentRow._fields[1:]))
