"""A road between a station and Postgres that can be broken while it is used."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from typing import Any

READY_IDLE = b"Z\x00\x00\x00\x05I"
LINGER_NOTHING = struct.pack("ii", 1, 0)
CALL_S = 20.0


class Mode(enum.Enum):
    """What becomes of bytes. Held ones are delivered when the road is open again, as TCP does."""

    PASS = "pass"
    #: No one listens; connections that stood are reset.
    REFUSE = "refuse"
    #: Connections are taken, nothing goes on in either direction.
    BLACKHOLE = "blackhole"
    #: Connections are taken and reset, those that stood as well.
    RESET = "reset"
    #: The server's side is gone, and the client is not told.
    HALF_OPEN = "half-open"
    #: Only what the client sends is held.
    ONE_WAY_UP = "one-way-up"
    #: Only what the server sends is held.
    ONE_WAY_DOWN = "one-way-down"


HOLDS_UP = {Mode.BLACKHOLE, Mode.ONE_WAY_UP, Mode.HALF_OPEN}
HOLDS_DOWN = {Mode.BLACKHOLE, Mode.ONE_WAY_DOWN, Mode.HALF_OPEN}


class _Link:
    """One client's connection and its continuation to the server."""

    def __init__(self, client: asyncio.StreamWriter) -> None:
        self.client = client
        self.server: asyncio.StreamWriter | None = None
        self.cut_at_reply = False

    def reset(self, *, client: bool = True) -> None:
        """Break it off so that both ends are told at once; the client only if asked to."""
        for writer in (self.client if client else None, self.server):
            if writer is None or writer.transport.is_closing():
                continue
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOTHING)
            writer.transport.abort()


class FaultProxy:
    """Listens on a free loopback port and hands on to ``target_port``; a context, with a thread.

    ``mode`` and ``latency_s`` (of every piece, in each direction) may be set from any thread at any
    time and hold for connections that stand already. ``taken`` counts connections, ``dropped``
    replies that were not handed on.
    """

    def __init__(self, target_port: int, target_host: str = "127.0.0.1") -> None:
        self._target = (target_host, target_port)
        self._mode = Mode.PASS
        self._links: set[_Link] = set()
        self._drops: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._stop = asyncio.Event()
        self._changed = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fault proxy")
        self.latency_s = 0.0
        self.taken = 0
        self.dropped = 0
        self.port = 0

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        if not self._ready.wait(CALL_S):
            raise RuntimeError("the proxy did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def mode(self) -> Mode:
        """What becomes of bytes now."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        """Comes back when it holds."""
        self._call(lambda: self._switch(mode))

    def drop_reply(self, *, to: bytes = b"", times: int = 1) -> None:
        """Let the next requests that hold the bytes ``to`` be done, and cut before the answer.

        The connection is reset when Postgres says that it is idle again: after the commit.
        """

        async def plan() -> None:
            self._drops += [to] * times

        self._call(plan)

    # -- in the thread -----------------------------------------------------------------------

    def _call(self, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(make(), self._loop).result(CALL_S)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._listen()
        self._ready.set()
        await self._stop.wait()
        await self._deafen()
        for link in list(self._links):
            link.reset()
        self._switch_now(Mode.PASS)
        while self._links:
            await asyncio.sleep(0.005)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _deafen(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            server.close()

    def _switch_now(self, mode: Mode) -> None:
        self._mode = mode
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _switch(self, mode: Mode) -> None:
        self._switch_now(mode)
        if mode in (Mode.REFUSE, Mode.RESET, Mode.HALF_OPEN):
            for link in list(self._links):
                link.reset(client=mode is not Mode.HALF_OPEN)
        if mode is Mode.REFUSE:
            await self._deafen()
        else:
            await self._listen()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        link = _Link(writer)
        self._links.add(link)
        try:
            await self._serve_link(link, reader)
        finally:
            link.reset()
            self._links.discard(link)

    async def _serve_link(self, link: _Link, reader: asyncio.StreamReader) -> None:
        if self._mode is Mode.RESET:
            return
        await self._passable({Mode.BLACKHOLE, Mode.HALF_OPEN})
        try:
            server_reader, link.server = await asyncio.open_connection(*self._target)
        except OSError:
            return
        async with asyncio.TaskGroup() as both:
            both.create_task(self._pump(link, reader, link.server, HOLDS_UP))
            both.create_task(self._pump(link, server_reader, link.client, HOLDS_DOWN))

    async def _passable(self, held: set[Mode]) -> None:
        while self._mode in held and not self._stop.is_set():
            await self._changed.wait()

    async def _pump(
        self,
        link: _Link,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        held: set[Mode],
    ) -> None:
        upwards = held is HOLDS_UP
        # A reset from either side ends this direction; the other one learns it below.
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                if self.latency_s:
                    await asyncio.sleep(self.latency_s)
                await self._passable(held)
                if self._swallowed(link, data, upwards=upwards):
                    continue
                writer.write(data)
                await writer.drain()
        await self._passable(held)
        if not writer.transport.is_closing():
            writer.close()

    def _swallowed(self, link: _Link, data: bytes, *, upwards: bool) -> bool:
        if upwards:
            wanted = next((words for words in self._drops if words in data), None)
            if wanted is not None:
                self._drops.remove(wanted)
                link.cut_at_reply = True
            return False
        if link.cut_at_reply and READY_IDLE in data:
            link.cut_at_reply = False
            self.dropped += 1
            link.reset()
        return link.cut_at_reply or link.client.transport.is_closing()
