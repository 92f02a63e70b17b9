"""Contacts: who can be reached, and by which contact methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import overwritten
from crisisdesk.domain.quiet_hours import held_back
from crisisdesk.domain.severity import SEVERITY_RANK, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMethod:
    """One way to reach a contact. The address with its secrets lives in the secrets store under
    ``method:<method_id>``; here stand only the channel and the masked address.

    ``quiet`` are quiet hours of this method alone, in place of the contact's (None: it has those).
    ``emergency`` is for pages that nothing keeps back: it is used in quiet hours too."""

    method_id: str
    channel: str
    label: str
    masked: str
    min_severity: str = "high"
    enabled: bool = True
    quiet: list[dict[str, Any]] | None = None
    emergency: bool = False

    def takes(self, severity: str) -> bool:
        """Whether a page of this severity goes here."""
        return self.enabled and SEVERITY_RANK[severity] >= SEVERITY_RANK[self.min_severity]

    def sleeps(self, severity: str, at_ms: int, contact: Contact) -> bool:
        """Whether quiet hours keep a page of this severity from it at this moment."""
        quiet = contact.quiet if self.quiet is None else self.quiet
        return not self.emergency and held_back(quiet, contact.zone, severity, at_ms)


def kept_method(method: dict[str, Any]) -> dict[str, Any]:
    """A card's method as an order that saves the card names it to keep it, address and all."""
    return {name: value for name, value in method.items() if name not in ("channel", "masked")}


# Every card has the first four; the others stand in an event only where they say something.
FIRST_FIELDS = ("name", "role", "enabled", "methods")
MORE_FIELDS = ("zone", "locale", "quiet", "groups", "notes", "emergency")
CARD_FIELDS = (*FIRST_FIELDS, *MORE_FIELDS)
PHONES, MAILS = "phones", "mails"
# What people call the fields that have another name here.
CARD_WORDS = {
    "locale": "language",
    "quiet": "quiet hours",
    "emergency": "numbers",
    "zone": "time zone",
}
NEVER_SWALLOWED = (Severity.CRITICAL, Severity.EMERGENCY)
CONTACT_KINDS = frozenset({"contact.saved", "contact.removed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a shared address that pages can be sent to.

    ``zone`` is the IANA name of the clock they live by, ``locale`` a BCP 47 tag of their language,
    ``quiet`` their quiet hours (see `domain.quiet_hours`), ``groups`` names what they belong to.
    ``emergency`` holds what people call or write to by hand, where the engine sends nothing:
    ``{"phones": [text], "mails": [text]}``.

    ``saved_id`` is the event that last changed the card, ``set_by`` the one that last changed each
    field. ``removed_by`` took it out of the list. One that is not ``removed`` all the same was
    saved by somebody who did not know: it stays reachable, because a page to one too many is better
    than a page to nobody, until someone removes it again.
    """

    contact_id: str
    name: str
    role: str = ""
    enabled: bool = True
    removed: bool = False
    methods: list[dict[str, Any]] = field(default_factory=list)
    saved_id: str = ""
    set_by: dict[str, str] = field(default_factory=dict)
    editors: dict[str, str] = field(default_factory=dict)
    removed_by: str = ""
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""
    zone: str = ""
    locale: str = ""
    quiet: list[dict[str, Any]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    notes: str = ""
    emergency: dict[str, list[str]] = field(default_factory=dict)

    def ways(self, severity: str, at_ms: int) -> list[ContactMethod]:
        """The methods that take a page of this severity at this moment (UTC ms), as written down.

        Quiet hours that would leave no way at all for the worst severities do not count for them.
        """
        if not self.enabled or self.removed:
            return []
        taking = [m for m in (ContactMethod(**m) for m in self.methods) if m.takes(severity)]
        awake = [m for m in taking if not m.sleeps(severity, at_ms, self)]
        return taking if not awake and severity in NEVER_SWALLOWED else awake


def whole_card(
    contact: Contact, methods: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The order that saves the card as it is, or with these methods in their order.

    A method with its id and without an address (``url``) keeps the one that is stored.
    """
    kept = [kept_method(method) for method in contact.methods] if methods is None else methods
    told: dict[str, Any] = {name: getattr(contact, name) for name in CARD_FIELDS}
    return told | {"methods": [dict(method) for method in kept]}


def apply_contact(state: Contact | None, event: Event) -> Contact | None:
    """The contact after one more event.

    A save carries the whole card; ``changed`` names the fields its writer changed (all of them when
    it does not say) and ``base`` the edits of these that were seen. ``base`` in a removal is the
    ``saved_id`` that was seen.
    """
    if state is not None and state.newer_needed:
        return state
    if event.kind == "contact.saved":
        return _card(event) if state is None else _saved(state, event)
    if event.kind == "contact.removed" and state is not None:
        return _removed(state, event)
    return state


def _card(event: Event) -> Contact:
    body = event.body
    said = [name for name in CARD_FIELDS if name in FIRST_FIELDS or name in body]
    return Contact(
        contact_id=event.agg,
        name=body["name"],
        role=body.get("role", ""),
        enabled=body.get("enabled", True),
        methods=list(body.get("methods", [])),
        saved_id=event.id,
        set_by=dict.fromkeys(said, event.id),
        editors=dict.fromkeys(said, event.actor),
        **{name: body[name] for name in MORE_FIELDS if name in body},
    )


def _saved(state: Contact, event: Event) -> Contact:
    card = _card(event)
    named = event.body.get("changed", CARD_FIELDS)
    changed = [n for n in CARD_FIELDS if n in named and getattr(card, n) != getattr(state, n)]
    seen = event.body.get("base", state.set_by)
    lost = state.overwritten
    for name in changed:
        if seen.get(name, "") != state.set_by.get(name, ""):
            lost_by, value = state.editors.get(name, ""), getattr(state, name)
            lost = overwritten(lost, name, value, event, lost_by=lost_by, by=event.actor)
    values = {name: getattr(card, name) for name in changed}
    if state.removed:
        values["enabled"] = card.enabled
        values["methods"] = card.methods
    return replace(
        state,
        **values,
        removed=False,
        removed_by=state.removed_by if state.removed else "",
        saved_id=event.id,
        set_by=state.set_by | dict.fromkeys(changed, event.id),
        editors=state.editors | dict.fromkeys(changed, event.actor),
        overwritten=lost,
    )


def _removed(state: Contact, event: Event) -> Contact:
    if event.body.get("base", state.saved_id) != state.saved_id:
        return replace(state, removed_by=event.actor)
    return replace(
        state,
        enabled=False,
        removed=True,
        methods=[],
        saved_id=event.id,
        removed_by=event.actor,
    )
