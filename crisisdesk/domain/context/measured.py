"""Which measured series belong to an alert, and what is shown of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from crisisdesk.domain.detection.series import TOOK, UP, Series
from crisisdesk.domain.detection.source import ALERT_SOURCE

MOST = 3
POINTS = 60
# A label of this name says what the service is, whatever it is called at the source.
SERVICE_LABELS = ("service", "app", "job", "component")


class Measured(NamedTuple):
    """One series of the last hour: its name as Prometheus writes it, and (UTC ms, value)."""

    name: str
    points: tuple[tuple[int, float], ...]


class AboutWhat(NamedTuple):
    """What series are looked for: an alert's source and key, its services and its labels."""

    source: str
    key: str
    services: Sequence[str]
    labels: Mapping[str, str]


def related_series(known: Iterable[Series], about: AboutWhat, most: int = MOST) -> list[Series]:
    """The series that belong to it, the closest first; none that shares nothing with it."""
    services = set(about.services)
    labels = {(name, value) for name, value in about.labels.items() if value}
    found = []
    for one in known:
        points = _points(one, about, services, labels)
        if points:
            found.append((-points, one.metric in (UP, TOOK), str(one), one))
    found.sort(key=lambda told: told[:3])
    return [told[3] for told in found[:most]]


def _points(one: Series, about: AboutWhat, services: set[str], labels: set[tuple[str, str]]) -> int:
    points = 8 if about.source == ALERT_SOURCE and one.source_id == about.key else 0
    for name, value in one.labels:
        if name in SERVICE_LABELS and value in services:
            points += 4
        if (name, value) in labels:
            points += 2
    return points + (4 if about.labels.get("__name__") == one.metric else 0)


def thinned(points: Sequence[tuple[int, float]], most: int = POINTS) -> list[tuple[int, float]]:
    """At most so many of them, evenly, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    last = len(points) - 1
    return [points[i * last // (most - 1)] for i in range(most)]
