"""Which way a page to a contact takes: around what is taken out, and why."""

from __future__ import annotations

from typing import Any, NamedTuple

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.channel_health import look_at
from crisisdesk.domain.contact import NEVER_SWALLOWED, Contact, ContactMethod
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.loop_test import ways_around
from crisisdesk.domain.outages import TakenOut, taken_out
from crisisdesk.domain.routing import Routed, route, routed_body, second
from crisisdesk.domain.survivability import blocked, listed, suspicions
from crisisdesk.engine.outage_commands import AskReach
from crisisdesk.engine.workbench import Workbench


class Chosen(NamedTuple):
    """A method to page by; ``body`` says why not another one, empty when the card alone decides."""

    method: ContactMethod
    body: dict[str, Any]


def out_now(bench: Workbench) -> dict[str, TakenOut]:
    """Every dependency that counts as gone now."""
    rota, named = bench.at_hand.rota(), bench.at_hand.channels.named()
    if not rota.sayings and not named:
        return {}

    def is_over(incident_id: str) -> bool:
        incident = bench.get(incident_id)
        return isinstance(incident, Incident) and not incident.is_open

    return taken_out(rota.sayings, named, bench.at_hand.known_needs(), bench.now, is_over)


def suspected_now(bench: Workbench, out: dict[str, TakenOut]) -> frozenset[str]:
    """What the deliveries of late let suspect, without what is known to be out."""

    def measure() -> frozenset[str]:
        contacts = bench.contacts()
        methods = [str(m["method_id"]) for c in contacts for m in c.methods]
        uses = bench.journal.uses(methods, bench.now)
        lines = look_at(contacts, uses, bench.now).lines
        found = suspicions(lines, bench.at_hand.rota().dependencies)
        return frozenset(one.dependency for one in found)

    return bench.at_hand.channels.suspected(bench.now, measure) - out.keys()


class Reach:
    """The ways to people at one moment, for pages of one severity about one alert."""

    def __init__(self, bench: Workbench, severity: str, alert: Alert) -> None:
        self._bench, self._severity, self._alert = bench, severity, alert
        self._needs = bench.at_hand.rota().dependencies
        self._out = out_now(bench)
        grave = severity in NEVER_SWALLOWED
        self._suspected = suspected_now(bench, self._out) if grave else frozenset[str]()

    def first(self, contact: Contact) -> list[Chosen]:
        """By what to page now: nothing, one method, or two of different dependencies."""
        ways = self._ways(contact)
        routed = route(ways, self._needs, self._out)
        if not routed:
            return []
        found = [self._chosen(routed[0], ways, routed)]
        besides = second(routed, self._needs, self._suspected, self._severity)
        if besides is not None:
            first = routed[0].method
            doubted = next(n for n in self._needs.of_method(first) if n in self._suspected)
            told = {"channel": first.channel, "masked": first.masked, "needs": doubted}
            found.append(Chosen(besides.method, {"beside": told}))
        return found

    def in_order(self, contact: Contact) -> list[Chosen]:
        """All ways, in the order in which they are tried."""
        ways = self._ways(contact)
        routed = route(ways, self._needs, self._out)
        return [self._chosen(way, ways, routed) for way in routed]

    def _ways(self, contact: Contact) -> list[ContactMethod]:
        return ways_around(self._alert, contact.ways(self._severity, self._bench.now))

    def _chosen(self, way: Routed, ways: list[ContactMethod], routed: list[Routed]) -> Chosen:
        return Chosen(way.method, routed_body(way, ways, routed, self._out))


def ask_reach(_command: AskReach, bench: Workbench) -> str:
    """Whether anybody at all is left; a station without people says so elsewhere."""
    out = out_now(bench)
    people = [c for c in bench.contacts() if c.enabled and any(m["enabled"] for m in _methods(c))]
    needs = bench.at_hand.rota().dependencies
    if not out or not people or any(blocked(c, needs, out) is None for c in people):
        return ""
    gone = {name: None for c in people for name in blocked(c, needs, out) or ()}
    words = "; ".join(f"{name} is out, {out[name].because()}" for name in gone)
    return f"nobody can be reached by a working way ({listed(tuple(gone))}): {words}"


def _methods(contact: Contact) -> list[dict[str, Any]]:
    return [{"enabled": ContactMethod(**m).enabled} for m in contact.methods]
