"""The routes of response plans."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.policies import FindingOut, Name, PoliciesOut, policy_out
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import Out
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.playbook.checking import check_playbook
from crisisdesk.domain.playbook.choosing import InForce
from crisisdesk.domain.playbook.content import KIND, Playbook, read_playbook
from crisisdesk.domain.policy_version import current
from crisisdesk.domain.publishing import checked_content
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.playbook_commands import ListPlaybooks, ResetPlaybook

router = APIRouter(prefix="/crisis/playbooks", tags=["playbooks"])


class PlaybookIn(Order):
    """A response plan to check or to publish; the help page *Response plans* says what it holds."""

    name: Name
    content: dict[str, Any]


class PlaybookOut(Out):
    """The response plan of a type of crisis. ``is_own`` says that somebody here wrote it."""

    name: str
    title: str
    version_id: str
    is_own: bool
    actions: int
    content: dict[str, Any]


class PlaybooksOut(Out):
    """The plan that counts for each type of crisis, by name."""

    results: list[PlaybookOut]


class CheckedOut(Out):
    """What is wrong with a plan, errors first."""

    findings: list[FindingOut]


class ResetOut(Out):
    """How many versions were withdrawn."""

    withdrawn: int


def playbook_out(
    version_id: str, plan: Playbook, content: dict[str, Any], *, is_own: bool
) -> PlaybookOut:
    """A plan as it is told; the content without the mark of what comes with the program, so that it
    can be published again."""
    return PlaybookOut(
        name=plan.name,
        title=plan.title,
        version_id=version_id,
        is_own=is_own,
        actions=len(plan.actions),
        content={key: value for key, value in content.items() if key != "shipped"},
    )


def _out(one: InForce) -> PlaybookOut:
    plan = read_playbook(one.name, one.content)
    return playbook_out(one.version_id, plan, one.content, is_own=one.is_own)


async def _known(room: Room) -> dict[str, InForce]:
    found: dict[str, InForce] = await room.do(ListPlaybooks(), ENGINE)
    return found


async def _needed(room: Room, name: str) -> InForce:
    known = await _known(room)
    if name not in known:
        problem = f"no response plan {name[:60]!r}"
        raise NotFound("name", problem, f"name one of {', '.join(known) or 'none'}")
    return known[name]


@router.get("/", responses=errors())
async def list_playbooks(room: InRoom) -> PlaybooksOut:
    """The response plan that counts for each type of crisis."""
    return PlaybooksOut(results=[_out(one) for one in (await _known(room)).values()])


@router.post("/", status_code=201, responses=errors(409))
async def publish_playbook(room: InRoom, operator: Operator, order: PlaybookIn) -> PlaybookOut:
    """Publish a plan; incidents that began with another version keep that."""
    content = {"kind": KIND, **order.content}
    await room.do(PublishPolicy(name=order.name, content=content), operator)
    return _out(await _needed(room, order.name))


@router.post("/check/", responses=errors())
async def check_draft(_room: InRoom, order: PlaybookIn) -> CheckedOut:
    """Say what is wrong with a plan; nothing is kept."""
    content = checked_content(order.name, {"kind": KIND, **order.content})
    found = check_playbook(read_playbook(order.name, content))
    told = [FindingOut(level=f.level, field=f.field, words=f.words) for f in found]
    return CheckedOut(findings=told)


@router.get("/{name}/", responses=errors(404))
async def get_playbook(room: InRoom, name: str) -> PlaybookOut:
    """The response plan that counts for a type of crisis."""
    return _out(await _needed(room, name))


@router.get("/{name}/history/", responses=errors(404))
async def playbook_history(room: InRoom, name: str) -> PoliciesOut:
    """Every version of a plan that was published or followed here, the newest first."""
    await _needed(room, name)

    def ask(reader: StationReader) -> PoliciesOut:
        found = [v for v in reader.policies() if (v.name, v.content.get("kind")) == (name, KIND)]
        now = {v.version_id for v in current(found)}
        return PoliciesOut(results=[policy_out(v, now) for v in reversed(found)])

    return await room.reads.ask(ask)


@router.delete("/{name}/", responses=errors(404))
async def reset_playbook(room: InRoom, operator: Operator, name: str) -> ResetOut:
    """Withdraw what people here published: the plan that comes with the program counts again."""
    return ResetOut(withdrawn=await room.do(ResetPlaybook(name=name), operator))
