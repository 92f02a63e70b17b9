"""Connections to the Postgres servers that a station's settings name, for steps about them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.redaction import redact, shapes_of
from crisisdesk.recovery.http_call import SECRET_PREFIX, ReadSecret

if TYPE_CHECKING:
    import psycopg

CONNECT_S = 10
DEFAULT_PORT = 5432


class Servers:
    """Addresses by name, without passwords, which lie with the secrets."""

    def __init__(self, addresses: Mapping[str, str], secret: ReadSecret) -> None:
        self._addresses = dict(addresses)
        self._secret = secret

    def address(self, name: object, field: str) -> str:
        """The address of a name; raises Malformed naming ``field`` where it is unknown here."""
        if not isinstance(name, str) or name not in self._addresses:
            remedy = "name it under recovery.databases in this station's settings"
            raise Malformed(field, f"{name!r:.80} is unknown at this station", remedy)
        return self._addresses[name]

    @asynccontextmanager
    async def connected(
        self, name: str, field: str, timeout_s: float
    ) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """A connection of its own, each statement its own transaction; closed at the end.

        Raises psycopg.Error for what the server or the way to it does.
        """
        import psycopg

        address = self.address(name, field)
        password = await asyncio.to_thread(self._secret, f"{SECRET_PREFIX}{name}")
        connection = await psycopg.AsyncConnection.connect(
            address,
            # Never a password of the environment or of a file of the user.
            password=password or None,
            passfile="/dev/null",
            application_name="crisisdesk",
            connect_timeout=max(2, min(CONNECT_S, round(timeout_s))),
            autocommit=True,
            options=f"-c statement_timeout={max(1, round(timeout_s * 1000))}",
        )
        try:
            yield connection
        finally:
            await connection.close()

    async def is_gone(self, name: str, timeout_s: float) -> bool:
        """Whether nothing listens at any place of an address: each refuses, none is silent.

        Asked of the system and not read from words, which may be in any language.
        """
        from psycopg.conninfo import conninfo_to_dict

        told = conninfo_to_dict(self.address(name, "database"))
        hosts = str(told.get("hostaddr") or told.get("host") or "").split(",")
        ports = str(told.get("port") or DEFAULT_PORT).split(",")
        if not all(hosts) or len(ports) not in (1, len(hosts)):
            return False
        if len(ports) == 1:
            ports *= len(hosts)
        places = zip(hosts, ports, strict=True)
        return all([await _refuses(host, int(port), timeout_s) for host, port in places])

    async def plain(self, name: str, error: BaseException) -> str:
        """An error's words in one line, without the server's password."""
        password = await asyncio.to_thread(self._secret, f"{SECRET_PREFIX}{name}")
        return redact(" ".join(str(error).split()), shapes_of(password) if password else ())[:300]


async def _refuses(host: str, port: int, timeout_s: float) -> bool:
    loop = asyncio.get_running_loop()
    if host.startswith("/"):
        found: list[tuple[int, Any]] = [(socket.AF_UNIX, f"{host}/.s.PGSQL.{port}")]
    else:
        try:
            told = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return False
        found = [(family, place) for family, _type, _proto, _name, place in told]
    for family, place in found:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setblocking(False)
            try:
                async with asyncio.timeout(min(CONNECT_S, timeout_s)):
                    await loop.sock_connect(probe, place)
            except (ConnectionRefusedError, FileNotFoundError):
                continue
            except (OSError, TimeoutError):
                return False
            return False
    return bool(found)


async def row(connection: psycopg.AsyncConnection[Any], question: str, *values: Any) -> Any:
    """The first row of a question's answer as a dict; None without one."""
    from psycopg.rows import dict_row

    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(question.encode(), values or None)
        return await cursor.fetchone()
