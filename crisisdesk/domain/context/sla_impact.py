"""What an incident does to the availability that was promised: error budget spent, breach ahead.

The error budget of a promise of 99.9 % in 30 days is the 0.1 % of those 30 days in which the
service may be out (Google, *Site Reliability Engineering*, 2016, chapter 3). The window slides:
what was out longer ago than the window counts no more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.context.catalogue import Service
from crisisdesk.domain.context.impact import Impact

DAY_MS = 86_400_000
PPM = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A service was out from ``since`` to ``until`` (UTC ms); None: it still is."""

    service: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaImpact:
    """One promise. ``target_ppm`` is the promised part of the window in millionths; spans are ms.

    ``before_ms`` was spent by others in the window that ends now, ``by_this_ms`` by this incident
    besides. ``breaches_at`` is when the budget will be spent (UTC ms) if the service stays out;
    None where it is not out, or is spent already.
    """

    service: str
    target_ppm: int
    window_ms: int
    before_ms: int
    by_this_ms: int
    is_out: bool
    breaches_at: int | None

    @property
    def budget_ms(self) -> int:
        """How long the service may be out in a window."""
        return self.window_ms * (PPM - self.target_ppm) // PPM

    @property
    def spent_ms(self) -> int:
        """How long it was out in the window that ends now."""
        return self.before_ms + self.by_this_ms

    @property
    def left_ms(self) -> int:
        """What is left of the budget; below zero where the promise is broken."""
        return self.budget_ms - self.spent_ms

    @property
    def is_breached(self) -> bool:
        """Whether the promise is broken."""
        return self.left_ms < 0

    @property
    def spent_percent(self) -> int:
        """How much of the budget is spent; may be more than 100. A budget of nothing is spent at
        once."""
        if self.budget_ms:
            return self.spent_ms * 100 // self.budget_ms
        return 100 if self.spent_ms else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentImpact:
    """What an incident does: ``impact`` is by the catalogue, ``promises`` what it does to each
    promise that it touches."""

    impact: Impact
    promises: tuple[SlaImpact, ...]


def calculate_sla_impact(
    services: Mapping[str, Service], own: Sequence[Outage], others: Sequence[Outage], now: int
) -> tuple[SlaImpact, ...]:
    """Each promise that this incident touches, the one with the least left first.

    ``own`` are the outages of the incident, ``others`` those of all other incidents; what both
    cover counts once, as spent by the others.
    """
    found = []
    for name in dict.fromkeys(outage.service for outage in own):
        service = services.get(name)
        if service is None or service.availability_ppm is None:
            continue
        mine = [o for o in own if o.service == name]
        theirs = [o for o in others if o.service == name]
        found.append(_impact(service, mine, theirs, now))
    return tuple(sorted(found, key=lambda one: (one.left_ms, one.service)))


def _impact(service: Service, own: list[Outage], others: list[Outage], now: int) -> SlaImpact:
    assert service.availability_ppm is not None
    window = service.availability_days * DAY_MS
    before = _out_ms(others, now - window, now)
    spent = _out_ms([*own, *others], now - window, now)
    is_out = any(o.until is None or o.until > now for o in own)
    impact = SlaImpact(
        service=service.name,
        target_ppm=service.availability_ppm,
        window_ms=window,
        before_ms=before,
        by_this_ms=spent - before,
        is_out=is_out,
        breaches_at=None,
    )
    if not is_out or impact.is_breached:
        return impact
    return replace(impact, breaches_at=_breach([*own, *others], impact.budget_ms, window, now))


def _breach(outages: Sequence[Outage], budget: int, window: int, now: int) -> int:
    """The first moment at which the budget is spent, the service staying out from now on.

    What is spent never sinks while it stays out, for old outages leave the window no faster than
    the new one fills it: so the moment is found by halving.
    """
    going_on = [*outages, Outage(service="", since=now)]
    ahead = range(now, now + budget + 1)
    return now + bisect_left(ahead, budget, key=lambda at: _out_ms(going_on, at - window, at))


def _out_ms(outages: Iterable[Outage], since: int, until: int) -> int:
    """How long any of them covered the stretch."""
    total, reached = 0, since
    for begin, end in sorted((o.since, until if o.until is None else o.until) for o in outages):
        begin, end = max(begin, reached), min(end, until)
        if end > begin:
            total += end - begin
            reached = end
    return total


def percent_words(ppm: int) -> str:
    """999500 as ``99.95 %``."""
    whole, part = divmod(ppm, PPM // 100)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".") + " %"


def sla_words(impact: SlaImpact, now: int) -> str:
    """``shop, 99.9 % in 30 d: 32 min of 43 min spent (74 %), 18 min by this``; when it breaks."""
    promise = f"{percent_words(impact.target_ppm)} in {span_words(impact.window_ms)}"
    spent = f"{span_words(impact.spent_ms)} of {span_words(impact.budget_ms)} spent"
    told = (
        f"{impact.service}, {promise}: {spent} ({impact.spent_percent} %), "
        f"{span_words(impact.by_this_ms)} by this"
    )
    if impact.is_breached:
        return f"{told}; broken, {span_words(-impact.left_ms)} over"
    if impact.breaches_at is not None:
        return f"{told}; broken in {span_words(impact.breaches_at - now)} if it stays out"
    return told
