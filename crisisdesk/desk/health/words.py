"""What the Health room says: spans, values, how fresh a series is; which series are shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.detection.source import LATE_TIMES, STALE_LEAST_MS, STALE_TIMES
from crisisdesk.domain.service_board.watching import BEHIND_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.detection.series import Series

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
# What one may zoom in and out to.
SHORTEST_MS, LONGEST_MS = 5 * MINUTE_MS, 400 * DAY_MS
# Charts that are shown at once.
CHARTS = 12


class Span(NamedTuple):
    """One of the spans to choose from; ``step_ms`` 0 draws every sample."""

    key: str
    word: str
    ms: int
    step_ms: int


SPANS = (
    Span("1h", "1 h", HOUR_MS, 0),
    Span("6h", "6 h", 6 * HOUR_MS, MINUTE_MS),
    Span("24h", "24 h", DAY_MS, MINUTE_MS),
    Span("7d", "7 d", 7 * DAY_MS, 10 * MINUTE_MS),
    Span("30d", "30 d", 30 * DAY_MS, HOUR_MS),
)


class Fresh(NamedTuple):
    """How fresh a series is: its words, its icon and its tone: "ok", "stale" or "down"."""

    words: str
    icon: str
    tone: str


def span_of(key: str) -> Span:
    """The span of a key; the first for one that is none."""
    return next((span for span in SPANS if span.key == key), SPANS[0])


def step_for(shown_ms: int) -> int:
    """The step that a stretch of this length is drawn in."""
    return next((span.step_ms for span in SPANS if shown_ms <= span.ms), SPANS[-1].step_ms)


def freshness(newest_ms: int | None, every_ms: int, now_ms: int) -> Fresh:
    """How fresh a series is that is measured each ``every_ms`` (0: not known)."""
    if newest_ms is None:
        return Fresh("no sample yet", "circle-help", "stale")
    age = max(0, now_ms - newest_ms)
    if every_ms <= 0:
        return Fresh(f"last seen {span_words(age)} ago", "circle-help", "stale")
    words = f"{span_words(age)} ago, every {span_words(every_ms)}"
    if age >= max(STALE_TIMES * every_ms, STALE_LEAST_MS):
        return Fresh(f"silent: last {words}", "unplug", "down")
    if age >= max(LATE_TIMES * every_ms, every_ms + BEHIND_MS):
        return Fresh(f"late: last {words}", "clock-alert", "stale")
    return Fresh(f"last {words}", "check", "ok")


def value_words(value: float) -> str:
    """A value in three digits or so: "0.0312", "12.5", "1.2 M"."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    for factor, sign in ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e4, " k")):
        if abs(value) >= factor:
            unit = 1e3 if sign == " k" else factor
            return f"{value / unit:.4g}{sign}"
    return f"{value:.4g}"


def chosen(series: Iterable[Series], words: str) -> list[Series]:
    """The series that have all of these words in source, name or labels; looks' own come last."""
    wanted = words.casefold().split()
    found = [one for one in series if all(word in _text(one) for word in wanted)]
    return sorted(found, key=lambda one: (one.metric in ("up", "took_seconds"), one))


def counted(shown: int, found: int, known: int, about: str = "") -> str:
    """How many charts there are of how many series, or of those of a service or source."""
    if about:
        of = f"{shown} of {found}" if found > shown else str(found)
        return f"{of} series of {about}"
    if found > shown:
        return f"{shown} of {found} series; name what you look for in the filter"
    return f"{found} of {known} series" if found != known else f"{known} series"


def spoken(series: Series, value: str, fresh: Fresh) -> str:
    """A chart for a screen reader."""
    return f"{series}, {value}, {fresh.words}"


def _text(one: Series) -> str:
    return f"{one.source_id} {one}".casefold()
