"""The audit of people: who is proven reachable, and what keeps the others from it.

Proof is a page, or a test page, that a provider took within the last 30 days. It is no proof that
anybody read it; it is what the log can show without asking anybody anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.channel_health import UNUSED, Channels, Use, provider_of
from crisisdesk.domain.contact import PHONES, Contact, ContactMethod
from crisisdesk.domain.quiet_hours import zone_of

DAY_MS = 24 * 3_600_000
PROVEN_FOR_MS = 30 * DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One contact. ``proven_at`` (UTC ms) is when a provider last took something for it;
    ``findings`` are sentences, the worst first."""

    contact_id: str
    name: str
    role: str
    proven_at: int | None
    is_proven: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Every contact that is in use: those not proven first, then those with findings, by name."""

    people: tuple[Audited, ...]

    @property
    def unproven(self) -> int:
        """How many are not proven reachable."""
        return sum(not one.is_proven for one in self.people)

    @property
    def headline(self) -> str:
        """ "12 of 40 people are not proven reachable"."""
        if not self.people:
            return "Nobody is there to be reached"
        whole = len(self.people)
        if not self.unproven:
            return f"{'All' if whole > 1 else 'The'} {_people(whole)} proven reachable"
        return f"{self.unproven} of {_people(whole)} not proven reachable"


def _people(count: int) -> str:
    return "1 person is" if count == 1 else f"{count} people are"


def audit(
    contacts: Sequence[Contact], uses: Mapping[str, Use], channels: Channels, now_ms: int
) -> Audit:
    """The audit at ``now_ms``; ``uses`` are by the id of the contact method, ``channels`` what
    `channel_health.look_at` makes of both."""
    why = {one.contact_id: one.why for one in channels.stranded}
    found = [
        _audited(contact, uses, why.get(contact.contact_id, ""), now_ms)
        for contact in contacts
        if contact.enabled and not contact.removed
    ]
    found.sort(key=lambda one: (one.is_proven, not one.findings, one.name, one.contact_id))
    return Audit(people=tuple(found))


def _audited(contact: Contact, uses: Mapping[str, Use], stranded: str, now_ms: int) -> Audited:
    methods = [m for m in (ContactMethod(**m) for m in contact.methods) if m.enabled]
    taken = {m.method_id: uses.get(m.method_id, UNUSED).last_success for m in methods}
    proven_at = max((at for at in taken.values() if at is not None), default=None)
    is_proven = proven_at is not None and now_ms - proven_at <= PROVEN_FOR_MS and not stranded
    findings = [f"no working channel: {stranded}"] if stranded else []
    if proven_at is None and methods:
        findings.append("nothing was ever sent to them")
    elif proven_at is not None and now_ms - proven_at > PROVEN_FOR_MS:
        findings.append(f"not proven for {span_words(now_ms - proven_at)}")
    if proven_at is not None:
        never = [f"{m.channel} {m.masked}" for m in methods if taken[m.method_id] is None]
        findings += [f"never reached by {way}" for way in never]
    if len({(m.channel, provider_of(m.channel, m.masked)) for m in methods}) == 1:
        findings.append("only one provider")
    if not contact.emergency.get(PHONES):
        findings.append("no number to call by hand")
    if not contact.zone:
        findings.append("no time zone")
    elif zone_of(contact.zone) is None:
        findings.append(f"time zone {contact.zone} is not known on this machine")
    return Audited(
        contact_id=contact.contact_id,
        name=contact.name,
        role=contact.role,
        proven_at=proven_at,
        is_proven=is_proven,
        findings=tuple(findings),
    )
