"""What the Health room reads of the samples, on the reader's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.health.over import NOTHING, Over, Stretch
from crisisdesk.desk.health.raised import in_view, spells_of
from crisisdesk.desk.health.verdicts import UNSAID, Verdict, verdict
from crisisdesk.desk.health.words import CHARTS, HOUR_MS, chosen, freshness, step_for
from crisisdesk.domain.detection.watchers import Watchers, watchers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.health.bands import Bands
    from crisisdesk.desk.health.beside import About
    from crisisdesk.domain.detection.series import Series
    from crisisdesk.store.queries import StationReader
    from crisisdesk.store.queries.rules import KnownRules
    from crisisdesk.store.queries.samples import SampleReader

# Series whose rules are remembered between two questions.
_WATCHED_MOST = 200


class Charted(NamedTuple):
    """One series as it is drawn: columns oldest first, and how it stands now. ``newest_ms`` is None
    where nothing is kept; ``rhythm_ms`` is the declared interval of its source, else the usual
    distance of two samples, 0 if unknown, ``usual_ms`` that of two columns. What is no number or
    infinite is left out of the columns. ``over`` is what is drawn over the line."""

    series: Series
    at: Any
    low: Any
    high: Any
    newest_ms: int | None
    value: float
    rhythm_ms: int
    over: Over = NOTHING
    verdict: Verdict = UNSAID
    usual_ms: int = 0


class Charts(NamedTuple):
    """What is shown; ``problem`` is why the samples cannot be read, "" where they can.
    ``unfinished`` says that bands are still being reckoned: ask again."""

    charts: tuple[Charted, ...] = ()
    found: int = 0
    known: int = 0
    problem: str = ""
    unfinished: bool = False


class Wanted(NamedTuple):
    """What is asked for: words that series have, or ``about`` a service or a source, a stretch of
    time, UTC ms, and no more than ``most`` series."""

    words: str
    since: int
    until: int
    now_ms: int
    about: About | None = None
    most: int = CHARTS


class Samples:
    """Keeps the file open, and what was reckoned of bands, between two questions; to be used on the
    reader's thread only."""

    def __init__(self) -> None:
        self._reader: SampleReader | None = None
        self._bands: Bands | None = None
        self._rules: KnownRules | None = None
        self._watchers: dict[Series, Watchers] = {}

    def asked(self, wanted: Wanted) -> Callable[[StationReader], Charts]:
        """The question."""
        return lambda reader: self._answer(reader, wanted)

    def _answer(self, reader: StationReader, wanted: Wanted) -> Charts:
        from crisisdesk.desk.health.bands import Bands
        from crisisdesk.store.queries.samples import SampleReader, SamplesUnreadable

        if self._reader is None:
            self._reader = SampleReader(reader.folder)
        if self._bands is None:
            self._bands = Bands()
        self._bands.begin()
        try:
            known = self._reader.known()
            found = _wanted(known, wanted)
            declared = {one.source_id: one.every_ms for one in reader.declared_sources()}
            plain = [
                self._charted(self._reader, one, wanted, declared.get(one.source_id, 0))
                for one in found[: wanted.most]
            ]
            charts = tuple(self._told(reader, self._reader, one, wanted) for one in plain)
        except SamplesUnreadable as error:
            return Charts(problem=str(error))
        bands = [one.over.band for one in charts if one.over.band is not None]
        unfinished = any(not band.whole for band in bands)
        return Charts(charts, len(found), len(known), unfinished=unfinished)

    def _charted(
        self, samples: SampleReader, one: Series, wanted: Wanted, every_ms: int
    ) -> Charted:
        import numpy as np

        step = step_for(wanted.until - wanted.since)
        points = samples.columns(one, wanted.since, wanted.until, step)
        newest = samples.newest([one]).get(one)
        at, value = newest if newest is not None else (None, float("nan"))
        if not every_ms and newest is not None:
            # Nobody declares its source here: how far apart its samples usually are has to do.
            recent = points
            if step or points.at[-1:].tolist() != [newest[0]]:
                recent = samples.columns(one, newest[0] - HOUR_MS, newest[0] + 1)
            every_ms = int(np.median(np.diff(recent.at))) if len(recent.at) > 2 else 0
        finite = np.isfinite(points.low) & np.isfinite(points.high)
        usual = int(np.median(np.diff(points.at))) if len(points.at) > 2 else 0
        columns = points.at[finite], points.low[finite], points.high[finite]
        return Charted(one, *columns, at, value, every_ms, usual_ms=usual)

    def _told(
        self, reader: StationReader, samples: SampleReader, plain: Charted, wanted: Wanted
    ) -> Charted:
        """A series with what is drawn over it."""
        watchers = self._watched_by(reader, plain.series)
        view = Stretch(wanted.since, wanted.until, wanted.now_ms)
        band = None
        if watchers.unusual and self._bands is not None:
            rule = watchers.unusual[0]
            band = self._bands.band(samples, plain.series, rule, view, plain.rhythm_ms)
        alerts = reader.alerts_of_keys(watchers.keys)
        spells = in_view(
            (spell for alert in alerts.values() for spell in spells_of(alert)),
            wanted.since,
            max(wanted.until, wanted.now_ms),
        )
        told = plain._replace(over=Over(watchers, band, spells))
        fresh = freshness(told.newest_ms, told.rhythm_ms, wanted.now_ms)
        return told._replace(verdict=verdict(told, fresh.tone, wanted.now_ms))

    def _watched_by(self, reader: StationReader, series: Series) -> Watchers:
        rules = reader.known_rules()
        if rules is not self._rules or len(self._watchers) > _WATCHED_MOST:
            self._rules = rules
            self._watchers.clear()
        found = self._watchers.get(series)
        if found is None:
            found = watchers_of(series, rules.standing, rules.ever)
            self._watchers[series] = found
        return found


def _wanted(known: list[Series], wanted: Wanted) -> list[Series]:
    if wanted.about is None:
        return chosen(known, wanted.words)
    return [one for one in chosen(known, "") if wanted.about.has(one)]
