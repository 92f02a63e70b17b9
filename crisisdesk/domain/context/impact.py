"""Impact: what an outage of services reaches, whom it hurts and what it costs, with the reasons.

It is an estimate by what the catalogue says, as if the services were down: who needs them, near and
far, is reached. Users of several services are mostly the same people, so the greatest figure counts
and not the sum; money adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisisdesk.domain.amounts import count_words, money_words, span_words
from crisisdesk.domain.context.catalogue import Catalogue
from crisisdesk.domain.context.topology import WALK_LIMIT, Topology

MINUTE_MS = 60_000
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A service that is reached; ``needs`` is what it needs of those reached before it ("" for the
    ones that it began with)."""

    service: str
    distance: int
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What is known of it. ``users`` and the money (whole cents) are None where nobody has said
    anything of a service that is reached; ``users_of`` is the service whose figure counts.
    ``span_ms`` is for how long so far; ``cut`` says that more is reached than is named here."""

    services: tuple[Affected, ...] = ()
    users: int | None = None
    users_of: str = ""
    regions: tuple[str, ...] = ()
    money_per_minute_cents: int | None = None
    money_cents: int | None = None
    span_ms: int = 0
    cut: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the catalogue says anything that is worth telling."""
        reached = len(self.services) > 1
        return reached or self.users is not None or self.money_per_minute_cents is not None


def assess_impact(
    roots: Sequence[str], catalogue: Catalogue, topology: Topology, since: int, until: int
) -> Impact:
    """What it reaches that ``roots`` are out from ``since`` to ``until`` (UTC ms)."""
    names = [name for name in dict.fromkeys(roots) if name]
    walked = topology.downstream(names)
    services = (
        *(Affected(service=name, distance=0) for name in names),
        *(Affected(service=s.service, distance=s.distance, needs=s.needed) for s in walked),
    )
    known = [one for a in services if (one := catalogue.services.get(a.service)) is not None]
    users, users_of = max(
        ((one.users, one.name) for one in known if one.users is not None),
        default=(None, ""),
        key=lambda told: told[0] or 0,
    )
    rates = [one.money_per_minute_cents for one in known if one.money_per_minute_cents is not None]
    rate = sum(rates) if rates else None
    span = max(0, until - since)
    return Impact(
        services=services,
        users=users,
        users_of=users_of,
        regions=tuple(sorted({region for one in known for region in one.regions})),
        money_per_minute_cents=rate,
        money_cents=None if rate is None else rate * span // MINUTE_MS,
        span_ms=span,
        cut=len(walked) >= WALK_LIMIT,
    )


def reasons(impact: Impact, most: int = NAMED) -> list[str]:
    """Why each is reached, the nearest first: "checkout, because it depends on db"."""
    told = [f"{a.service}, because it depends on {a.needs}" for a in impact.services if a.needs]
    left = len(told) - most
    more = f"{'at least ' if impact.cut else ''}{count_words(left)} more"
    return [*told[:most], *([more] if left > 0 else [])]


def figures(impact: Impact) -> list[str]:
    """The figures in words, those that are known."""
    told = []
    if impact.users is not None:
        told.append(f"{count_words(impact.users)} users ({impact.users_of})")
    if impact.regions:
        told.append(", ".join(impact.regions))
    if impact.money_per_minute_cents is not None:
        lost = money_words(impact.money_cents)
        rate = money_words(impact.money_per_minute_cents)
        told.append(f"{rate} a minute, {lost} in {span_words(impact.span_ms)}")
    return told
