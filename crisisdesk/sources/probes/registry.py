"""Which types of sources there are, and how the prober of each is made.

A prober's module is imported when a source of its type is first declared or looked at: a station
that looks at nothing loads none of the libraries that they speak through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crisisdesk.engine.detection_ports import Prober


def _http() -> Prober:
    from crisisdesk.sources.probes.http_probe import HttpProber

    return HttpProber()


def _tcp() -> Prober:
    from crisisdesk.sources.probes.tcp_probe import TcpProber

    return TcpProber()


def _dns() -> Prober:
    from crisisdesk.sources.probes.dns_probe import DnsProber

    return DnsProber()


def _icmp() -> Prober:
    from crisisdesk.sources.probes.icmp_probe import IcmpProber

    return IcmpProber()


# Another type of source is one more line here, and its module.
FACTORIES: Mapping[str, Callable[[], Prober]] = {
    "dns": _dns,
    "http": _http,
    "icmp": _icmp,
    "tcp": _tcp,
}


class Probers:
    """Implements `engine.collector_ports.Probers`."""

    def __init__(self, factories: Mapping[str, Callable[[], Prober]] = FACTORIES) -> None:
        self._factories = factories
        self._made: dict[str, Prober] = {}

    def get(self, type_: str, /) -> Prober | None:
        """The prober of a type, made when it is first asked for; None for an unknown type."""
        if type_ not in self._made:
            if type_ not in self._factories:
                return None
            self._made[type_] = self._factories[type_]()
        return self._made[type_]

    def types(self) -> list[str]:
        """The types that are known, in order."""
        return sorted(self._factories)

    async def aclose(self) -> None:
        """Close those that were made."""
        for prober in self._made.values():
            await prober.aclose()
