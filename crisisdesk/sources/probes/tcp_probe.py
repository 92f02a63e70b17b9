"""Looks at a TCP port: whether it takes a connection, and what it says first."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes import trust
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, down
from crisisdesk.sources.probes.names import Names
from crisisdesk.sources.probes.reasons import shown

# Of what it says first no more is read than this.
BANNER_BYTES = 4 * 1024
_SETTINGS = ("host", "port", "tls", "send", "expect", *trust.SETTINGS)


class TcpProber:
    """Connects, says what it is told to say, reads until it has read what is expected."""

    type = "tcp"

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()
        self._trust = trust.Trust()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """See `engine.detection_ports.Prober`."""
        fields = Fields(settings, _SETTINGS)
        told: dict[str, Any] = {
            "host": fields.host(),
            "port": fields.whole("port", 1, 65_535),
            "tls": fields.yes("tls", default=False),
            "send": fields.raw("send", limit=1_000),
            "expect": fields.raw("expect", limit=500),
            **trust.check(fields),
        }
        if told["tls_days"] and not told["tls"]:
            raise fields.wrong("tls_days", "is given without tls", "add tls: true")
        return told

    def secret_names(self, _settings: Mapping[str, Any]) -> Sequence[str]:
        """See `engine.detection_ports.Prober`."""
        return ()

    async def look(self, look: Look) -> Reading:
        """See `engine.detection_ports.Prober`."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "the port")

    async def aclose(self) -> None:
        """See `engine.detection_ports.Prober`."""
        self._names.close()

    async def _look(self, sight: Sight) -> Reading:
        look, settings = sight.look, sight.look.source.settings
        context = self._trust.context(settings) if settings["tls"] else None
        reader, writer = await self._connected(look, context)
        values: dict[str, float] = {}
        try:
            tls = writer.get_extra_info("ssl_object")
            if isinstance(tls, (ssl.SSLObject, ssl.SSLSocket)):
                left = trust.days_left(tls.getpeercert() or {}, look.now)
                trust.assert_days(left, settings["tls_days"], values)
            if settings["send"]:
                writer.write(_unescaped(settings["send"]))
                await writer.drain()
            if settings["expect"]:
                await _expect(reader, _unescaped(settings["expect"]), settings["expect"], values)
        finally:
            # Closing politely waits for the other side; nothing more is wanted of it.
            writer.transport.abort()
        return sight.reading(
            Verdict.UP, f"port {settings['port']} takes connections", values=values
        )

    async def _connected(
        self, look: Look, context: ssl.SSLContext | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        settings = look.source.settings
        found = await self._names.resolve(settings["host"])
        failure: OSError | None = None
        for address in found:
            try:
                async with asyncio.timeout(look.deadline_s / len(found)):
                    return await asyncio.open_connection(
                        address,
                        settings["port"],
                        ssl=context,
                        server_hostname=settings["host"] if context else None,
                        limit=BANNER_BYTES,
                    )
            except OSError as error:
                failure = error
        raise failure or down("host name not found")


async def _expect(
    reader: asyncio.StreamReader, wanted: bytes, told: str, values: Mapping[str, float]
) -> None:
    """Read until it has said what is wanted; raises Unanswered for too much else, or an end."""
    found = bytearray()
    while wanted not in found:
        piece = await reader.read(BANNER_BYTES)
        found += piece
        if not piece or (len(found) >= BANNER_BYTES and wanted not in found):
            said = shown(bytes(found[:200]).decode("utf-8", "replace")) if found else "nothing"
            raise down(f"it said {said} where {shown(told)} is expected", values)


def _unescaped(text: str) -> bytes:
    r"""Text as it is sent: \r, \n and \t stand for what they usually do."""
    plain = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t")
    return plain.encode()
