"""Open alerts that are no part of an incident and look as if they were: alike, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crisisdesk.domain.alert import Alert

# Farther from all that is attached it is another matter, however alike.
WITHIN_MS = 2 * 3_600_000
SOON_MS = 10 * 60_000
SHOWN = 5
# Places in labels that two alerts may share.
_LABELS = ("host", "instance", "cluster", "region")
_LEAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One alert; ``because`` says in words what it has in common with what is attached."""

    alert: Alert
    points: int
    because: str


def alike(
    attached: Sequence[Alert], others: Iterable[Alert], near: Mapping[str, str]
) -> tuple[Alike, ...]:
    """Of ``others`` those that are alike, the most first, a handful.

    ``near`` says of each service one need away from an attached one how they hang together. Only
    what is open, in no incident and near in time is offered.
    """
    names = {one.alert_id for one in attached}
    found = []
    for other in others:
        if not other.is_open or other.incident_id or other.alert_id in names:
            continue
        judged = _judged(attached, other, near)
        if judged is not None and judged.points >= _LEAST:
            found.append(judged)
    return tuple(sorted(found, key=_order)[:SHOWN])


def _order(one: Alike) -> tuple[int, int, str]:
    return (-one.points, one.alert.detected_at, one.alert.alert_id)


def _judged(attached: Sequence[Alert], other: Alert, near: Mapping[str, str]) -> Alike | None:
    apart = min((abs(one.detected_at - other.detected_at) for one in attached), default=None)
    if apart is None or apart > WITHIN_MS:
        return None
    reasons: list[tuple[int, str]] = []
    if other.service and any(one.service == other.service for one in attached):
        reasons.append((4, f"same service {other.service}"))
    elif other.service in near:
        reasons.append((3, near[other.service]))
    for label in _LABELS:
        value = other.labels.get(label)
        if value and any(one.labels.get(label) == value for one in attached):
            reasons.append((2, f"same {label} {value}"))
    if other.place and any(one.place == other.place for one in attached):
        reasons.append((1, f"same place {other.place}"))
    if reasons and apart <= SOON_MS:
        reasons.append((1, f"within {max(1, -(-apart // 60_000))} min"))
    words = ", ".join(said for _points, said in reasons)
    return Alike(alert=other, points=sum(points for points, _said in reasons), because=words)
