"""The change feed: every event of the log once, in order, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from crisisdesk.api.answers import Refused
from crisisdesk.api.documented import errors
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Room
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.event import unseal

router = APIRouter(tags=["feed"])

KEEP_ALIVE_S = 15.0
BATCH = 500
FEEDS_LIMIT = 32
_POS_LIMIT = 2**63 - 1


@router.get(
    "/crisis/feed",
    response_class=Response,
    responses={
        **errors(409),
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "id: position, event: kind, data: the stored envelope with its body.",
        },
    },
)
async def feed(
    room: InRoom,
    after: Annotated[int | None, Query(ge=0, le=_POS_LIMIT)] = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> Response:
    """Events behind a log position, then every new one. ``Last-Event-ID`` wins over ``after``;
    with neither it starts with what comes next."""
    start = after if last_event_id is None else _position(last_event_id)
    head = await room.reads.feed(lambda reader: reader.head_pos())
    if start is None:
        start = head
    if start > head:
        raise Conflict(
            "after", f"lies behind the end of the log, which is {head}", "read all again from 0"
        )
    if room.feeds.running >= FEEDS_LIMIT:
        raise Refused(
            503,
            "station",
            f"already serves {FEEDS_LIMIT} feeds",
            "close one",
            (b"retry-after", b"15"),
        )
    return StreamingResponse(
        stream(room, start),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


def _position(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise Malformed("Last-Event-ID", "is no log position", "send the id of the last event")
    return int(text)


async def stream(room: Room, pos: int) -> AsyncIterator[bytes]:
    """Chunks of the stream behind ``pos``, until the station stops.

    Nothing is held for a slow reader: the log is its buffer, and it is asked for the next batch
    when the one before has been handed over.
    """
    room.feeds.running += 1
    try:
        yield b": crisisdesk\n\n"
        while not room.stopping.is_set():
            rows = await room.reads.feed(partial(_batch, pos))
            if rows:
                yield encode_rows(rows)
                pos = rows[-1][0]
            elif await _nothing_new(room, pos):
                yield b": alive\n\n"
    finally:
        room.feeds.running -= 1


def _batch(pos: int, reader: StationReader) -> Sequence[tuple[int, bytes, bytes]]:
    """The next events; what a restricted incident holds goes out without its body."""
    rows = reader.events_after(pos, BATCH)
    about = [unseal(raw, b"{}").agg for _pos, raw, _body in rows]
    veiled = reader.veiled(about)
    if not veiled:
        return rows
    return [
        (pos, raw, b"{}" if agg in veiled else body)
        for agg, (pos, raw, body) in zip(about, rows, strict=True)
    ]


async def _nothing_new(room: Room, pos: int) -> bool:
    """Wait for news, the end of the station, or the time for a sign of life (then true)."""
    waits = [
        asyncio.get_running_loop().create_task(room.door.wait_change(pos, KEEP_ALIVE_S)),
        asyncio.get_running_loop().create_task(room.stopping.wait()),
    ]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        return waits[0].done() and not room.stopping.is_set() and int(waits[0].result()) <= pos
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


def encode_rows(rows: Sequence[tuple[int, bytes, bytes]]) -> bytes:
    """Events as SSE: canonical JSON holds no line break, so that each is one data line."""
    parts = []
    for pos, raw, body in rows:
        kind = unseal(raw, b"{}").kind.encode()
        parts.append(
            b'id: %d\nevent: %s\ndata: {"envelope":%s,"body":%s}\n\n' % (pos, kind, raw, body)
        )
    return b"".join(parts)
