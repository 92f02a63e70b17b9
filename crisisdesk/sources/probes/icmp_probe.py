"""Looks at a host with echo requests (ping), where this station may send them."""

from __future__ import annotations

import asyncio
import secrets as entropy
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, down, unsure
from crisisdesk.sources.probes.names import Names

_ECHO = {socket.AF_INET: (8, 0), socket.AF_INET6: (128, 129)}
_PROTOCOL = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_HEADER = struct.Struct("!BBHHH")
TOKEN_BYTES = 16
REMEDY = (
    "allow it: sysctl -w net.ipv4.ping_group_range='0 2147483647'; or declare a tcp source instead"
)


class IcmpProber:
    """Sends up to ``count`` echo requests; the first that is answered says that it is up."""

    type = "icmp"

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """See `engine.detection_ports.Prober`; refuses where this station may not ping."""
        fields = Fields(settings, ("host", "count"))
        told = {"host": fields.host(), "count": fields.whole("count", 1, 10, 3)}
        try:
            _opened(socket.AF_INET).close()
        except OSError:
            raise Malformed("type", "icmp: this station may not send pings", REMEDY) from None
        return told

    def secret_names(self, _settings: Mapping[str, Any]) -> Sequence[str]:
        """See `engine.detection_ports.Prober`."""
        return ()

    async def look(self, look: Look) -> Reading:
        """See `engine.detection_ports.Prober`."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "the host")

    async def aclose(self) -> None:
        """See `engine.detection_ports.Prober`."""
        self._names.close()

    async def _look(self, sight: Sight) -> Reading:
        look, settings = sight.look, sight.look.source.settings
        address = (await self._names.resolve(settings["host"]))[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            opened = _opened(family)
        except OSError as error:
            raise unsure("this station may not send pings") from error
        count = settings["count"]
        with opened:
            opened.connect((address, 0))
            for sent in range(count):
                began = time.monotonic()
                try:
                    async with asyncio.timeout(look.deadline_s / count):
                        await _echo(opened, family, sent)
                except TimeoutError:
                    continue
                took_s = time.monotonic() - began
                values = {"round_trip_seconds": took_s, "lost": float(sent)}
                told = f"answered in {took_s * 1000:.1f} ms"
                return sight.reading(Verdict.UP, told, values=values)
        asked_for = "a ping is" if count == 1 else f"{count} pings are"
        raise down(f"{asked_for} not answered within {look.deadline_s:g} s", {"lost": float(count)})


def _opened(family: socket.AddressFamily) -> socket.socket:
    """A socket for pings: the kernel's own kind where the user may, else a raw one."""
    try:
        opened = socket.socket(family, socket.SOCK_DGRAM, _PROTOCOL[family])
    except PermissionError:
        opened = socket.socket(family, socket.SOCK_RAW, _PROTOCOL[family])
    opened.setblocking(False)
    return opened


async def _echo(opened: socket.socket, family: socket.AddressFamily, number: int) -> None:
    """Send one request and return when its answer is there."""
    request, reply = _ECHO[family]
    token = entropy.token_bytes(TOKEN_BYTES)
    packet = _HEADER.pack(request, 0, 0, 0, number) + token
    packet = _HEADER.pack(request, 0, _checksum(packet), 0, number) + token
    opened.send(packet)
    loop = asyncio.get_running_loop()
    while True:
        await _readable(loop, opened)
        data = opened.recv(2048)
        # A raw socket hears the IP header and everybody's pings; the token tells ours.
        at = data.find(token)
        if at >= _HEADER.size and data[at - _HEADER.size] == reply:
            return


async def _readable(loop: asyncio.AbstractEventLoop, opened: socket.socket) -> None:
    future: asyncio.Future[None] = loop.create_future()
    loop.add_reader(opened, lambda: None if future.done() else future.set_result(None))
    try:
        await future
    finally:
        loop.remove_reader(opened)


def _checksum(packet: bytes) -> int:
    """The internet checksum (RFC 1071)."""
    words = struct.unpack(f"!{len(packet) // 2}H", packet)
    total: int = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
