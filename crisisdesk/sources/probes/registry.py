"""Which types of sources there are, and how the prober of each is made.

A prober's module is imported when a source of its type is first declared or looked at: a station
that looks at nothing loads none of the libraries that they speak through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from crisisdesk.engine.detection_ports import Prober
from crisisdesk.sources.rules import IntakeRules

Factory = Callable[..., Prober]

# Type -> where its prober stands. Another type of source is one more line here, and its module.
_PLACES = {
    "alertmanager": ("alertmanager_probe", "AlertmanagerProber"),
    "dns": ("dns_probe", "DnsProber"),
    "file": ("file_probe", "FileProber"),
    "host": ("host_probe", "HostProber"),
    "http": ("http_probe", "HttpProber"),
    "icmp": ("icmp_probe", "IcmpProber"),
    "imap": ("imap_probe", "ImapProber"),
    "json": ("json_probe", "JsonProber"),
    "openmetrics": ("openmetrics_probe", "OpenMetricsProber"),
    "postgres": ("postgres_probe", "PostgresProber"),
    "prometheus": ("prometheus_probe", "PrometheusProber"),
    "tcp": ("tcp_probe", "TcpProber"),
}


def _make(module: str, name: str, *rules: IntakeRules) -> Prober:
    prober: Prober = getattr(import_module(f"crisisdesk.sources.probes.{module}"), name)(*rules)
    return prober


# Those that hand on reports of others read them by the station's own words and shapes.
_REPORTING = frozenset({"alertmanager", "json", "prometheus"})


FACTORIES: Mapping[str, Factory] = {
    type_: partial(_make, *place) for type_, place in _PLACES.items()
}


def factories(rules: IntakeRules) -> dict[str, Factory]:
    """How the prober of each type is made at a station with these rules."""
    return {
        type_: partial(make, rules) if type_ in _REPORTING else make
        for type_, make in FACTORIES.items()
    }


class Probers:
    """Implements `engine.collector_ports.Probers`."""

    def __init__(self, factories: Mapping[str, Factory] = FACTORIES) -> None:
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
