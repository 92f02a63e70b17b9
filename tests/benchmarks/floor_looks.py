"""The least that a thousand looks cost: httpx' bare transport in a loop, and nothing made of them.

``python -m tests.benchmarks.floor_looks PLAN`` reads a JSON list of ``{"url" | "port", "every_ms",
"first_ms"}`` (wall time) and looks at each at its moments, by a new connection each time and within
5 s, until it is ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import uvloop

DEADLINE_S = 5.0


async def look(web: httpx.AsyncHTTPTransport, one: dict[str, Any]) -> int:
    """One look: how many values it gave."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            if "port" in one:
                _reader, writer = await asyncio.open_connection("127.0.0.1", one["port"])
                writer.transport.abort()
                return 1
            answer = await web.handle_async_request(httpx.Request("GET", one["url"]))
            body = b"".join([piece async for piece in answer.aiter_raw()])
            await answer.aclose()
    except (TimeoutError, httpx.HTTPError, OSError):
        return 0
    if "/m/" not in one["url"]:
        return int(answer.status_code == 200)
    lines = body.decode().splitlines()
    return len([float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")])


async def again(web: httpx.AsyncHTTPTransport, one: dict[str, Any]) -> None:
    """Look at its moments, for ever."""
    at = one["first_ms"]
    while True:
        await asyncio.sleep(max(0.0, at / 1000 - time.time()))
        await look(web, one)
        at += one["every_ms"] * max(1, -(-(time.time() * 1000 - at) // one["every_ms"]))


async def run(plan: list[dict[str, Any]]) -> None:
    """All of them until it is ended."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with (
        httpx.AsyncHTTPTransport(limits=limits, trust_env=False) as web,
        asyncio.TaskGroup() as looks,
    ):
        for one in plan:
            looks.create_task(again(web, one))


if __name__ == "__main__":
    uvloop.run(run(json.loads(Path(sys.argv[1]).read_text())))
