"""The far ends of a fan-out, in a process of their own: a late HTTP gateway and a mail relay.

``python -m tests.benchmarks.fanout_sinks HTTP_PORT MAIL_PORT DELAY_S``; GET /count tells how many
messages came whole over HTTP and how many over SMTP.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Counts:
    """What came whole."""

    http = 0
    mail = 0


class Gateway(asyncio.Protocol):
    """Answers every request ``delay_s`` late, as a provider far away does."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            head = self._got[:end].lower()
            _, _, length = head.partition(b"content-length:")
            whole = end + 4 + int(length.split(b"\r\n", 1)[0] or 0)
            if len(self._got) < whole:
                return
            self._got = self._got[whole:]
            if head.startswith(b"get /count"):
                self._say(f"{Counts.http} {Counts.mail}".encode())
            else:
                Counts.http += 1
                asyncio.get_running_loop().call_later(self._delay_s, self._say, b"ok")

    def _say(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


class Mailbox:
    """Takes every mail and keeps none."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        """Count it."""
        Counts.mail += 1
        return "250 2.0.0 OK"


async def serve(http_port: int, mail_port: int, delay_s: float) -> None:
    """Until the process is ended."""
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Gateway(delay_s), "127.0.0.1", http_port, backlog=512)
    await loop.create_server(
        lambda: SMTP(Mailbox(), hostname="sink"), "127.0.0.1", mail_port, backlog=512
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
