"""The routes of policies, schedules and overrides, and of escalations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.outages import SUPPOSED_LIMIT
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import Out, Severity, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.domain.channel_dependencies import checked_name
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.escalation.planning import TakenStep
from crisisdesk.domain.escalation.policy import KIND, read_policy
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.inhibition import READERS
from crisisdesk.domain.inhibition_check import check_rule
from crisisdesk.domain.kept_quiet import quiet_words
from crisisdesk.domain.oncall.checking import check_rota
from crisisdesk.domain.oncall.reading import OVERRIDE, SCHEDULE
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.publishing import checked_content
from crisisdesk.domain.rehearsal import HOURS_LIMIT
from crisisdesk.domain.rehearsal_reading import Scene, play
from crisisdesk.domain.rota import Rota
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy

router = APIRouter(prefix="/crisis", tags=["policies"])

Kind = Literal[
    "escalation",
    "schedule",
    "override",
    "correlation",
    "inhibition",
    "dependencies",
    "channel_dependencies",
    "outage",
    "catalogue",
    "change-mapping",
    "playbook",
]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class PolicyNew(Order):
    """A version to publish: an escalation policy, a schedule, an override, or a rule about causes,
    or what is known of services, told apart by ``content.kind``. The help pages *Escalation*, *On
    call*, *Quieting* and *Catalogue* say what a content holds."""

    name: Name
    content: dict[str, Any]


class PolicyTry(PolicyNew):
    """A policy to play ahead: an alert of ``severity`` at ``at`` (now), for ``hours``.

    ``without`` supposes that these dependencies of channels are out, besides those that are.
    ``alert_id`` plays an alert that is there: its severity counts, and what keeps it quiet."""

    severity: Severity = "critical"
    at: Time | None = None
    hours: Annotated[int, Field(ge=1, le=HOURS_LIMIT)] = 24
    without: Annotated[list[Name], Field(max_length=SUPPOSED_LIMIT, default_factory=list)]
    alert_id: Annotated[str, Field(max_length=40)] = ""


class PolicyOut(Out):
    """One version. ``is_current`` says that alerts and questions use it now."""

    version_id: str
    kind: str
    name: str
    content: dict[str, Any]
    is_current: bool
    replaces: str
    published_at: Time
    published_by: str
    withdrawn_at: Time | None
    withdrawn_by: str


class PoliciesOut(Out):
    """Versions, by kind and name, the newest first."""

    results: list[PolicyOut]


class PersonOut(Out):
    """A contact by id and name; a name is empty when there is no such contact."""

    contact_id: str
    name: str


class StepOut(Out):
    """One step: when, the how manyth of which round, whom it pages, and why others if so; in a plan
    also which pages go around what is out."""

    number: int
    step: int
    round: int
    at: Time
    contacts: list[PersonOut]
    all_hands: bool = False
    words: str
    detour: str = ""


class FindingOut(Out):
    """One thing to mend; ``error`` means that nobody would be reached, or it never runs."""

    level: Literal["error", "warning"]
    field: str
    words: str


class TriedOut(Out):
    """What would happen if nobody ever answered, and what is wrong with it. ``quiet`` says what
    keeps the alert that is played quiet until the plan begins, "" where nothing does."""

    plan: list[StepOut]
    quiet: str = ""
    findings: list[FindingOut]


class EscalationOut(Out):
    """An alert's escalation. ``due_at`` is its next moment, ``quiet_by`` what keeps it quiet until
    then; ``held_at`` says since when it rests because somebody has the alert."""

    escalation_id: str
    policy: str
    version_id: str
    started_at: Time
    due_at: Time | None
    quiet_by: str
    held_at: Time | None
    ended_at: Time | None
    ended_why: str
    taken: list[StepOut]
    next: StepOut | None


class EscalationsOut(Out):
    """The escalations of one alert, the newest first."""

    results: list[EscalationOut]


@router.get("/policies/", responses=errors())
async def list_policies(
    room: InRoom, kind: Kind | None = None, with_past: bool = False
) -> PoliciesOut:
    """What counts now; ``with_past`` every version there was."""
    versions = await room.reads.ask(lambda reader: reader.policies())
    now = {v.version_id for v in current(versions)}
    found = [
        policy_out(v, now)
        for v in reversed(versions)
        if (with_past or v.version_id in now) and kind in (None, v.content.get("kind"))
    ]
    found.sort(key=lambda one: (one.kind, one.name))
    return PoliciesOut(results=found)


@router.post("/policies/", status_code=201, responses=errors(409))
async def publish_policy(room: InRoom, operator: Operator, order: PolicyNew) -> PolicyOut:
    """Publish a version; running escalations go on by the one they began with."""
    version_id = await room.do(PublishPolicy(name=order.name, content=order.content), operator)
    return await _needed(room, version_id)


@router.post("/policies/preview/", responses=errors(404))
async def try_policy(room: InRoom, order: PolicyTry) -> TriedOut:
    """Play an escalation policy ahead, minute by minute, and look for what is wrong with it.

    A rule about causes, a schedule and an override are only looked at; of anything else it is only
    checked whether it can be published.
    """
    content = checked_content(order.name, order.content)
    if (read := READERS.get(content["kind"])) is not None:
        rule, services = read(order.name, content), await room.reads.ask(_services)
        return TriedOut(plan=[], findings=_findings_out(check_rule(rule, services)))
    now_ms = room.door.now_ms()
    if content["kind"] in (SCHEDULE, OVERRIDE):

        def look(reader: StationReader) -> TriedOut:
            rota, contacts = Rota(reader.policies()), contacts_of(reader)
            findings = check_rota(order.name, content, rota, contacts, now_ms)
            return TriedOut(plan=[], findings=_findings_out(findings))

        return await room.reads.ask(look)
    if content["kind"] != KIND:
        return TriedOut(plan=[], findings=[])
    scene = Scene(
        at=now_ms if order.at is None else ms_of(order.at, "at"),
        severity=order.severity,
        hours=order.hours,
        without=[checked_name(name, "without") for name in order.without],
        alert_id=order.alert_id,
    )
    policy = read_policy(order.name, content)

    def ask(reader: StationReader) -> TriedOut:
        played = play(reader, policy, scene, now_ms)
        steps = zip(played.told.taken, played.told.detours, strict=True)
        return TriedOut(
            plan=[step_out(one, played.contacts, around.words) for one, around in steps],
            quiet="" if played.quiet is None else quiet_words(played.quiet),
            findings=_findings_out(played.told.findings),
        )

    return await room.reads.ask(ask)


@router.get("/policies/{version_id}/", responses=errors(404))
async def get_policy(room: InRoom, version_id: str) -> PolicyOut:
    """One version, current or not."""
    return await _needed(room, version_id)


@router.delete("/policies/{version_id}/", status_code=204, responses=errors(404))
async def withdraw_policy(room: InRoom, version_id: str, operator: Operator) -> Response:
    """Take a version back; escalations that began with it keep it."""
    await room.do(WithdrawPolicy(version_id=version_id), operator)
    return Response(status_code=204)


@router.get("/alerts/{alert_id}/escalations/", responses=errors(404))
async def escalations_of_alert(room: InRoom, alert_id: str) -> EscalationsOut:
    """Whom an alert has paged, step by step, and who is next."""

    def ask(reader: StationReader) -> EscalationsOut:
        alert = reader.alert(alert_id)
        if alert is None:
            raise NotFound("alert_id", f"no alert {alert_id!r} on this station", "check the id")
        rota, contacts = Rota(reader.policies()), contacts_of(reader)
        found = reader.escalations_of(alert_id)
        return EscalationsOut(
            results=[_escalation_out(e, rota, alert.severity, contacts) for e in found]
        )

    return await room.reads.ask(ask)


# -- shapes --------------------------------------------------------------------------------------


async def _needed(room: InRoom, version_id: str) -> PolicyOut:
    versions = await room.reads.ask(lambda reader: reader.policies())
    now = {v.version_id for v in current(versions)}
    for version in versions:
        if version.version_id == version_id:
            return policy_out(version, now)
    raise NotFound("version_id", f"no version {version_id!r} on this station", "check the id")


def _services(reader: StationReader) -> set[str]:
    return reader.quieting().services()


def _findings_out(findings: Sequence[Finding]) -> list[FindingOut]:
    return [FindingOut(level=f.level, field=f.field, words=f.words) for f in findings]


def contacts_of(reader: StationReader) -> dict[str, Contact]:
    """All contacts by id."""
    return {contact.contact_id: contact for contact in reader.contacts()}


def policy_out(version: PolicyVersion, now: set[str]) -> PolicyOut:
    """A version as it is told; ``now`` are the ids of those that count."""
    return PolicyOut(
        version_id=version.version_id,
        kind=str(version.content.get("kind", "")),
        name=version.name,
        content=version.content,
        is_current=version.version_id in now,
        replaces=version.replaces,
        published_at=iso(version.published_at),
        published_by=version.published_by,
        withdrawn_at=iso_or_none(version.withdrawn_at),
        withdrawn_by=version.withdrawn_by,
    )


def people_out(ids: Any, contacts: dict[str, Contact]) -> list[PersonOut]:
    """Contacts by id, as they are told."""
    return [PersonOut(contact_id=i, name=contacts[i].name if i in contacts else "") for i in ids]


def step_out(taken: TakenStep, contacts: dict[str, Contact], detour: str = "") -> StepOut:
    """A step as it is told."""
    return StepOut(
        number=taken.number,
        step=taken.step,
        round=taken.round,
        at=iso(taken.at),
        contacts=people_out(taken.contacts, contacts),
        all_hands=taken.all_hands,
        words=taken.words,
        detour=detour,
    )


def _escalation_out(
    state: Escalation, rota: Rota, severity: str, contacts: dict[str, Contact]
) -> EscalationOut:
    upcoming = rota.next_step(state, severity, rota.directory(contacts))
    return EscalationOut(
        escalation_id=state.escalation_id,
        policy=state.policy,
        version_id=state.version_id,
        started_at=iso(state.started_at),
        due_at=iso_or_none(state.due_at),
        quiet_by=state.quiet_by,
        held_at=iso_or_none(state.held_at),
        ended_at=iso_or_none(state.ended_at),
        ended_why=state.ended_why,
        taken=[
            StepOut(
                number=one["number"],
                step=one["step"],
                round=one["round"],
                at=iso(one["at"]),
                contacts=people_out(one["contacts"], contacts),
                words=one.get("words", ""),
            )
            for one in state.history
        ],
        next=None if upcoming is None else step_out(upcoming, contacts),
    )
