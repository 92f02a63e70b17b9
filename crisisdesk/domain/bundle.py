"""Bundles: which of the deliveries that are due go by themselves, and which in one message.

A storm and a backlog are the same case: more is due for a contact method than it should get.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.severity import SEVERITY_RANK

TOLD = 5
# How many of a bundle are dealt with in one transaction; between two of them others have a turn.
BUNDLE_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many messages a contact method may get now, of urgent pages and of any."""

    urgent: int
    any: int


def by_weight(due: Iterable[Delivery], services: Mapping[str, str]) -> list[Delivery]:
    """The worst first; of equals the first of each service, then those due longest.

    ``services`` gives the service of an alert by its id.
    """
    waiting = sorted(due, key=lambda d: (-SEVERITY_RANK[d.severity], d.due_at or 0, d.delivery_id))
    seen: Counter[tuple[str, str]] = Counter()
    keyed: list[tuple[int, int, int, Delivery]] = []
    for place, one in enumerate(waiting):
        service = (one.severity, services.get(one.alert_id, ""))
        keyed.append((-SEVERITY_RANK[one.severity], seen[service], place, one))
        seen[service] += 1
    return [one for _rank, _nth, _place, one in sorted(keyed, key=lambda key: key[:3])]


def plan(due: Sequence[Delivery], room: Room, stale: frozenset[str]) -> list[list[Delivery]]:
    """What goes out now: one list for each message, its carrier first.

    ``due`` are by weight, ``stale`` the ids of those that have waited too long to go as if new. A
    test and the first page of an urgent alert go by themselves while there is a place for each.
    The last place takes all that is left as one message, so that nobody waits in a row.
    """
    tests = [one for one in due if one.is_test]
    alone = [one for one in due if _goes_alone(one, stale)]
    lone = {one.delivery_id for one in (*tests, *alone)}
    others = [one for one in due if one.delivery_id not in lone] if room.any > 0 else []
    if room.any <= 0:
        # Urgent all the same, but not by themselves: tried before, or waiting for too long.
        others = [one for one in due if one.is_urgent and one.delivery_id not in lone]
    messages = [[one] for one in tests[: max(0, room.urgent)]]
    places = room.urgent - len(messages)
    if len(alone) + bool(others) <= places:
        messages += [[one] for one in alone]
        rest = others
    elif places > 0:
        messages += [[one] for one in alone[: places - 1]]
        behind = {one.delivery_id for one in alone[places - 1 :]}
        # One message goes anyway: whatever waits goes with it.
        rest = [one for one in due if one.delivery_id in behind or one.delivery_id not in lone]
    else:
        rest = []
    return [*messages, rest] if rest else messages


def _goes_alone(one: Delivery, stale: frozenset[str]) -> bool:
    is_first = one.attempt == 0 and one.delivery_id not in stale
    return one.is_urgent and not one.is_test and is_first


def is_stale(delivery: Delivery, now: int, ttl_ms: Mapping[str, int]) -> bool:
    """Whether it has waited too long to go out as if new; ``ttl_ms`` by severity."""
    return not delivery.is_test and now - delivery.queued_at > ttl_ms[delivery.severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a bundle says of one alert. ``since`` is when it was detected, UTC ms."""

    delivery_id: str
    severity: str
    title: str
    service: str
    since: int
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a bundle says in all: counts, the few that are told by name, the rest by service.

    ``severities`` and ``services`` are (name, number), the worst and the largest first; ``since``
    is the earliest of all (UTC ms) when all of them have waited too long to be news, else None.
    """

    count: int
    severities: tuple[tuple[str, int], ...]
    told: tuple[Told, ...]
    services: tuple[tuple[str, int], ...]
    still_open_since: int | None = None
    is_possible_repeat: bool = False

    @property
    def worst(self) -> str:
        """The worst severity in it."""
        return self.severities[0][0]


def digest_of(alerts: Sequence[Told], *, is_possible_repeat: bool = False) -> Digest:
    """Of one alert or more: the worst, and of these the newest, are told by name."""
    ranked = sorted(alerts, key=lambda a: (-SEVERITY_RANK[a.severity], -a.since, a.delivery_id))
    by_severity = Counter(a.severity for a in alerts)
    by_service = Counter(a.service for a in alerts)
    return Digest(
        count=len(alerts),
        severities=tuple(sorted(by_severity.items(), key=lambda s: -SEVERITY_RANK[s[0]])),
        told=tuple(ranked[:TOLD]),
        services=tuple(sorted(by_service.items(), key=lambda s: (-s[1], s[0]))),
        still_open_since=min(a.since for a in alerts) if all(a.is_stale for a in alerts) else None,
        is_possible_repeat=is_possible_repeat,
    )
