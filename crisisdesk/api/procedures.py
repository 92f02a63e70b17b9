"""The routes of recovery procedures: what is published, what fits an incident, every version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import IncidentSeverity, Out, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.linting import flaws
from crisisdesk.domain.recovery.procedure import (
    KIND,
    Procedure,
    checked_procedure,
    history_of,
    matching,
    procedure_of,
    procedures,
)
from crisisdesk.engine.recovery_commands import PublishProcedure, WithdrawProcedure

router = APIRouter(prefix="/crisis/recovery", tags=["recovery"])

Name = Annotated[str, Field(min_length=1, max_length=100)]
Given = Annotated[dict[str, Any], Field(max_length=50, default_factory=dict)]


class ProcedureNew(Order):
    """A version to publish; the help page *Recovery* says what ``content`` holds."""

    name: Name
    content: dict[str, Any]


class ParameterOut(Out):
    """One parameter; without a ``default`` an argument must be given."""

    name: str
    type: Literal["name", "text", "whole", "choice", "host"]
    title: str
    default: str | None
    choices: list[str]


class ProcedureOut(Out):
    """One procedure as it counts now. ``automation`` are the steps that the station does by itself
    as soon as they open; ``rollback`` when the way back is gone without asking."""

    name: str
    version_id: str
    description: str
    incident_type: str
    severity_level: IncidentSeverity
    parameters: list[ParameterOut]
    prerequisites: list[str]
    steps: list[dict[str, Any]]
    estimated_s: int | None
    recovery_time_objective_s: int | None
    is_automated: bool
    automation: list[str]
    requires_approval: bool
    success_criteria: list[dict[str, Any]]
    rollback: Literal["never", "on_deviation", "always"]
    rollback_procedure: str
    created_by: str
    last_updated: Time
    updated_by: str


class ProceduresOut(Out):
    """Those that count now, by name; of an incident those that fit it, the best first."""

    results: list[ProcedureOut]


class VersionOut(Out):
    """One version of a procedure."""

    version_id: str
    content: dict[str, Any]
    published_at: Time
    published_by: str
    withdrawn_at: Time | None


class VersionsOut(Out):
    """Every version of a procedure, the newest first."""

    results: list[VersionOut]


class FlawOut(Out):
    """One thing to mend; an ``error`` cannot be published."""

    level: Literal["error", "warning"]
    field: str
    words: str


class CheckedOut(Out):
    """What is to be mended, errors first."""

    flaws: list[FlawOut]


@router.get("/", responses=errors(404))
async def list_procedures(
    room: InRoom, incident: Annotated[str, Query(max_length=64)] = ""
) -> ProceduresOut:
    """All procedures; with ``incident`` those for its type and severity."""

    def ask(reader: StationReader) -> list[Procedure]:
        found = procedures(reader.policies(declared=True))
        if not incident:
            return found
        known = reader.incident(incident)
        if known is None:
            raise NotFound("incident", f"no incident {incident!r} on this station", "check the id")
        return matching(found, known.category, known.severity)

    return ProceduresOut(results=[procedure_out(one) for one in await room.reads.ask(ask)])


@router.post("/", status_code=201, responses=errors(404, 409))
async def publish_procedure(room: InRoom, operator: Operator, order: ProcedureNew) -> ProcedureOut:
    """Publish a version; runs go on with the version they began with."""
    command = PublishProcedure(name=order.name, content=_content(order))
    version_id = await room.do(command, operator)
    for one in (await room.reads.ask(published)).values():
        if one.version_id == version_id:
            return procedure_out(one)
    raise NotFound("name", "was replaced or withdrawn in this very moment", "list them")


@router.post("/check/", responses=errors())
async def check_procedure(room: InRoom, order: ProcedureNew) -> CheckedOut:
    """Look what is to be mended; publishes nothing."""
    one = procedure_of(order.name, checked_procedure(order.name, _content(order)))
    known = await room.reads.ask(published)
    paths = None if room.runner is None else room.runner.hands.executables
    found = flaws(one, known, paths)
    return CheckedOut(flaws=[FlawOut(level=f.level, field=f.field, words=f.words) for f in found])


@router.get("/{procedure}/", responses=errors(404))
async def get_procedure(room: InRoom, procedure: str) -> ProcedureOut:
    """One, by its name."""
    return procedure_out(await needed(room, procedure))


@router.delete("/{procedure}/", status_code=204, responses=errors(404))
async def withdraw_procedure(room: InRoom, procedure: str, operator: Operator) -> Response:
    """Take it away; runs of it go on."""
    await room.do(WithdrawProcedure(name=procedure), operator)
    return Response(status_code=204)


@router.get("/{procedure}/history/", responses=errors(404))
async def history_of_procedure(room: InRoom, procedure: str) -> VersionsOut:
    """Every version, withdrawn ones too."""
    versions = await room.reads.ask(lambda reader: reader.policies(declared=True))
    found = history_of(versions, procedure)
    if not found:
        raise missing(procedure)
    return VersionsOut(results=[_version_out(version) for version in found])


# -- shapes --------------------------------------------------------------------------------------


def _content(order: ProcedureNew) -> dict[str, Any]:
    return {"kind": KIND, **order.content}


def published(reader: StationReader) -> dict[str, Procedure]:
    """Those that count now, by name."""
    return {one.name: one for one in procedures(reader.policies(declared=True))}


async def needed(room: Room, name: str) -> Procedure:
    """The procedure of this name; raises NotFound."""
    known = await room.reads.ask(published)
    if name not in known:
        raise missing(name)
    return known[name]


def missing(name: str) -> NotFound:
    """The error for a name that no procedure has."""
    return NotFound("procedure", f"{name[:60]!r} is no procedure here", "list them first")


def procedure_out(one: Procedure) -> ProcedureOut:
    """A procedure as it is told."""
    return ProcedureOut(
        name=one.name,
        version_id=one.version_id,
        description=one.description,
        incident_type=one.incident_type,
        severity_level=one.severity_level,  # type: ignore[arg-type]
        parameters=[
            ParameterOut(
                name=p.name,
                type=p.type,  # type: ignore[arg-type]
                title=p.title,
                default=p.default,
                choices=list(p.choices),
            )
            for p in one.parameters
        ],
        prerequisites=list(one.prerequisites),
        steps=[dict(step) for step in one.steps],
        estimated_s=one.estimated_ms // 1000 or None,
        recovery_time_objective_s=one.objective_ms // 1000 or None,
        is_automated=one.is_automated,
        automation=list(one.automation),
        requires_approval=one.requires_approval,
        success_criteria=[dict(step) for step in one.success_criteria],
        rollback=one.rollback,  # type: ignore[arg-type]
        rollback_procedure=one.rollback_procedure,
        created_by=one.created_by,
        last_updated=iso(one.last_updated),
        updated_by=one.updated_by,
    )


def _version_out(version: PolicyVersion) -> VersionOut:
    return VersionOut(
        version_id=version.version_id,
        content=tidy(version.content),
        published_at=iso(version.published_at),
        published_by=version.published_by,
        withdrawn_at=iso_or_none(version.withdrawn_at),
    )
