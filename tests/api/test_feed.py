"""The change feed over a real socket: everything once, in order, under writes, to the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from crisisdesk.api import feed as feed_module
from crisisdesk.api.server import serve

from tests.api.station import BEARER, INTAKE, OPERATOR, Station

ALERTS = 300


@asynccontextmanager
async def served(station: Station) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The station's door on a free port."""
    stop = asyncio.Event()
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(
            serve(station.app, "127.0.0.1", 0, lambda _host, at: port.set_result(at), stop)
        )
        try:
            yield f"http://127.0.0.1:{await port}", stop
        finally:
            stop.set()


async def events(answer: httpx.Response) -> AsyncIterator[tuple[int, str, dict[str, Any]]]:
    """(id, event, data) of each event; comments are left out."""
    pos, kind = 0, ""
    async for line in answer.aiter_lines():
        if line.startswith("id: "):
            pos = int(line[4:])
        elif line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: "):
            yield pos, kind, json.loads(line[6:])


async def read_until(url: str, last: int, after: int, drop_after: int) -> list[Any]:
    """All events up to ``last``, hanging up every ``drop_after`` and resuming by Last-Event-ID."""
    seen: list[Any] = []
    async with httpx.AsyncClient(headers=BEARER, timeout=20) as http:
        while not seen or seen[-1][0] < last:
            headers = {"last-event-id": str(seen[-1][0])} if seen else {}
            path = f"{url}/crisis/feed?after={after}"
            async with http.stream("GET", path, headers=headers) as answer:
                assert answer.status_code == 200
                assert answer.headers["content-type"].startswith("text/event-stream")
                taken = 0
                async for event in events(answer):
                    seen.append(event)
                    taken += 1
                    if event[0] >= last or taken >= drop_after:
                        break
    return seen


async def write(url: str, worker: int) -> None:
    headers = {"authorization": f"Bearer {INTAKE}"}
    async with httpx.AsyncClient(headers=headers, timeout=20) as http:
        for n in range(ALERTS // 3):
            body = [{"labels": {"alertname": f"w{worker}-{n}"}}]
            answer = await http.post(f"{url}/api/v2/alerts", json=body)
            assert answer.status_code == 200


def test_nothing_is_missed_or_repeated_while_others_write(station: Station) -> None:
    async def run() -> list[list[Any]]:
        async with served(station) as (url, _stop), asyncio.TaskGroup() as tasks:
            whole = tasks.create_task(read_until(url, ALERTS, 0, 10**9))
            broken = tasks.create_task(read_until(url, ALERTS, 0, 37))
            for worker in range(3):
                tasks.create_task(write(url, worker))
            return [await whole, await broken]

    for seen in station.run(run()):
        assert [pos for pos, _kind, _data in seen] == list(range(1, ALERTS + 1))
        for _pos, kind, data in seen:
            assert kind == data["envelope"]["kind"] == "alert.fired"
            assert data["body"]["labels"]["alertname"].startswith("w")
    stored = station.reader(lambda r: r.events_after(0))
    assert len(stored) == ALERTS


def test_the_feed_ends_with_the_station(station: Station) -> None:
    async def run() -> list[str]:
        async with (
            served(station) as (url, stop),
            httpx.AsyncClient(headers=BEARER, timeout=20) as http,
            http.stream("GET", f"{url}/crisis/feed") as answer,
        ):
            lines = answer.aiter_lines()
            first = await anext(lines)
            stop.set()
            return [first, *[line async for line in lines]]

    lines = station.run(asyncio.wait_for(run(), 4))
    assert lines[0].startswith(":")
    assert station.app.state.room.feeds.running == 0


def test_a_quiet_feed_gives_signs_of_life(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "KEEP_ALIVE_S", 0.05)

    async def run() -> list[bytes]:
        chunks = feed_module.stream(station.app.state.room, 0)
        taken = [await anext(chunks) for _ in range(3)]
        assert isinstance(chunks, AsyncGenerator)
        await chunks.aclose()
        return taken

    assert station.run(run())[1:] == [b": alive\n\n", b": alive\n\n"]
    assert station.app.state.room.feeds.running == 0


def test_a_position_that_cannot_be_is_refused(station: Station) -> None:
    assert station.ask("GET", "/crisis/feed?after=5").status_code == 409
    assert station.ask("GET", "/crisis/feed?after=-1").status_code == 400
    assert station.ask("GET", "/crisis/feed?after=x").status_code == 400
    bad = station.ask("GET", "/crisis/feed", headers={"last-event-id": "1x"})
    assert (bad.status_code, bad.json()["error"]["field"]) == (400, "Last-Event-ID")
    for headers in ({}, {"authorization": f"Bearer {INTAKE}"}):
        assert station.bare("GET", "/crisis/feed", headers=headers).status_code in (401, 403)


def test_feeds_are_bounded(station: Station) -> None:
    station.app.state.room.feeds.running = feed_module.FEEDS_LIMIT
    answer = station.ask("GET", "/crisis/feed")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "15"
    station.app.state.room.feeds.running = 0


def test_one_event_is_one_message(station: Station) -> None:
    station.raised(title="line one\nline two")
    rows = station.reader(lambda r: r.events_after(0))
    text = feed_module.encode_rows(rows).decode()
    assert text.count("\n\n") == 1
    assert text.splitlines()[0] == "id: 1"
    assert json.loads(text.splitlines()[2][6:])["body"]["title"] == "line one\nline two"
    assert OPERATOR
