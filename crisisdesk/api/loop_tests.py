"""The routes of loop tests: which channels are tried, what that shows, and changes to it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso_or_none
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.loop_standing import Reader, loop_lines
from crisisdesk.domain.loop_test import LoopLine, loop_words
from crisisdesk.engine.loop_commands import EndLoopTest, SetLoopTest

router = APIRouter(prefix="/crisis/channels/loop-tests", tags=["overview"])


class LoopTestNew(Order):
    """Which contact method is sent loop tests, each ``every_s`` seconds (60 to 86400; left out:
    what the station's settings say)."""

    contact_id: Id
    method_id: Id
    every_s: Annotated[int, Field(ge=60, le=86_400)] | None = None


class LoopTestOut(Out):
    """One target. ``proof`` is what its newest test shows, ``at`` when it did; ``sent`` is half a
    proof: this provider does not tell whether a message arrived. ``messages_a_day`` is the most
    that is sent to it."""

    contact_id: str
    contact_name: str
    method_id: str
    channel: str
    provider: str
    masked: str
    every_s: int
    messages_a_day: int
    proof: Literal["arrived", "sent", "waiting", "does not arrive", "not tested yet", "no target"]
    at: Time | None
    why: str


class LoopTestsOut(Out):
    """All targets."""

    results: list[LoopTestOut]


def loop_out(line: LoopLine, now_ms: int) -> LoopTestOut:
    """One as it is told."""
    every_s = line.target.every_ms // 1_000
    return LoopTestOut(
        contact_id=line.target.contact_id,
        contact_name=line.contact_name,
        method_id=line.target.method_id,
        channel=line.channel,
        provider=line.provider,
        masked=line.masked,
        every_s=every_s,
        messages_a_day=-(-86_400 // every_s),
        proof=str(line.proof),  # type: ignore[arg-type]
        at=iso_or_none(line.at_ms),
        why=loop_words(line, now_ms),
    )


async def _lines(room: InRoom) -> list[LoopTestOut]:
    now_ms = room.door.now_ms()

    def question(reader: StationReader) -> list[LoopTestOut]:
        asked: Reader = reader
        return [loop_out(line, now_ms) for line in loop_lines(asked, now_ms)]

    return await room.reads.ask(question)


@router.get("/", responses=errors())
async def list_loop_tests(room: InRoom) -> LoopTestsOut:
    """Every channel that is tried, and what that shows."""
    return LoopTestsOut(results=await _lines(room))


@router.post("/", status_code=201, responses=errors(404))
async def set_loop_test(room: InRoom, operator: Operator, order: LoopTestNew) -> LoopTestOut:
    """Try a channel by this contact method, in place of any other one of the same channel."""
    every_ms = 0 if order.every_s is None else order.every_s * 1_000
    command = SetLoopTest(contact_id=order.contact_id, method_id=order.method_id, every_ms=every_ms)
    await room.do(command, operator)
    for told in await _lines(room):
        if told.method_id == order.method_id:
            return told
    raise NotFound("method_id", "was changed meanwhile", "look at the list")


@router.delete("/{method_id}/", status_code=204, responses=errors(404))
async def end_loop_test(room: InRoom, method_id: Id, operator: Operator) -> Response:
    """Try it no more."""
    await room.do(EndLoopTest(method_id=method_id), operator)
    return Response(status_code=204)
