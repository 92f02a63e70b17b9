"""Looks up host names on threads of its own, so that a dead name server holds up nothing else.

The loop's own way has four threads for everything; a name server that does not answer fills them
for half a minute, and pages would wait behind looks.
"""

from __future__ import annotations

import asyncio
import ipaddress
import queue
import socket
import threading
from collections.abc import Callable

THREADS = 8
Answer = list[str] | OSError


class Names:
    """Runs on a loop; many who ask for the same name at once share one look-up."""

    def __init__(self, look_up: Callable[[str], list[str]] | None = None) -> None:
        self._look_up = look_up or addresses
        self._asked: queue.SimpleQueue[tuple[str, Callable[[Answer], None]] | None]
        self._asked = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._running: dict[str, asyncio.Future[list[str]]] = {}

    async def resolve(self, host: str) -> list[str]:
        """Its addresses, in the order to try them; an address is its own. Raises OSError."""
        if _is_address(host):
            return [host]
        found = self._running.get(host)
        if found is None:
            found = self._begin(host)
        return await asyncio.shield(found)

    def _begin(self, host: str) -> asyncio.Future[list[str]]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[str]] = loop.create_future()

        def settle(answer: Answer) -> None:
            self._running.pop(host, None)
            if isinstance(answer, OSError):
                future.set_exception(answer)
                # Whoever asked may have given up; that nobody looks at it is no news.
                future.exception()
            else:
                future.set_result(answer)

        def done(answer: Answer) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, answer)

        self._running[host] = future
        if len(self._threads) < min(THREADS, len(self._running)):
            # Not joined at the end: a look-up cannot be cut short, and nothing waits for it.
            thread = threading.Thread(target=self._serve, name="probe-names", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._asked.put((host, done))
        return future

    def _serve(self) -> None:
        while (asked := self._asked.get()) is not None:
            host, done = asked
            try:
                answer: Answer = self._look_up(host)
            except OSError as error:
                answer = error
            except ValueError:
                # A label that IDNA refuses is a name that nobody can have.
                answer = socket.gaierror(socket.EAI_NONAME, "no such name")
            try:
                done(answer)
            except RuntimeError:
                # The loop was closed in this very moment; nobody waits any more.
                return

    def close(self) -> None:
        """Let the threads end."""
        for _ in self._threads:
            self._asked.put(None)
        self._threads.clear()


def addresses(host: str) -> list[str]:
    """What the system knows as the addresses of a host; blocks. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
