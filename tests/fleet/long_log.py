"""Long logs of many stations, as busy fleets write them: the same seed makes the same bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from crisisdesk.domain.event import GENESIS, Event, Stored, seal

# 2026-02-12 02:05:02 UTC.
START_MS = 1_770_861_902_000
# A busy fleet: one event a second, a million in twelve days.
EVERY_MS = 1_000
SEVERITIES = ("low", "medium", "high", "critical", "emergency")
PEOPLE = ("Klára Langová", "Jonas Weber", "Aïcha Benali", "Tom O'Neill")
SERVICES = ("payments", "orders", "search", "login", "storage", "mail", "billing")
Step = tuple[str, str, str, dict[str, Any]]


def origins(count: int) -> list[str]:
    """Names of stations' incarnations."""
    return [f"{number:02x}" * 16 for number in range(1, count + 1)]


@dataclass(slots=True)
class LongLog:
    """``events`` in the order in which they happened at ``stations`` stations.

    About ten events each: alerts that fire, repeat, are taken at some station, resolved and
    closed; a page for every other one; incidents with updates for one in twenty. Nine in ten
    events of an alert are written where it came in, the others where someone worked on it.
    """

    events: int
    stations: int = 10
    seed: int = 1
    start_ms: int = START_MS
    aggregates: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Stored]:
        """Every event, each continuing its origin's chain."""
        dice = random.Random(self.seed)
        names = origins(self.stations)
        ends = dict.fromkeys(names, (0, GENESIS))
        due: list[tuple[int, int, Iterator[Step]]] = []
        now, told, stories = self.start_ms, 0, 0
        while told < self.events:
            if not due or due[0][0] > now:
                stories += 1
                heappush(due, (now, stories, self._story(stories, dice, names)))
            _when, number, story = heappop(due)
            step = next(story, None)
            if step is None:
                continue
            origin, agg, kind, body = step
            seq, previous = ends[origin]
            event = Event(
                origin=origin,
                seq=seq + 1,
                hlc=(now << 16) + told % 7,
                id=f"{now:012x}7{told:019x}",
                agg=agg,
                kind=kind,
                actor=PEOPLE[number % len(PEOPLE)],
                wall_ms=now,
                body=body,
            )
            sealed = seal(event, dice.randbytes(16), previous)
            ends[origin] = (seq + 1, sealed.hash)
            yield Stored(
                origin=origin,
                seq=seq + 1,
                raw=sealed.raw,
                body=sealed.body,
                salt=sealed.salt,
                hash=sealed.hash,
            )
            told += 1
            heappush(due, (now + dice.randrange(2_000, 600_000), number, story))
            now += EVERY_MS

    def _story(self, number: int, dice: random.Random, names: list[str]) -> Iterator[Step]:
        home = names[number % len(names)]
        alert = f"A-{number:012X}"
        self.aggregates += 1
        yield home, alert, "alert.fired", _fired(number)
        if number % 2:
            yield from self._page(number, alert, names[0])
        repeats = dice.randrange(6, 18)
        desk = names[dice.randrange(len(names))]
        for n in range(repeats):
            yield home, alert, "alert.repeated", {"epoch": "n1", "n": 1 + n % 3}
        yield desk, alert, "alert.acknowledged", {"epoch": "n1"}
        if number % 20 == 0:
            yield from self._incident(number, alert, desk)
        if number % 3 == 0:
            yield desk, alert, "alert.noted", {"epoch": "n1", "text": "rang the data centre"}
        yield home, alert, "alert.resolved", {"epoch": "n1", "life": 1, "reason": "restarted"}
        if number % 4 == 0:
            yield desk, alert, "alert.closed", {"epoch": "n1", "life": 1}

    def _page(self, number: int, alert: str, at: str) -> Iterator[Step]:
        self.aggregates += 1
        page = f"D-{number:012X}"
        yield at, page, "delivery.queued", _queued(number, alert)
        claim = {"attempt": 1, "deadline": START_MS, "unknown": 0, "token": 3, "holder": at}
        yield at, page, "delivery.claimed", claim
        sent = {"attempt": 1, "holder": at, "provider_id": f"<{number}@mail>", "words": "250 OK"}
        yield at, page, "delivery.sent", sent

    def _incident(self, number: int, alert: str, at: str) -> Iterator[Step]:
        incident = f"INC-{number:08X}"
        self.aggregates += 1
        yield at, incident, "incident.opened", _opened(number, alert)
        yield at, alert, "alert.escalated", {"incident_id": incident}
        for n, status in enumerate(("identified", "monitoring", "resolved", "closed")):
            self.aggregates += 1
            yield at, f"U-{number:012X}{n}", "update.posted", _posted(number, incident, n)
            yield at, incident, "incident.status_changed", {"life": 1, "status": status}


def _fired(number: int) -> dict[str, Any]:
    service = SERVICES[number % len(SERVICES)]
    return {
        "alert_type": "service",
        "annotations": {"summary": f"p99 über {number % 9} s", "runbook": "https://wiki/latency"},
        "detection_method": "automated",
        "epoch": "n1",
        "key": f"{number:016x}",
        "labels": {"alertname": "Latency", "instance": f"10.0.{number % 99}.{number % 250}:9100"},
        "place": "Frankfurt",
        "service": service,
        "severity": SEVERITIES[number % 5],
        "sla_deadline": START_MS + number,
        "sla_prealarm_at": START_MS + number,
        "source": "alertmanager",
        "title": f"Latency above 2 s on {service}-{number}",
    }


def _queued(number: int, alert: str) -> dict[str, Any]:
    return {
        "alert_id": alert,
        "channel": "mailto",
        "contact_id": "C-ZMZYPF4J",
        "contact_name": "Jonas Weber",
        "epoch": "n1",
        "masked": "j***@example.org",
        "method_id": "m1",
        "reason": "fired",
        "severity": SEVERITIES[number % 5],
        "text": "",
        "title": f"Latency above 2 s on {SERVICES[number % len(SERVICES)]}-{number}",
    }


def _opened(number: int, alert: str) -> dict[str, Any]:
    return {
        "alerts": [alert],
        "category": "availability",
        "commander": PEOPLE[number % len(PEOPLE)],
        "description": "Customers cannot pay.",
        "impact": "high",
        "priority": "p2",
        "response_team": [],
        "severity": "critical",
        "title": f"Payments down {number}",
    }


def _posted(number: int, incident: str, n: int) -> dict[str, Any]:
    return {
        "description": "All nodes drained, traffic goes to the second site.",
        "happened_at": START_MS + number + n,
        "incident_id": incident,
        "is_pinned": False,
        "is_public": n == 3,
        "title": f"Step {n + 1}",
        "update_type": "note",
    }
