"""Whether this station's own network works: gateway, name servers, and what else it is told."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.engine.patience import within
from crisisdesk.sources.probes.names import Names

ROUTES, RESOLVERS, NEIGHBOURS = (
    Path("/proc/net/route"),
    Path("/etc/resolv.conf"),
    Path("/proc/net/arp"),
)
# A port that is closed answers as well as one that is open: it says that the host is there.
KNOCKS = (53, 80, 443)
_UP, _GATEWAY, _REACHED = 0x1, 0x2, 0x2
AUTO = "auto"
NAME_PORT = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What is asked: ``gateway`` an address, "auto" (the routing table's) or "" for none;
    ``name_servers`` addresses, or ("auto",) for those of the system; ``anchors`` are host:port of
    what is always there."""

    gateway: str = AUTO
    name_servers: tuple[str, ...] = (AUTO,)
    anchors: tuple[str, ...] = ()


class NearProbe:
    """Implements `engine.collector_ports.OwnNetwork`."""

    def __init__(self, near: Near, names: Names | None = None, name_port: int = NAME_PORT) -> None:
        self._near = near
        self._name_port = name_port
        self._names = names or Names()

    async def check(self, deadline_s: float) -> str:
        """Why the network does not work; "" when it does, or nothing is known that could be asked.

        It does not when no anchor answers, or no name server does, or, where neither is known, the
        gateway does not.
        """
        near = self._near
        gateway = default_gateway() if near.gateway == AUTO else near.gateway
        servers = name_servers() if AUTO in near.name_servers else near.name_servers
        asked: list[list[Awaitable[bool]]] = [
            [self._anchor_answers(place) for place in near.anchors],
            [_server_answers(place, self._name_port, deadline_s) for place in servers],
            [_gateway_answers(gateway)] if gateway else [],
        ]
        anchors, names, gate = await asyncio.gather(
            *(_any_answers(group, deadline_s) for group in asked)
        )
        if anchors is False:
            return f"none of {', '.join(near.anchors)} answers"
        if names is False:
            return "no name server answers"
        if gate is False and anchors is None and names is None:
            return f"the gateway {gateway} does not answer"
        return ""

    async def _anchor_answers(self, place: str) -> bool:
        host, _, port = place.rpartition(":")
        found = await self._names.resolve(host.strip("[]"))
        return await _is_there(found[0], int(port))

    def close(self) -> None:
        """Let its threads end."""
        self._names.close()


async def _any_answers(group: Sequence[Awaitable[bool]], deadline_s: float) -> bool | None:
    """Whether any answers in time; None when there is none to ask."""
    if not group:
        return None
    answers = await asyncio.gather(*(_in_time(one, deadline_s) for one in group))
    return any(answers)


async def _in_time(question: Awaitable[bool], deadline_s: float) -> bool:
    async def asked() -> bool:
        return await question

    try:
        return await within(deadline_s, asked())
    except OSError:
        return False


async def _gateway_answers(address: str) -> bool:
    """A gateway may answer nobody; that its hardware address was found out just now says enough."""
    knocks = (_in_time(_is_there(address, port), 1.0) for port in KNOCKS)
    return any(await asyncio.gather(*knocks)) or is_neighbour(address)


async def _is_there(host: str, port: int) -> bool:
    """Whether anything answers: that it refuses is an answer."""
    try:
        _reader, writer = await asyncio.open_connection(host, port)
    except (ConnectionRefusedError, ConnectionResetError):
        return True
    writer.transport.abort()
    return True


async def _server_answers(address: str, port: int, deadline_s: float) -> bool:
    """Any answer counts, but that one on this machine fails at asking others."""
    import dns.asyncbackend
    import dns.asyncquery
    import dns.exception
    import dns.message
    import dns.rcode

    question = dns.message.make_query(".", "NS")
    try:
        answer = await dns.asyncquery.udp(
            question,
            address,
            port=port,
            timeout=deadline_s,
            ignore_unexpected=True,
            ignore_errors=True,
            ignore_trailing=True,
            backend=dns.asyncbackend.get_backend("asyncio"),
        )
    except dns.exception.DNSException:
        return False
    is_own = ipaddress.ip_address(address.partition("%")[0]).is_loopback
    return not (is_own and answer.rcode() == dns.rcode.SERVFAIL)


def default_gateway(routes: Path = ROUTES) -> str:
    """The gateway of the default route with the least metric; "" when there is none."""
    best: tuple[int, str] | None = None
    for line in _lines(routes)[1:]:
        fields = line.split()
        if len(fields) < 8 or fields[1] != "00000000" or fields[7] != "00000000":
            continue
        flags, metric = int(fields[3], 16), int(fields[6])
        if flags & _UP and flags & _GATEWAY and (best is None or metric < best[0]):
            # The kernel writes the four bytes as one number of this machine's byte order.
            raw = bytes.fromhex(fields[2])
            address = ipaddress.IPv4Address(raw[::-1] if sys.byteorder == "little" else raw)
            best = (metric, str(address))
    return "" if best is None else best[1]


def name_servers(resolvers: Path = RESOLVERS) -> list[str]:
    """The system's name servers, in order."""
    found = []
    for line in _lines(resolvers):
        words = line.split()
        if len(words) >= 2 and words[0] == "nameserver":
            found.append(words[1])
    return found


def is_neighbour(address: str, neighbours: Path = NEIGHBOURS) -> bool:
    """Whether the kernel knows its hardware address."""
    for line in _lines(neighbours)[1:]:
        fields = line.split()
        if len(fields) >= 4 and fields[0] == address:
            return bool(int(fields[2], 16) & _REACHED)
    return False


def _lines(path: Path) -> list[str]:
    """A file of the system; none where there is no such file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
