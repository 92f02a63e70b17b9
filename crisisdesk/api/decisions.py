"""The routes of an incident's decisions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.orders import Id, MaybeName, Name, Order, Title
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room, Viewer
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.errors import NotFound
from crisisdesk.engine.command import Command
from crisisdesk.engine.decision_commands import (
    AnswerObjection,
    CheckDecision,
    LogDecision,
    ObjectToDecision,
    RevertDecision,
    ReviseDecision,
)

router = APIRouter(prefix="/crisis/incidents/{incident_id}/decisions", tags=["decisions"])

LIST_LIMIT = 20
Words = Annotated[str, Field(max_length=4_000)]
Said = Annotated[str, Field(min_length=1, max_length=4_000)]
Options = Annotated[list[Title], Field(max_length=LIST_LIMIT)]


class ObjectionNew(Order):
    """What somebody has against it; ``by`` "" for whoever acts, ``answer`` what stands against."""

    text: Said
    by: MaybeName = ""
    answer: Words = ""


class PolledObjection(Order):
    """What somebody said when asked, with the answer that was given."""

    by: Name
    text: Said
    answer: Words = ""


class DecisionNew(Order):
    """What was decided. ``options`` is what else was on the table, ``decider`` "" is whoever acts,
    ``revert_trigger`` what will make it be taken back, ``check_at`` when to look again."""

    title: Title
    options: Options = Field(default_factory=list)
    expected: Words = ""
    risk: Words = ""
    objections: list[PolledObjection] = Field(default_factory=list, max_length=LIST_LIMIT)
    decider: MaybeName = ""
    revert_trigger: Words = ""
    check_at: Time | None = None


class DecisionPatch(Order):
    """New values. Null takes the check-back away."""

    title: Title | None = None
    options: Options | None = None
    expected: Words | None = None
    risk: Words | None = None
    decider: MaybeName | None = None
    revert_trigger: Words | None = None
    check_at: Time | None = None


class AnswerNew(Order):
    """What stands against an objection, or that it is taken up."""

    objection: Id
    answer: Said


class Looked(Order):
    """What somebody found who looked again, and when to look next."""

    result: Words = ""
    check_at: Time | None = None


class Reverting(Order):
    """Why it does not stand any more."""

    reason: Said


class ObjectionOut(Out):
    """An objection; ``answer`` "" where nobody has answered yet."""

    objection: str
    by: str
    text: str
    at: Time
    answer: str
    answered_by: str


class CheckOut(Out):
    """One look whether it still holds."""

    by: str
    at: Time
    result: str


class DecisionOut(Out):
    """One decision. ``rings`` while its check-back has come and nobody has looked."""

    decision_id: str
    incident: str
    title: str
    options: list[str]
    expected: str
    risk: str
    objections: list[ObjectionOut]
    decider: str
    revert_trigger: str
    check_at: Time | None
    rings: bool
    status: Literal["standing", "reverted"]
    logged_at: Time
    logged_by: str
    checks: list[CheckOut]
    reverted_at: Time | None
    reverted_by: str
    reason: str
    overwritten: list[dict[str, Any]]


class DecisionsOut(Out):
    """The decisions of an incident and of its parts, oldest first, reverted ones too."""

    results: list[DecisionOut]


def decision_out(d: Decision) -> DecisionOut:
    """One decision as it is told."""
    objections = [
        ObjectionOut(
            objection=one["id"],
            by=one["by"],
            text=one["text"],
            at=iso(one["at"]),
            answer=one.get("answer", ""),
            answered_by=one.get("answered_by", ""),
        )
        for one in d.objections
    ]
    checks = [CheckOut(by=c["by"], at=iso(c["at"]), result=c["result"]) for c in d.checks]
    return DecisionOut(
        decision_id=d.decision_id,
        incident=d.incident_id,
        title=d.title,
        options=d.options,
        expected=d.expected,
        risk=d.risk,
        objections=objections,
        decider=d.decider,
        revert_trigger=d.revert_trigger,
        check_at=iso_or_none(d.check_at),
        rings=d.rings,
        status="standing" if d.stands else "reverted",
        logged_at=iso(d.logged_at),
        logged_by=d.logged_by,
        checks=checks,
        reverted_at=iso_or_none(d.ended_at),
        reverted_by=d.ended_by,
        reason=d.reason,
        overwritten=d.overwritten,
    )


async def _needed(room: Room, incident_id: str, decision_id: str, viewer: str) -> Decision:
    """The decision of that incident or of a part of it; raises NotFound and Conflict."""

    def ask(reader: StationReader) -> Decision:
        readable_in(reader, incident_id, viewer)
        for decision in reader.decisions_of(incident_id):
            if decision.decision_id == decision_id:
                return decision
        problem = f"no decision {decision_id!r} of this incident"
        raise NotFound("decision_id", problem, "check the ids")

    return await room.reads.ask(ask)


async def _done(
    room: Room, incident_id: str, decision_id: str, operator: str, command: Command
) -> DecisionOut:
    await _needed(room, incident_id, decision_id, operator)
    await room.do(command, operator)
    return decision_out(await _needed(room, incident_id, decision_id, operator))


@router.get("/", responses=errors(404, 409))
async def list_decisions(room: InRoom, viewer: Viewer, incident_id: str) -> DecisionsOut:
    """The decisions of an incident and of its parts, oldest first."""

    def ask(reader: StationReader) -> DecisionsOut:
        incident = readable_in(reader, incident_id, viewer)
        shown = reader.seen_ids(incident, viewer)
        found = [d for d in reader.decisions_of(incident_id) if d.incident_id in shown]
        return DecisionsOut(results=[decision_out(d) for d in found])

    return await room.reads.ask(ask)


@router.post("/", status_code=201, responses=errors(404, 409))
async def log_decision(
    room: InRoom, operator: Operator, incident_id: str, order: DecisionNew
) -> DecisionOut:
    """Write a decision down."""
    command = LogDecision(
        incident_id=incident_id,
        title=order.title,
        options=list(order.options),
        expected=order.expected,
        risk=order.risk,
        objections=[one.model_dump() for one in order.objections],
        decider=order.decider,
        revert_trigger=order.revert_trigger,
        check_at=None if order.check_at is None else ms_of(order.check_at, "check_at"),
    )
    decision_id = await room.do(command, operator)
    return decision_out(await _needed(room, incident_id, decision_id, operator))


@router.patch("/{decision_id}/", responses=errors(404, 409))
async def patch_decision(
    room: InRoom, operator: Operator, incident_id: str, decision_id: str, order: DecisionPatch
) -> DecisionOut:
    """Change what is written of a decision."""
    order.refuse_null("check_at")
    changes = order.given()
    if changes.get("check_at") is not None:
        changes["check_at"] = ms_of(changes["check_at"], "check_at")
    command = ReviseDecision(decision_id=decision_id, changes=changes)
    return await _done(room, incident_id, decision_id, operator, command)


@router.post("/{decision_id}/objections/", status_code=201, responses=errors(404, 409))
async def object_to_decision(
    room: InRoom, operator: Operator, incident_id: str, decision_id: str, order: ObjectionNew
) -> DecisionOut:
    """Keep what somebody has against it, with the answer if there is one."""
    await _needed(room, incident_id, decision_id, operator)
    objected = ObjectToDecision(decision_id=decision_id, text=order.text, by=order.by)
    objection = await room.do(objected, operator)
    if order.answer.strip():
        answered = AnswerObjection(
            decision_id=decision_id, objection=objection, answer=order.answer
        )
        await room.do(answered, operator)
    return decision_out(await _needed(room, incident_id, decision_id, operator))


@router.post("/{decision_id}/answer/", responses=errors(404, 409))
async def answer_objection(
    room: InRoom, operator: Operator, incident_id: str, decision_id: str, order: AnswerNew
) -> DecisionOut:
    """Answer an objection, once."""
    command = AnswerObjection(
        decision_id=decision_id, objection=order.objection, answer=order.answer
    )
    return await _done(room, incident_id, decision_id, operator, command)


@router.post("/{decision_id}/check/", responses=errors(404, 409))
async def check_decision(
    room: InRoom,
    operator: Operator,
    incident_id: str,
    decision_id: str,
    order: Looked | None = None,
) -> DecisionOut:
    """Somebody has looked whether it still holds; what rang is over."""
    told = order or Looked()
    then = None if told.check_at is None else ms_of(told.check_at, "check_at")
    command = CheckDecision(decision_id=decision_id, result=told.result, check_at=then)
    return await _done(room, incident_id, decision_id, operator, command)


@router.post("/{decision_id}/revert/", responses=errors(404, 409))
async def revert_decision(
    room: InRoom, operator: Operator, incident_id: str, decision_id: str, order: Reverting
) -> DecisionOut:
    """It does not stand any more."""
    command = RevertDecision(decision_id=decision_id, reason=order.reason)
    return await _done(room, incident_id, decision_id, operator, command)
