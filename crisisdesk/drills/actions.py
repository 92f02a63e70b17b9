"""What can happen in a scenario: plain typed actions, each at a moment, by an actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crisisdesk.domain.signal import Signal

Receipt = Literal["delivered", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A source reports: the alert ``name`` fires, fires again, or is over, as ``signal`` says."""

    name: str
    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Somebody takes alerts in hand."""

    alerts: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigate:
    """Somebody looks into an alert."""

    alert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Somebody says that a condition is gone."""

    alert: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Somebody puts an alert away."""

    alert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Somebody writes into an alert's history."""

    alert: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Somebody makes the incident ``incident`` of an alert."""

    alert: str
    incident: str
    commander: str = ""
    title: str = ""
    severity: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somebody attaches an alert to an incident."""

    alert: str
    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Somebody writes on an incident's timeline; ``seen_ms`` before the moment it happened."""

    incident: str
    title: str
    description: str = ""
    update_type: str = "note"
    is_public: bool = False
    is_pinned: bool = False
    seen_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Somebody moves an incident up its ladder."""

    incident: str
    status: str
    resolution_summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Somebody changes fields of an incident."""

    incident: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody sits down at the desk and hears its sounds."""

    operator: str
    sounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody changed a service."""

    summary: str
    service: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Somebody begins the run ``run`` of a procedure, for an incident or for none ("")."""

    procedure: str
    run: str
    incident: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoStep:
    """Somebody says that a step of a run is done, or answers it."""

    run: str
    step: str
    answer: str = ""
    note: str = ""


Action = (
    Report
    | Acknowledge
    | Investigate
    | Resolve
    | Close
    | Note
    | Escalate
    | Link
    | Update
    | Advance
    | Edit
    | Seat
    | Change
    | Begin
    | DoStep
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action at ``at_ms`` from the end of the scenario (negative: before), by ``actor``.

    ``entry`` is where in the file it was written.
    """

    at_ms: int
    actor: str
    action: Action
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a sealed contact method answers a page: after ``after_ms``, in the provider's ``words``.

    One that ``refuses`` takes none; every ``stumble_every``-th page (0: never) fails at first with
    ``stumble_words`` and goes through at the second attempt. ``receipt`` is what the provider says
    of a message right after it took it: delivered, read, or nothing ("").
    """

    words: str = "accepted"
    after_ms: int = 700
    refuses: bool = False
    stumble_every: int = 0
    stumble_words: str = ""
    receipt: Receipt | Literal[""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A contact method of the scenario, with the address that its secret would be."""

    method_id: str
    channel: str
    label: str
    url: str
    masked: str
    min_severity: str
    answer: Answer = field(default_factory=Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A policy or schedule of the scenario. ``content`` names contacts where a station has ids."""

    name: str
    content: dict[str, Any]

    def with_ids(self, contacts: Mapping[str, str]) -> dict[str, Any]:
        """The content with the ids (by name) of the playing station; KeyError for a stranger."""
        found: dict[str, Any] = _with_ids(self.content, contacts)
        return found


def _with_ids(value: Any, contacts: Mapping[str, str], field: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_ids(inner, contacts, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_ids(inner, contacts, field) for inner in value]
    return contacts[value] if field in ("contact", "members") else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact of the scenario; ``phones`` are to be called by hand."""

    name: str
    role: str
    ways: tuple[Way, ...]
    phones: tuple[str, ...] = ()
