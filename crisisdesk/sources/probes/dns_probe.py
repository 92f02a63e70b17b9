"""Looks at a name server: whether it answers a question, and with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, down, unsure
from crisisdesk.sources.probes.names import Names
from crisisdesk.sources.probes.own_network import name_servers
from crisisdesk.sources.probes.reasons import shown

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
_SETTINGS = ("name", "record", "server", "port", "expect")


class DnsProber:
    """Asks one server one question, by UDP and, for a long answer, by TCP."""

    type = "dns"

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """See `engine.detection_ports.Prober`."""
        fields = Fields(settings, _SETTINGS)
        record = fields.text("record", "A", limit=10).upper()
        if record not in TYPES:
            raise fields.wrong("record", "is unknown", f"use one of {', '.join(TYPES)}")
        name = fields.text("name", limit=255)
        try:
            dns.name.from_text(name)
        except (dns.exception.DNSException, ValueError):
            remedy = "write it like www.example.org"
            raise fields.wrong("name", "is no name", remedy) from None
        return {
            "name": name,
            "record": record,
            "server": fields.host("server", ""),
            "port": fields.whole("port", 1, 65_535, 53),
            "expect": fields.texts("expect", most=50),
        }

    def secret_names(self, _settings: Mapping[str, Any]) -> Sequence[str]:
        """See `engine.detection_ports.Prober`."""
        return ()

    async def look(self, look: Look) -> Reading:
        """See `engine.detection_ports.Prober`."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "the name server")

    async def aclose(self) -> None:
        """See `engine.detection_ports.Prober`."""
        self._names.close()

    async def _look(self, sight: Sight) -> Reading:
        look, settings = sight.look, sight.look.source.settings
        where = settings["server"] or next(iter(name_servers()), "")
        if not where:
            raise unsure("this station has no name server; give settings.server")
        address = (await self._names.resolve(where))[0]
        question = dns.message.make_query(settings["name"], settings["record"])
        try:
            answer, _by_tcp = await dns.asyncquery.udp_with_fallback(
                question,
                address,
                port=settings["port"],
                timeout=look.deadline_s,
                # Rubbish, or an answer to another question, is not the end of waiting.
                ignore_unexpected=True,
                ignore_errors=True,
                backend=dns.asyncbackend.get_backend("asyncio"),
            )
        except dns.exception.Timeout:
            raise TimeoutError from None
        except (dns.exception.DNSException, EOFError, ValueError) as error:
            raise down(f"the answer cannot be read ({type(error).__name__})") from error
        return _judged(sight, answer)


def _judged(sight: Sight, answer: dns.message.Message) -> Reading:
    settings = sight.look.source.settings
    code = answer.rcode()
    if code != dns.rcode.NOERROR:
        raise down(f"it answers {dns.rcode.to_text(code)}")
    wanted_type = dns.rdatatype.from_text(settings["record"])
    found = [
        item.to_text() for rrset in answer.answer if rrset.rdtype == wanted_type for item in rrset
    ]
    values = {"answers": float(len(found))}
    if not found:
        raise down(f"it has no {settings['record']} record of the name", values)
    known = {_plain(text) for text in found}
    for wanted in settings["expect"]:
        if _plain(wanted) not in known:
            told = shown(", ".join(sorted(known)))
            raise down(f"it answers {told} where {shown(wanted)} is expected", values)
    return sight.reading(Verdict.UP, f"{len(found)} {settings['record']} records", values=values)


def _plain(text: str) -> str:
    """One answer as people write it: no final dot, no quotes, small letters."""
    return text.strip().strip('"').rstrip(".").lower()
