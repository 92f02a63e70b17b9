"""The route of response times."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Severity, Time
from crisisdesk.api.times import iso, ms_of
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.response_times import Summary, by_person, by_team, summaries

router = APIRouter(prefix="/crisis/response-times", tags=["overview"])
DAY_MS = 86_400_000
DEFAULT_DAYS = 30


class Asked(Order):
    """Whose times, of which alerts: those taken from ``since`` (30 days ago) to ``until`` (now)."""

    model_config = ConfigDict(extra="forbid", strict=False)

    by: Literal["person", "team"] = "person"
    since: Time | None = None
    until: Time | None = None
    severity: Annotated[list[Severity], Field(max_length=5, default_factory=list)]


class SummaryOut(Out):
    """Of one person or team (empty: of people in none): alerts taken, how many of them late by
    their SLA, and how long they had waited, ms."""

    who: str
    taken: int
    late: int
    median_ms: int
    p90_ms: int
    longest_ms: int


class ResponseTimesOut(Out):
    """Whoever took most comes first."""

    by: Literal["person", "team"]
    since: Time
    until: Time
    results: list[SummaryOut]


@router.get("/", responses=errors())
async def response_times(room: InRoom, asked: Annotated[Asked, Query()]) -> ResponseTimesOut:
    """How long alerts waited for whoever took them."""
    now = room.door.now_ms()
    until = now + 1 if asked.until is None else ms_of(asked.until, "until")
    since = until - DEFAULT_DAYS * DAY_MS
    if asked.since is not None:
        since = ms_of(asked.since, "since")
    if since >= until:
        raise Malformed("since", "is not before until", "name an earlier time")
    found, contacts = await room.reads.ask(
        lambda reader: (reader.responses(since, until), reader.contacts())
    )
    if asked.severity:
        found = [one for one in found if one.severity in asked.severity]
    told = summaries(found, by_person if asked.by == "person" else by_team(contacts))
    results = [_out(one) for one in told]
    return ResponseTimesOut(by=asked.by, since=iso(since), until=iso(until), results=results)


def _out(one: Summary) -> SummaryOut:
    return SummaryOut.model_validate(asdict(one))
