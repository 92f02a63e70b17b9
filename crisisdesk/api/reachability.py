"""The route of the audit of people: who is proven reachable."""

from __future__ import annotations

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso_or_none
from crisisdesk.domain.reachability import Audited
from crisisdesk.domain.reachability_reading import audit_people

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
    """Every contact in use, those not proven first."""

    headline: str
    unproven: int
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
    found = await room.reads.ask(lambda reader: audit_people(reader, now_ms))
    return AuditOut(
        headline=found.headline,
        unproven=found.unproven,
        results=[audited_out(one) for one in found.people],
    )
