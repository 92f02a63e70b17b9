"""The context of an alert in words: a label and its lines, the most useful first."""

from __future__ import annotations

from typing import NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.context.gathered import Context, Neighbour, RecentChange
from crisisdesk.domain.context.impact import figures, reasons
from crisisdesk.domain.context.measured import Measured
from crisisdesk.domain.context.similar import Similar
from crisisdesk.domain.severity import SEVERITY_RANK

RUNBOOK = "Runbook"
TITLE_CHARS, WORDS_CHARS = 80, 120
_SEVERITY_NAMES = {rank: str(name) for name, rank in SEVERITY_RANK.items()}


class Part(NamedTuple):
    """One part of the context: what it is, and one line or more."""

    label: str
    lines: tuple[str, ...]


def parts_of(context: Context, now_ms: int) -> list[Part]:
    """Everything worth telling; what is empty is told where its absence says something."""
    parts = [
        ("Owner", [owner_words(context)]),
        (RUNBOOK, [f"{one.url}  {one.because}" for one in context.runbooks]),
        ("Dashboard", [context.dashboard]),
        ("Changes", changes_words(context)),
        ("Near it", [neighbour_words(one, now_ms) for one in context.neighbours]),
        ("Similar", similar_words(context)),
        ("Impact", impact_words(context)),
        ("Host", host_words(context, now_ms)),
        ("Measured", measured_words(context)),
        ("Log", [f"{line.name}: {cut(line.text, WORDS_CHARS)}" for line in context.lines]),
        ("Catalogue", list(context.problems[:3])),
    ]
    told = ((label, tuple(line for line in lines if line)) for label, lines in parts)
    return [Part(label, lines) for label, lines in told if lines]


def owner_words(context: Context) -> str:
    """Whose it is, or why nobody is known."""
    service = context.services[0] if context.services else ""
    if not context.is_known:
        return (
            f"unknown, {service} is in no catalogue"
            if service
            else "unknown, the alert names no service"
        )
    team = f"team {context.team}" if context.team else ""
    tier = f"tier {context.tier}" if context.tier else ""
    whose = ", ".join(filter(None, (context.owner, team)))
    return ", ".join(filter(None, (whose or "nobody is named", f"{service} {tier}".strip())))


def changes_words(context: Context) -> list[str]:
    """Each change with how long before the alert it was."""
    if not context.changes:
        return [f"none in the {context.change_hours} h before"]
    return [change_words(one) for one in context.changes]


def change_words(one: RecentChange) -> str:
    """``4 min before: checkout deployed at v3, by kim (checkout needs it)``."""
    when = f"{span_words(abs(one.before_ms))} {'before' if one.before_ms >= 0 else 'after'}"
    by = f", by {one.change.author}" if one.change.author else ""
    near = f" ({one.near.service}: {one.near.words})" if one.near.words else ""
    return f"{when}: {cut(one.change.summary, WORDS_CHARS)}{by}{near}"


def neighbour_words(one: Neighbour, now_ms: int) -> str:
    """``db-main, critical, for 4 min: Replication stopped (checkout needs it)``."""
    severity = _SEVERITY_NAMES.get(one.severity, "")
    lasted = span_words(now_ms - one.since)
    title = cut(one.title, TITLE_CHARS)
    return f"{one.near.service}, {severity}, for {lasted}: {title} ({one.near.words})"


def similar_words(context: Context) -> list[str]:
    """How often it fired before, and what was like it."""
    before = context.fired_before
    seen = [f"fired {before} {'time' if before == 1 else 'times'} before"] if before else []
    return [*seen, *(past_words(one) for one in context.similar)]


def past_words(one: Similar) -> str:
    """``INC-7K3Q Shop slow: ended after 1 h 2 min by Kim, index rebuilt (same service)``."""
    past = one.past
    by = f" by {past.by}" if past.by else ""
    how = f", {cut(past.words, WORDS_CHARS)}" if past.words else ""
    ended = f"ended after {span_words(past.span_ms)}{by}{how}"
    return f"{past.subject_id} {cut(past.title, TITLE_CHARS)}: {ended} ({one.because})"


def impact_words(context: Context) -> list[str]:
    """The figures in one line, the services that are reached below."""
    if not context.impact.is_known:
        return []
    return [", ".join(figures(context.impact)), *reasons(context.impact)]


def host_words(context: Context, now_ms: int) -> list[str]:
    """What is known of its host and how old that is, or that nothing is."""
    host = context.host
    if host is None:
        return [context.host_words]
    age = f"measured {span_words(now_ms - host.at)} ago"
    return [f"{host.host}, {age}" if host.host else age, *(f"{n} {told}" for n, told in host.facts)]


def measured_words(context: Context) -> list[str]:
    """Each series with its last value and its range, or why there is none."""
    if not context.measured:
        return [context.measured_words]
    return [series_words(one) for one in context.measured]


def series_words(one: Measured) -> str:
    """``up{job="db"} 0, 0 to 1 in the last hour``."""
    values = [value for _at, value in one.points if value == value]
    if not values:
        return f"{one.name}: no number in the last hour"
    low, high = min(values), max(values)
    return f"{one.name} {values[-1]:g}, {low:g} to {high:g} in the last hour"


def cut(text: str, limit: int) -> str:
    """One line of at most so many characters."""
    joined = " ".join(text.split())
    return joined if len(joined) <= limit else f"{joined[: limit - 1]}…"
