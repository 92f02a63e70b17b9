"""Commands: everything a person, a source or a worker can ask of the engine, as orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from crisisdesk.domain.event import Stored
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.command import Command
from crisisdesk.engine.exchange.ports import Mark, SignedHead
from crisisdesk.engine.exchange.snapshots import Step
from crisisdesk.engine.paging_commands import (
    ChooseDeliveries,
    ChooseJoining,
    ClaimDeliveries,
    ClaimTerms,
    JoinBundle,
    ListOverdue,
    ListQuestions,
    NoteConfirmation,
    RecheckBundle,
    RecheckDelivery,
    ReleaseDelivery,
    SettleBundled,
    SettleDelivery,
)
from crisisdesk.engine.ports import Piece

# Defined elsewhere, and commands like those below.
__all__ = [
    "Command",
    "ChooseDeliveries",
    "ChooseJoining",
    "ClaimDeliveries",
    "ClaimTerms",
    "JoinBundle",
    "ListOverdue",
    "ListQuestions",
    "NoteConfirmation",
    "RecheckBundle",
    "RecheckDelivery",
    "ReleaseDelivery",
    "SettleBundled",
    "SettleDelivery",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn(Command):
    """Take signals in; the result is a list of alert ids in the same order ("" for a no-op)."""

    signals: list[Signal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorb(Command):
    """Take over other stations' events; the result is an `engine.exchange.ports.Absorbed`."""

    events: Sequence[Stored]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlerts(Command):
    """Say that these alerts are in hand. ``epochs`` (same length, or empty) are the epochs seen,
    ``way`` by what it was said when not at a desk.

    The result are those that this person did not have before; of the others it renews the hold."""

    alert_ids: list[str]
    epochs: list[str] = field(default_factory=list)
    note: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnacknowledgeAlerts(Command):
    """Take acknowledgements back (undo)."""

    alert_ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigateAlert(Command):
    """Claim it: the work on it is one's own now, whoever had it before; acknowledges as well."""

    alert_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveAlert(Command):
    """Say that the condition is gone."""

    alert_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAlert(Command):
    """Put a resolved alert away."""

    alert_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenAlert(Command):
    """Bring a resolved or closed alert back."""

    alert_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAlert(Command):
    """Write a note into the alert's history."""

    alert_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAlert(Command):
    """Change fields of `domain.alert.EDITABLE_FIELDS`."""

    alert_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateAlert(Command):
    """Make an incident of an alert, with its commander; the result is the incident id."""

    alert_id: str
    commander: str = ""
    title: str = ""
    severity: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident(Command):
    """Declare an incident; the result is its id.

    ``reason`` says why impact or priority are other than they follow. The type of crisis follows
    from the category (None) unless it is said; "" is none. ``detected_at`` is UTC ms.
    """

    title: str
    severity: str
    description: str = ""
    category: str = "availability"
    priority: str = ""
    impact: str = ""
    commander: str = ""
    response_team: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    crisis_type: str | None = None
    detected_at: int | None = None
    reason: str = ""
    restricted: bool = False
    readers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeIncidentStatus(Command):
    """Move an incident up its ladder."""

    incident_id: str
    status: str
    resolution_summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident(Command):
    """Bring a resolved or closed incident back."""

    incident_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditIncident(Command):
    """Change fields of `domain.incident.EDITABLE_INCIDENT_FIELDS`, the commander or the team.

    ``reason`` says why impact or priority are to be other than they follow.
    """

    incident_id: str
    changes: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAlert(Command):
    """Attach an alert to an incident, or take it off."""

    incident_id: str
    alert_id: str
    linked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PostUpdate(Command):
    """Write an entry on an incident's timeline; the result is its id. ``happened_at`` UTC ms."""

    incident_id: str
    title: str
    description: str = ""
    update_type: str = "note"
    happened_at: int | None = None
    is_public: bool = False
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditUpdate(Command):
    """Change a timeline entry; what stood before stays in its history."""

    update_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveContact(Command):
    """Write a contact's whole card; an empty id makes a new one. The result is the contact id.

    ``more`` are its other fields by name (`domain.contact.MORE_FIELDS`); one left out is empty."""

    name: str
    contact_id: str = ""
    role: str = ""
    enabled: bool = True
    methods: list[dict[str, Any]] = field(default_factory=list)
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveContact(Command):
    """Take a contact out of the list."""

    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTestPage(Command):
    """Queue one test page to a contact method; the result is the delivery id."""

    contact_id: str
    method_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStationName(Command):
    """Ask what people called this station; the result is the name, "" while it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameStation(Command):
    """Give this station its name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOperator(Command):
    """Say who sits at the desk now."""

    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSound(Command):
    """The operator heard the motif of this severity."""

    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindDueAlerts(Command):
    """Do what the clocks of alerts ask for; the result is how many were minded."""

    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRejoin(Command):
    """Write down that this station was cut off and what both sides wrote meanwhile.

    ``first_seq`` to ``last_seq`` are its own events under ``origin``, ``others`` the ranges of the
    other origins ([first, last]). Times are UTC ms.
    """

    since_ms: int
    until_ms: int
    origin: str
    first_seq: int
    last_seq: int
    others: dict[str, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactLog(Command):
    """Let one piece of old events leave the log; the result is how many left."""

    piece: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceStation(Command):
    """Tell the fleet under which origin and public key (hex) this station writes now.

    Writes nothing when that is known already. The result is whether the fleet takes this key for
    that origin; False when the station no longer writes under it, or announced another key before.
    """

    origin: str
    public_key: str
    version: str
    duty_rank: int | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellReachable(Command):
    """Tell the fleet how this station's direct links are recognised and where it can be called.

    ``certificate`` is PEM, ``addresses`` are "host:port". Writes nothing when the present
    incarnation has told that already.
    """

    certificate: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallSnapshot(Command):
    """Do one step of taking the hub's snapshot."""

    alone: ClassVar[bool] = True
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOrigin(Command):
    """Go on under a fresh origin; own events behind ``agreed`` are written anew under it.

    ``agreed`` is the last place where this station's and the hub's chain of ``origin`` are the
    same. The result is the origin under which this station writes afterwards.
    """

    alone: ClassVar[bool] = True

    origin: str
    agreed: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHeads(Command):
    """Keep signed heads whose signature is good and which this log bears out."""

    alone: ClassVar[bool] = True

    heads: Sequence[SignedHead]
