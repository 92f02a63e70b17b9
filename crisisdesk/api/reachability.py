"""The route of the audit of people: who is proven reachable."""

from __future__ import annotations

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso_or_none
from crisisdesk.domain.audit_outcome import outcome
from crisisdesk.domain.audit_week import known_since, last_run, next_run
from crisisdesk.domain.reachability import Audited
from crisisdesk.domain.reachability_reading import audit_people
from crisisdesk.domain.rota import Rota

router = APIRouter(prefix="/crisis/contacts", tags=["contacts"])


class AuditedOut(Out):
    """One contact: whether something was taken for it within 30 days, and what stands against."""

    contact_id: str
    name: str
    role: str
    proven: bool
    proven_at: Time | None
    findings: list[str]


class AuditOut(Out):
    """Every contact in use, those not proven first. ``paged`` is what the weekly audit tells of
    those who may be paged, ``last_run`` when it ran, ``next_run`` when it runs again (null: never).
    """

    headline: str
    unproven: int
    paged: str
    last_run: Time | None
    next_run: Time | None
    results: list[AuditedOut]


def audited_out(one: Audited) -> AuditedOut:
    """One as it is told."""
    return AuditedOut(
        contact_id=one.contact_id,
        name=one.name,
        role=one.role,
        proven=one.is_proven,
        proven_at=iso_or_none(one.proven_at),
        findings=list(one.findings),
    )


@router.get("/audit/", responses=errors())
async def audit_contacts(room: InRoom) -> AuditOut:
    """Who is proven reachable by what the log shows; nothing is sent to find out."""
    now_ms = room.door.now_ms()
    weekly = room.door.weekly()

    def ask(reader: StationReader) -> AuditOut:
        contacts, versions = reader.contacts(), reader.policies(declared=True)
        found, ran = audit_people(reader, now_ms), last_run(versions, now_ms)
        then = None if weekly is None else next_run(weekly, ran, known_since(contacts), now_ms)
        return AuditOut(
            headline=found.headline,
            unproven=found.unproven,
            paged=outcome(found, Rota(versions), contacts, now_ms).headline,
            last_run=iso_or_none(None if ran is None else ran.done_at),
            next_run=iso_or_none(then),
            results=[audited_out(one) for one in found.people],
        )

    return await room.reads.ask(ask)
