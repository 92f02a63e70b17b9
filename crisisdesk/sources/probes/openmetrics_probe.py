"""Sources of type ``openmetrics``: what an exporter serves under /metrics is scraped."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import TOOK, UP, Sample, Series, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.exposition import NotExposition, Point, points
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, down
from crisisdesk.sources.probes.web import (
    WEB_FIELDS,
    Ask,
    Page,
    Web,
    check_web,
    said_yes,
    web_secrets,
)

BODY_LIMIT = 8 * 1024 * 1024
SERIES_LIMIT = 20_000
ACCEPT = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
# A sample's own time outside of these bounds around the look is not believed (ms).
OLDEST_MS, NEWEST_MS = 3_600_000, 600_000


class OpenMetricsProber:
    """Scrapes one page for each look; a page that is not whole leaves no sample."""

    type = "openmetrics"

    def __init__(self) -> None:
        self._web = Web()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``url`` is that of the page; ``metrics`` are patterns of what is kept (all)."""
        fields = Fields(settings, (*WEB_FIELDS, "metrics", "max_series"))
        return check_web(fields) | {
            "metrics": fields.texts("metrics"),
            "max_series": fields.whole("max_series", 1, SERIES_LIMIT, 2_000),
        }

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """Password or token, where one is named."""
        return web_secrets(settings)

    async def look(self, look: Look) -> Reading:
        """One scrape: up when the page is whole and holds a sample."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "the page")

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def _look(self, sight: Sight) -> Reading:
        ask = Ask(url=sight.look.source.settings["url"], most=BODY_LIMIT, accept=ACCEPT)
        page = await self._web.ask(sight, ask)
        said_yes(page)
        # A large page takes longer to read than the loop may stand still.
        taken = await asyncio.to_thread(read_page, page, sight.look)
        return sight.reading(Verdict.UP, taken.words, samples=taken.samples)


class Taken:
    """What is kept of one page, and how much was left out for which reason."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._kept: dict[tuple[Series, int], Sample] = {}
        self._names: set[Series] = set()
        self.all = 0
        self._beyond = self._unfit = self._untimely = 0

    def take(self, point: Point) -> None:
        """Keep one point where it is wanted and fits; of two of one series and time the first."""
        self.all += 1
        settings, now = self._look.source.settings, self._look.now
        wanted = settings["metrics"]
        if wanted and not any(fnmatchcase(point.metric, pattern) for pattern in wanted):
            return
        metric = f"exported_{point.metric}" if point.metric in (UP, TOOK) else point.metric
        try:
            one = series(self._look.source.source_id, metric, point.labels)
        except Malformed:
            self._unfit += 1
            return
        at = now if point.at is None else point.at
        if not now - OLDEST_MS <= at <= now + NEWEST_MS:
            self._untimely += 1
            return
        if one not in self._names and len(self._names) >= settings["max_series"]:
            self._beyond += 1
            return
        self._names.add(one)
        self._kept.setdefault((one, at), Sample(one, at, point.value))

    @property
    def samples(self) -> list[Sample]:
        """What is kept, in the page's order."""
        return list(self._kept.values())

    @property
    def words(self) -> str:
        """How many series, and what was left out."""
        told = f"{len(self._names)} series of {self.all} samples"
        left = {
            f"beyond max_series, name fewer in metrics: {self._beyond}": self._beyond,
            f"with names or labels out of bounds: {self._unfit}": self._unfit,
            f"with a time far from now: {self._untimely}": self._untimely,
        }
        reasons = [words for words, count in left.items() if count]
        return f"{told}; left out {'; '.join(reasons)}" if reasons else told


def read_page(page: Page, look: Look) -> Taken:
    """What the page holds for this source; raises Unanswered when it is no such page."""
    taken = Taken(look)
    is_openmetrics = page.kind.strip().lower().startswith("application/openmetrics-text")
    try:
        for point in points(page.body, is_openmetrics=is_openmetrics):
            taken.take(point)
    except NotExposition as error:
        raise down(f"the page {error}") from None
    if not taken.all:
        raise down("the page holds no sample")
    return taken
