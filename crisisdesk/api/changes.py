"""The routes of changes: what was recorded, and recording one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, ms_of
from crisisdesk.domain.context import change_record as record
from crisisdesk.domain.context.change_record import ChangeReport, RecordedChange
from crisisdesk.domain.context.gathered import CHANGE_HOURS, HOUR_MS, MOST_HOURS
from crisisdesk.domain.errors import NotFound
from crisisdesk.engine.context_commands import RecordChanges

router = APIRouter(prefix="/crisis", tags=["context"])
Hours = Annotated[int, Query(ge=1, le=MOST_HOURS, description="How far back changes are told.")]


class LinkOut(Out):
    """One link of a change."""

    url: str
    text: str


class ChangeOut(Out):
    """One recorded change."""

    change_id: str
    summary: str
    service: str
    source: str
    author: str
    at: Time
    links: list[LinkOut]
    details: dict[str, str]
    recorded_at: Time
    recorded_by: str


class ChangesOut(Out):
    """Changes, the newest first."""

    results: list[ChangeOut]


class LinkNew(Order):
    """A link of a change."""

    url: Annotated[str, Field(min_length=1, max_length=record.URL_LIMIT)]
    text: Annotated[str, Field(max_length=record.NAME_LIMIT)] = ""


class ChangeNew(Order):
    """A change to record. ``at`` is when it happened (now), ``key`` its own name: the same key of
    the same source is the same change."""

    summary: Annotated[str, Field(min_length=1, max_length=record.SUMMARY_LIMIT)]
    service: Annotated[str, Field(max_length=record.NAME_LIMIT)] = ""
    source: Annotated[str, Field(max_length=record.NAME_LIMIT)] = ""
    author: Annotated[str, Field(max_length=record.NAME_LIMIT)] = ""
    at: Time | None = None
    key: Annotated[str, Field(max_length=record.KEY_LIMIT)] = ""
    links: Annotated[list[LinkNew], Field(max_length=record.LINKS_LIMIT)] = Field(
        default_factory=list
    )
    details: Annotated[dict[str, str], Field(max_length=record.DETAILS_LIMIT)] = Field(
        default_factory=dict
    )


@router.get("/changes/", responses=errors())
async def list_changes(room: InRoom, hours: Hours = CHANGE_HOURS, service: str = "") -> ChangesOut:
    """The recorded changes of the last hours, the newest first, at most 200."""
    now_ms = room.door.now_ms()
    since = now_ms - hours * HOUR_MS
    found = await room.reads.ask(lambda reader: reader.changes(since, now_ms, service))
    return ChangesOut(results=[change_out(one) for one in found])


@router.post("/changes/", status_code=201, responses=errors())
async def record_change(room: InRoom, operator: Operator, order: ChangeNew) -> ChangeOut:
    """Record a change; one that is known answers as it stands."""
    report = ChangeReport(
        summary=order.summary,
        service=order.service,
        source=order.source,
        author=order.author or operator,
        at=None if order.at is None else ms_of(order.at, "at"),
        key=order.key,
        links=tuple((link.url, link.text) for link in order.links),
        details=order.details,
    )
    [change_id] = await room.do(RecordChanges(changes=(report,)), operator)
    found = await room.reads.ask(lambda reader: reader.change(change_id))
    if found is None:
        raise NotFound("change_id", f"no change {change_id!r} here", "ask again")
    return change_out(found)


def change_out(one: RecordedChange) -> ChangeOut:
    """One as it is told."""
    return ChangeOut(
        change_id=one.change_id,
        summary=one.summary,
        service=one.service,
        source=one.source,
        author=one.author,
        at=iso(one.at),
        links=[LinkOut(url=link["url"], text=link["text"]) for link in one.links],
        details=one.details,
        recorded_at=iso(one.recorded_at),
        recorded_by=one.recorded_by,
    )
