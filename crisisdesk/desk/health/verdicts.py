"""What the newest value of a series means beside its limits and its band, in words.

Plain arithmetic on columns; nothing of it is drawn here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.health.over import Since
from crisisdesk.desk.health.raised import clock_words
from crisisdesk.desk.health.words import value_words
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.detection.conditions import OPS
from crisisdesk.domain.severity import SEVERITY_RANK

if TYPE_CHECKING:
    from crisisdesk.desk.health.over import Band, Over
    from crisisdesk.desk.health.reading import Charted
    from crisisdesk.domain.detection.watchers import Limit

# How an operator is read out, of the value that a rule fears.
_FEARED = {">": "over", ">=": "at or over", "<": "under", "<=": "at or under",
           "==": "at", "!=": "not at"}  # fmt: skip


class Verdict(NamedTuple):
    """A few words and their tone: "ok", "near", "stale", or the severity of the rule it breaks."""

    words: str
    tone: str


UNSAID = Verdict("", "ok")


def limit_words(limit: Limit) -> str:
    """The label of a limit's line: ``over 0.9: Disk nearly full``."""
    whole = "" if limit.alone else " (one of several conditions)"
    return f"{_FEARED[limit.op]} {value_words(limit.value)}: {limit.rule}{whole}"


def clear_words(limit: Limit) -> str:
    """The label of the line at which the alert of a limit ends."""
    return f"ends at {value_words(limit.clear)}"


def broken(charted: Charted) -> list[Limit]:
    """The limits that the newest value is beyond."""
    if charted.newest_ms is None:
        return []
    return [one for one in charted.over.watchers.limits if one.holds(charted.value)]


def held_since(limit: Limit, charted: Charted) -> Since | None:
    """Since when the values are beyond a limit without a break; None where the newest one is not,
    or is not in view. Of a bucket of many samples all must be."""
    if not len(charted.at) or charted.newest_ms is None:
        return None
    # Columns begin before the newest sample in them.
    if charted.newest_ms - int(charted.at[-1]) > 2 * charted.usual_ms:
        return None
    of = charted.low if limit.op[0] == ">" else charted.high
    return _run(charted.at, OPS[limit.op](of, limit.value))


def outside_since(band: Band) -> Since | None:
    """Since when the values lie outside their band without a break; None where the newest does
    not, or no band is known for it."""
    if not len(band.at):
        return None
    return _run(band.at, _outside(band))


def last_left(band: Band) -> int | None:
    """The number of the value that left the band last, in view; None where none did."""
    if not len(band.at):
        return None
    out = _outside(band)
    first = out.copy()
    first[1:] &= ~out[:-1]
    (found,) = first.nonzero()
    return int(found[-1]) if len(found) else None


def _outside(band: Band) -> Any:
    # What is not a number is neither inside nor outside.
    return (band.value < band.low) | (band.value > band.high)


def _run(at: Any, holds: Any) -> Since | None:
    """The stretch at the end over which it holds throughout."""
    if not holds[-1]:
        return None
    (broken_at,) = (~holds).nonzero()
    first = int(broken_at[-1]) + 1 if len(broken_at) else 0
    return Since(int(at[first]), first == 0)


def verdict(charted: Charted, tone: str, now_ms: int) -> Verdict:
    """How a series stands; ``tone`` is that of its freshness."""
    over = charted.over
    watched = over.watchers
    if tone in ("down", "stale") and (watched.limits or watched.unusual):
        return Verdict("cannot be judged", "stale")
    worst = broken(charted)
    if worst:
        return _broken_words(worst, charted, now_ms)
    band = over.band if over.band is not None and _is_of_now(over.band, charted) else None
    since = outside_since(band) if band is not None else None
    if band is not None and since is not None:
        return Verdict(f"outside usual range {_for(since, now_ms)}", band.rule.severity)
    for limit in watched.limits:
        if limit.clear != limit.value and OPS[limit.op](charted.value, limit.clear):
            return Verdict(f"near limit {value_words(limit.value)}", "near")
    return Verdict(_calm_words(over, is_usual=band is not None), "ok")


def _is_of_now(band: Band, charted: Charted) -> bool:
    """Whether it is all there up to the newest sample: an earlier view says nothing of now."""
    if not band.whole or not len(band.at) or charted.newest_ms is None:
        return False
    return int(band.at[-1]) >= charted.newest_ms and bool(band.low[-1] == band.low[-1])


def _broken_words(found: list[Limit], charted: Charted, now_ms: int) -> Verdict:
    limit = max(found, key=lambda one: SEVERITY_RANK[one.severity])
    since = held_since(limit, charted)
    how_long = "" if since is None else f" {_for(since, now_ms)}"
    return Verdict(f"{_FEARED[limit.op]} {value_words(limit.value)}{how_long}", limit.severity)


def _for(since: Since, now_ms: int) -> str:
    more = "over " if since.earlier else ""
    return f"for {more}{span_words(now_ms - since.at)}"


def _calm_words(over: Over, *, is_usual: bool) -> str:
    if over.band is not None and over.band.words:
        return over.band.words
    if is_usual:
        return "in usual range"
    watched = over.watchers
    if watched.limits:
        return "within limits"
    if watched.unusual:
        return "go to now (L) to judge it"
    if watched.others:
        count = len(watched.others)
        return f"watched by {count} rules" if count > 1 else f"watched by {watched.others[0]}"
    return "no rule watches it"


def explained(charted: Charted) -> list[str]:
    """What is drawn in a chart and why, a sentence for each rule."""
    over = charted.over
    found = [_limit_sentence(limit) for limit in over.watchers.limits]
    if over.band is not None:
        found.append(_band_sentence(over.band))
    found += [
        f"{one.rule} judges it by its own past too, from a score of {one.score:g} on."
        for one in over.watchers.unusual[1:]
    ]
    if over.watchers.others:
        found.append(f"Made part of something else by {', '.join(over.watchers.others)}.")
    return found or ["No rule watches this series; N begins one for it."]


def _limit_sentence(limit: Limit) -> str:
    alone = "" if limit.alone else " where its other conditions hold too"
    ends = "" if limit.clear == limit.value else f", until it is back at {value_words(limit.clear)}"
    how_long = f" for {span_words(limit.for_ms)}" if limit.for_ms else ""
    words = f"{_FEARED[limit.op]} {value_words(limit.value)}{how_long}{alone}{ends}"
    return f"{limit.rule} ({limit.severity}): alert {words}."


def _band_sentence(band: Band) -> str:
    rule = band.rule
    what = f"{rule.rule} ({rule.severity}): alert at a score of {rule.score:g} or more"
    if band.words:
        return f"{what}; {band.words}."
    low, high = _last_known(band)
    usual = f"usual now {value_words(low)} to {value_words(high)}, nine values of ten"
    number = last_left(band)
    if number is None:
        return f"{what}; {usual}; not left in view."
    left = (
        f"left {clock_words(int(band.at[number]))} with {value_words(float(band.value[number]))}"
        f" (score {float(band.score[number]):.2f})"
    )
    return f"{what}; {usual}; {left}."


def _last_known(band: Band) -> tuple[float, float]:
    (known,) = (band.low == band.low).nonzero()
    if not len(known):
        return float("nan"), float("nan")
    return float(band.low[known[-1]]), float(band.high[known[-1]])
