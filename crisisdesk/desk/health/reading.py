"""What the Health room reads of the samples, on the reader's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.health.words import CHARTS, HOUR_MS, chosen, step_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.domain.detection.series import Series
    from crisisdesk.store.queries import StationReader
    from crisisdesk.store.queries.samples import SampleReader


class Charted(NamedTuple):
    """One series as it is drawn: columns oldest first, and how it stands now. ``newest_ms`` is None
    where nothing is kept; ``rhythm_ms`` is the usual distance of two samples, 0 if unknown."""

    series: Series
    at: Any
    low: Any
    high: Any
    newest_ms: int | None
    value: float
    rhythm_ms: int


class Charts(NamedTuple):
    """What is shown; ``problem`` is why the samples cannot be read, "" where they can."""

    charts: tuple[Charted, ...] = ()
    found: int = 0
    known: int = 0
    problem: str = ""


class Wanted(NamedTuple):
    """What is asked for: words that series have, and a stretch of time, UTC ms."""

    words: str
    since: int
    until: int
    now_ms: int


class Samples:
    """Keeps the file open between two questions; to be used on the reader's thread only."""

    def __init__(self) -> None:
        self._reader: SampleReader | None = None

    def asked(self, wanted: Wanted) -> Callable[[StationReader], Charts]:
        """The question."""
        return lambda reader: self._answer(reader, wanted)

    def _answer(self, reader: StationReader, wanted: Wanted) -> Charts:
        from crisisdesk.store.queries.samples import SampleReader, SamplesUnreadable

        if self._reader is None:
            self._reader = SampleReader(reader.folder)
        try:
            known = self._reader.known()
            found = chosen(known, wanted.words)
            charts = tuple(self._charted(self._reader, one, wanted) for one in found[:CHARTS])
        except SamplesUnreadable as error:
            return Charts(problem=str(error))
        return Charts(charts, len(found), len(known))

    def _charted(self, samples: SampleReader, one: Series, wanted: Wanted) -> Charted:
        import numpy as np

        step = step_for(wanted.until - wanted.since)
        points = samples.columns(one, wanted.since, wanted.until, step)
        newest = samples.newest([one]).get(one)
        recent = points
        if newest is not None and (step or points.at[-1:].tolist() != [newest[0]]):
            recent = samples.columns(one, newest[0] - HOUR_MS, newest[0] + 1)
        rhythm = int(np.median(np.diff(recent.at))) if len(recent.at) > 2 else 0
        at, value = newest if newest is not None else (None, float("nan"))
        return Charted(one, points.at, points.low, points.high, at, value, rhythm)
