"""What a thousand sources look at: one program that answers late, hangs, or takes connections.

``python -m tests.benchmarks.many_targets PORTS HANGING TCP`` serves ``/h/N`` (an answer after 100
ms; none at all for the first HANGING of them) and ``/m/N`` (50 series) on one port, and so many TCP
ports of their own; what it listens on goes as JSON into the file PORTS. ``/arrivals`` tells the
wall time (ms) of every look so far.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import cast

import uvloop

ANSWER_S = 0.1
SERIES = 50
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
_PAGE = (_HEAD % (b"text/plain", 12)) + b"all is fine\n"


def exposed(number: int) -> bytes:
    """A page of 50 series, as an exporter serves it."""
    lines = [
        f'node_cpu_seconds_total{{cpu="{n % 16}",mode="m{n // 16}"}} {number * 1000 + n}.{n:02}'
        for n in range(SERIES)
    ]
    body = "# TYPE node_cpu_seconds_total counter\n" + "\n".join(lines) + "\n"
    return _HEAD % (b"text/plain; version=0.0.4", len(body)) + body.encode()


class Targets:
    """What is served, and when each was looked at."""

    def __init__(self, hanging: int) -> None:
        self.hanging = {f"/h/{number}" for number in range(hanging)}
        self.arrivals: dict[str, list[int]] = defaultdict(list)
        self._pages: dict[str, bytes] = {}

    def note(self, what: str) -> None:
        """It is looked at now."""
        self.arrivals[what].append(time.time_ns() // 1_000_000)

    def answer(self, path: str) -> bytes | None:
        """What is answered; None for nothing at all."""
        if path == "/arrivals":
            body = json.dumps(self.arrivals).encode()
            return _HEAD % (b"application/json", len(body)) + body
        self.note(path)
        if path in self.hanging:
            return None
        if path.startswith("/h/"):
            return _PAGE
        if path not in self._pages:
            self._pages[path] = exposed(int(path.rpartition("/")[2]))
        return self._pages[path]


class Web(asyncio.Protocol):
    """One connection, one question."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are no subclass of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if b"\r\n\r\n" not in self._heard or self._transport is None:
            return
        path = self._heard.split(b" ", 2)[1].decode()
        said = self._targets.answer(path)
        if said is not None:
            wait_s = ANSWER_S if path.startswith("/h/") else 0.0
            asyncio.get_running_loop().call_later(wait_s, self._say, said)

    def _say(self, said: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(said)
            self._transport.close()


class Port(asyncio.Protocol):
    """A connection to a port that only takes it."""

    def __init__(self, targets: Targets, what: str) -> None:
        self._targets, self._what = targets, what

    def connection_made(self, _transport: asyncio.BaseTransport) -> None:
        self._targets.note(self._what)


async def serve(ports: Path, hanging: int, tcp: int) -> None:
    """Until it is ended."""
    loop, targets = asyncio.get_running_loop(), Targets(hanging)
    web = await loop.create_server(lambda: Web(targets), "127.0.0.1", 0, backlog=1024)
    taken: list[int] = []
    for number in range(tcp):
        what = f"/t/{number}"
        one = await loop.create_server(partial(Port, targets, what), "127.0.0.1", 0)
        taken.append(one.sockets[0].getsockname()[1])
    fresh = ports.with_suffix(".new")
    fresh.write_text(json.dumps({"web": web.sockets[0].getsockname()[1], "tcp": taken}))
    fresh.replace(ports)
    await loop.create_future()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
