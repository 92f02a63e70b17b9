"""Reading the queue as an Alertmanager: ``/api/v2/alerts`` and ``/api/v2/status``."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import ConfigDict, Field

from crisisdesk.api.answers import encode
from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.reads import PageOf, StationReader
from crisisdesk.api.room import InRoom, Room
from crisisdesk.api.schemas import GettableStatus, Out, Time
from crisisdesk.api.times import FIRST, iso
from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.filters import AlertFilter
from crisisdesk.domain.kept_quiet import Way
from crisisdesk.domain.silence import Silence

router = APIRouter(tags=["alertmanager"])
RECEIVER = "crisisdesk"
CHUNK = 1_000
_MATCHER = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_:]*)\s*(!=|=~|!~|=)\s*(?:"(.*)"|(.*?))\s*')


class NamedOut(Out):
    """A receiver."""

    name: str


class GettableAlert(Out):
    """An alert as Alertmanager lists it."""

    annotations: dict[str, str]
    endsAt: Time  # noqa: N815 - Alertmanager's name
    fingerprint: str
    receivers: list[NamedOut]
    startsAt: Time  # noqa: N815 - Alertmanager's name
    status: GettableStatus
    updatedAt: Time  # noqa: N815 - Alertmanager's name
    generatorURL: str = ""  # noqa: N815 - Alertmanager's name
    labels: dict[str, str]


class Asked(Order):
    """Alertmanager's own query. Nothing is unprocessed here; ``filter`` takes matchers with = and
    !=."""

    model_config = ConfigDict(extra="forbid", strict=False)

    active: bool = True
    silenced: bool = True
    inhibited: bool = True
    unprocessed: bool = True
    receiver: Annotated[str, Field(max_length=200)] = ""
    filter: Annotated[list[str], Field(max_length=20, default_factory=list)]


Matcher = tuple[str, bool, str]


@router.get(
    "/api/v2/alerts",
    response_class=Response,
    response_model=list[GettableAlert],
    responses=errors(),
)
async def gettable_alerts(room: InRoom, asked: Annotated[Asked, Query()]) -> Response:
    """All open alerts, newest first, in Alertmanager's shape."""
    matchers = [_matcher(text) for text in asked.filter]
    if not asked.active or asked.receiver not in ("", RECEIVER, ".*", ".+"):
        return Response(b"[]", media_type="application/json")
    now_ms = room.door.now_ms()
    quiet = await room.reads.ask(partial(_quiet, now_ms))
    listed = _listed(room, matchers, quiet, asked)
    return StreamingResponse(listed, media_type="application/json")


def _matcher(text: str) -> Matcher:
    found = _MATCHER.fullmatch(text) if len(text) <= 1000 else None
    if found is None or "~" in found[2]:
        raise Malformed("filter", "is no matcher with = or !=", 'send one like severity="critical"')
    value = found[3] if found[3] is not None else found[4]
    return found[1], found[2] == "=", value


class Quiet(NamedTuple):
    """By the alert's id: its silences, and the alert that is its cause."""

    silenced: dict[str, list[Silence]]
    inhibited: dict[str, str]

    def shows(self, alert_id: str, asked: Asked) -> bool:
        """Whether an alert is asked for, quiet as it is."""
        if not asked.silenced and alert_id in self.silenced:
            return False
        return asked.inhibited or alert_id not in self.inhibited

    def told(self, a: Alert) -> dict[str, Any]:
        """It in Alertmanager's shape."""
        causes = [self.inhibited[a.alert_id]] if a.alert_id in self.inhibited else []
        return gettable(a, [s.silence_id for s in self.silenced.get(a.alert_id, ())], causes)


def _quiet(now_ms: int, reader: StationReader) -> Quiet:
    kept = reader.quieting().deferred(now_ms)
    causes = {one.alert_id: one.by for one in kept if one.way == Way.INHIBITION}
    return Quiet(reader.quiet_alerts(now_ms), causes)


async def _listed(
    room: Room, matchers: list[Matcher], quiet: Quiet, asked: Asked
) -> AsyncIterator[bytes]:
    """The JSON array a page at a time, so that no page is in memory longer than it is sent."""
    query = AlertFilter(status=tuple(str(status) for status in OPEN_STATUSES))
    cursor: str | None = None
    opening = b"["
    while True:
        page = await room.reads.ask(partial(_page, query, cursor))
        shown = [
            quiet.told(a)
            for a in page.items
            if _matches(a.labels, matchers) and quiet.shows(a.alert_id, asked)
        ]
        if shown:
            yield opening + encode(shown)[1:-1]
            opening = b","
        cursor = page.next
        if cursor is None:
            yield b"[]" if opening == b"[" else b"]"
            return


def _page(query: AlertFilter, cursor: str | None, reader: StationReader) -> PageOf[Alert]:
    return reader.page_alerts(query, "-detected_at", cursor, CHUNK)


def _matches(labels: dict[str, str], matchers: list[Matcher]) -> bool:
    return all((labels.get(name, "") == value) is wanted for name, wanted, value in matchers)


def gettable(a: Alert, silenced_by: list[str], inhibited_by: list[str]) -> dict[str, Any]:
    """One alert in Alertmanager's shape; an end that nobody knows is Go's zero time."""
    state = "suppressed" if silenced_by or inhibited_by else "active"
    return {
        "annotations": a.annotations,
        "endsAt": FIRST if a.resolves_at is None else iso(a.resolves_at),
        "fingerprint": a.key,
        "receivers": [{"name": RECEIVER}],
        "startsAt": iso(a.detected_at if a.starts_at is None else a.starts_at),
        "status": {"state": state, "silencedBy": silenced_by, "inhibitedBy": inhibited_by},
        "updatedAt": iso(a.last_seen_at),
        "generatorURL": a.url,
        "labels": a.labels or {"alertname": a.title},
    }


class ClusterOut(Out):
    """Whether it is one of many; it is not."""

    status: str
    peers: list[str]


class VersionOut(Out):
    """The program's version."""

    version: str


class ConfigOut(Out):
    """The configuration is not told."""

    original: str


class AlertmanagerStatus(Out):
    """Alertmanager's status, as far as a station has one."""

    cluster: ClusterOut
    versionInfo: VersionOut  # noqa: N815 - Alertmanager's name
    config: ConfigOut
    uptime: Time


@router.get("/api/v2/status", responses=errors())
async def alertmanager_status(room: InRoom) -> AlertmanagerStatus:
    """That this is a station, of which version, since when."""
    health = room.door.health()
    return AlertmanagerStatus(
        cluster=ClusterOut(status="disabled", peers=[]),
        versionInfo=VersionOut(version=f"CrisisDesk {health.version}"),
        config=ConfigOut(original=""),
        uptime=iso(health.started_ms),
    )
