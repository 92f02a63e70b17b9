"""What the crisis routes take: strict bodies in which an unknown field is an error."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from crisisdesk.api.schemas import (
    AlertStatus,
    AlertType,
    Category,
    Impact,
    IncidentSeverity,
    IncidentStatus,
    Priority,
    Severity,
    Time,
    UpdateType,
)
from crisisdesk.domain.contact import MORE_FIELDS
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, KEY_LIMIT, TITLE_LIMIT

PAGE_LIMIT = 500
BULK_LIMIT = 1_000
_MONEY = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,2})?")

Title = Annotated[str, Field(min_length=1, max_length=TITLE_LIMIT)]
Text = Annotated[str, Field(max_length=DESCRIPTION_LIMIT)]
Name = Annotated[str, Field(min_length=1, max_length=150)]
MaybeName = Annotated[str, Field(max_length=150)]
Id = Annotated[str, Field(min_length=1, max_length=64)]
Epoch = Annotated[str, Field(max_length=64)]
Short = Annotated[str, Field(max_length=512)]
Reason = Annotated[str, Field(max_length=2_000)]
CrisisType = Annotated[str, Field(max_length=60)]
Money = Annotated[str, Field(pattern=rf"^{_MONEY.pattern}$")]


class Order(BaseModel):
    """A body that is taken as it stands or not at all."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}

    def refuse_null(self, *allowed: str) -> None:
        """Raises Malformed for a field sent as null that has to have a value."""
        for name in sorted(self.model_fields_set):
            if getattr(self, name) is None and name not in allowed:
                raise Malformed(name, "is null", "send a value, or leave it out")


class AlertNew(Order):
    """An alert raised by a person or a script. The same ``source_system`` and ``key`` mean the same
    alert; without a key each post makes a new one."""

    title: Title
    severity: Severity
    description: str | None = None
    alert_type: AlertType | None = None
    source_system: Annotated[str, Field(max_length=100)] | None = None
    detection_method: str | None = None
    key: Annotated[str, Field(max_length=KEY_LIMIT)] | None = None
    group_key: Annotated[str, Field(max_length=KEY_LIMIT)] | None = None
    service: Short | None = None
    place: Short | None = None
    url: str | None = None
    labels: dict[str, str] | None = None
    affected_systems: Annotated[list[str], Field(max_length=200)] | None = None
    impact_scope: dict[str, Any] | None = None
    technical_details: dict[str, Any] | None = None
    starts_at: Time | None = None
    note: str | None = None


class AlertPatch(Order):
    """Either a new ``status`` (with the ``reason`` of a resolve or reopening, the ``epoch`` seen of
    an acknowledgement), or new values of other fields; not both at once."""

    status: AlertStatus | None = None
    reason: Text | None = None
    epoch: Epoch | None = None
    severity: Severity | None = None
    title: Title | None = None
    description: Text | None = None
    alert_type: AlertType | None = None
    affected_systems: Annotated[list[Short], Field(max_length=200)] | None = None
    impact_scope: dict[str, Any] | None = None


class Acknowledge(Order):
    """``epoch`` is the occurrence that was seen: a newer one is then not acknowledged blindly."""

    note: Text = ""
    epoch: Epoch = ""


class BulkAcknowledge(Order):
    """``epochs``, when sent, has one entry for each alert."""

    alert_ids: Annotated[list[Id], Field(min_length=1, max_length=BULK_LIMIT)]
    epochs: Annotated[list[Epoch], Field(max_length=BULK_LIMIT)] = []
    note: Text = ""


class BulkUnacknowledge(Order):
    """Which acknowledgements to take back."""

    alert_ids: Annotated[list[Id], Field(min_length=1, max_length=BULK_LIMIT)]


class Note(Order):
    """A note for the history."""

    text: Annotated[str, Field(min_length=1, max_length=DESCRIPTION_LIMIT)]


class Escalate(Order):
    """What of the incident differs from what its alert suggests."""

    incident_commander: MaybeName = ""
    title: Annotated[str, Field(max_length=TITLE_LIMIT)] = ""
    severity: IncidentSeverity | None = None
    category: Category | None = None


class IncidentNew(Order):
    """An incident; without a commander the operator commands. Without a type of crisis ("": none)
    it follows from the category; ``reason`` says why priority or impact are other than they follow.
    ``readers`` may read a restricted one besides those who work on it."""

    title: Title
    severity: IncidentSeverity
    description: Text = ""
    category: Category = "availability"
    priority: Priority | None = None
    impact: Impact | None = None
    incident_commander: MaybeName = ""
    response_team: Annotated[list[Name], Field(max_length=100)] = []
    alerts: Annotated[list[Id], Field(max_length=BULK_LIMIT)] = []
    crisis_type: CrisisType | None = None
    detected_at: Time | None = None
    reason: Reason = ""
    restricted: bool = False
    readers: Annotated[list[Name], Field(max_length=100)] = []


class IncidentPatch(Order):
    """Either a new ``status`` (with ``resolution_summary``, or the ``reason`` of a reopening), or
    new values of other fields; not both at once. A priority or an impact other than it follows
    needs a ``reason``; the value that follows takes it back."""

    status: IncidentStatus | None = None
    reason: Text | None = None
    title: Title | None = None
    description: Text | None = None
    severity: IncidentSeverity | None = None
    category: Category | None = None
    crisis_type: CrisisType | None = None
    priority: Priority | None = None
    impact: Impact | None = None
    incident_commander: MaybeName | None = None
    response_team: Annotated[list[Name], Field(max_length=100)] | None = None
    communication_lead: MaybeName | None = None
    user_impact_count: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    business_impact: Text | None = None
    financial_impact: Money | None = None
    root_cause: Text | None = None
    resolution_summary: Text | None = None
    lessons_learned: Text | None = None


class UpdateNew(Order):
    """A timeline entry; ``happened_at`` is now unless said otherwise."""

    title: Title
    description: Text = ""
    update_type: UpdateType = "note"
    happened_at: Time | None = None
    is_public: bool = False
    is_pinned: bool = False


class UpdatePatch(Order):
    """New values of a timeline entry; the old ones stay in its history."""

    title: Title | None = None
    description: Text | None = None
    is_public: bool | None = None
    is_pinned: bool | None = None
    hidden: bool | None = None


class QuietIn(Order):
    """A span of the week in which only pages of ``min_severity`` and worse come. ``days`` count
    from 0, Monday, and are those on which it begins; ``to`` may be ``24:00``."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    days: list[Annotated[int, Field(ge=0, le=6)]] = [0, 1, 2, 3, 4, 5, 6]
    start: Annotated[str, Field(alias="from", max_length=5)]
    end: Annotated[str, Field(alias="to", max_length=5)]
    min_severity: Severity = "critical"


QuietHours = Annotated[list[QuietIn], Field(max_length=14)]


class MethodIn(Order):
    """A contact method. ``url`` is its address with its secrets, taken and never given back; an
    existing method (by ``method_id``) without one keeps its own. ``quiet`` stands in place of the
    contact's quiet hours; one for ``emergency`` has none at all."""

    method_id: Annotated[str, Field(max_length=50)] = ""
    label: MaybeName = ""
    min_severity: Severity = "high"
    enabled: bool = True
    quiet: QuietHours | None = None
    emergency: bool = False
    url: SecretStr | None = Field(default=None, json_schema_extra={"writeOnly": True})


Reach = Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=10)]


class EmergencyIn(Order):
    """What people call or write to by hand; nothing is sent there."""

    phones: Reach = []
    mails: Reach = []


class ContactIn(Order):
    """A contact's whole card. ``zone`` is an IANA name, ``locale`` a BCP 47 tag; quiet hours go by
    the clock of the zone."""

    name: Name
    role: MaybeName = ""
    enabled: bool = True
    methods: Annotated[list[MethodIn], Field(max_length=20)] = []
    zone: Annotated[str, Field(max_length=64)] = ""
    locale: Annotated[str, Field(max_length=64)] = ""
    quiet: QuietHours = []
    groups: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=20)] = []
    notes: Annotated[str, Field(max_length=2_000)] = ""
    emergency: EmergencyIn = EmergencyIn()

    def more(self) -> dict[str, Any]:
        """The optional fields by name, as a card keeps them."""
        told = self.model_dump(by_alias=True, include=set(MORE_FIELDS))
        return {name: told[name] for name in MORE_FIELDS}


class StationIn(Order):
    """The station's name, the operator who takes the chair, or both."""

    name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    operator: Name | None = None


class Listing(Order):
    """Paging: ``after`` is the ``next`` of the page before."""

    model_config = ConfigDict(extra="forbid", strict=False)

    after: Annotated[str, Field(max_length=400)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = 100


class AlertListing(Listing):
    """Which alerts, in which order ("-" in front: descending)."""

    status: list[AlertStatus] = []
    severity: list[Severity] = []
    source: Short = ""
    service: Short = ""
    owner: Short = ""
    incident: Short = ""
    q: Short = ""
    sort: Annotated[str, Field(pattern="^-?(detected_at|severity|sla_deadline|last_seen_at)$")] = (
        "-detected_at"
    )


class IncidentListing(Listing):
    """Which incidents, in which order."""

    status: list[IncidentStatus] = []
    severity: list[IncidentSeverity] = []
    commander: Short = ""
    q: Short = ""
    sort: Annotated[str, Field(pattern="^-?(created_at|severity)$")] = "-created_at"


class UpdateListing(Listing):
    """The timeline's order."""

    sort: Annotated[str, Field(pattern="^-?happened_at$")] = "happened_at"


class NotificationListing(Listing):
    """Which pages, newest first."""

    status: list[str] = []
    alert: Annotated[str, Field(max_length=64)] = ""


def cents_of(money: str | None) -> int | None:
    """Whole cents of decimal text such as ``1200.50``; raises Malformed for anything else."""
    if money is None:
        return None
    try:
        if _MONEY.fullmatch(money):
            return int(Decimal(money) * 100)
    except InvalidOperation:
        pass  # said below
    raise Malformed("financial_impact", "is no amount", 'send text like "1200.50"')
