"""What a station looks with: probers, its own network, a place for samples and for bookmarks."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.engine.collector_ports import Detection
from crisisdesk.engine.detection_ports import Bucket, SampleStore
from crisisdesk.engine.ports import Clock
from crisisdesk.settings.bookmarks import BookmarkFile
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places
from crisisdesk.sources.probes.own_network import Near, NearProbe
from crisisdesk.sources.probes.registry import Probers, factories
from crisisdesk.sources.rules import IntakeRules

if TYPE_CHECKING:
    from pathlib import Path


class LateSamples:
    """Implements `SampleStore`; made when it is first used, since numpy takes as long to load as
    half of an engine's start. From any thread."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._made: SampleStore | None = None
        self._making = Lock()

    def _store(self) -> SampleStore:
        with self._making:
            if self._made is None:
                from crisisdesk.store.samples.keeping import StationSamples

                self._made = StationSamples(self._path, self._clock)
            return self._made

    def write(self, samples: Sequence[Sample], lines: Sequence[Line] = ()) -> None:
        """See `SampleStore.write`."""
        self._store().write(samples, lines)

    def known(self, source_id: str = "") -> list[Series]:
        """See `SampleStore.known`."""
        return self._store().known(source_id)

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """See `SampleStore.between`."""
        return self._store().between(series, since, until, step_ms)

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """See `SampleStore.lines`."""
        return self._store().lines(since, until, name, limit)

    def close(self) -> None:
        """See `SampleStore.close`."""
        if self._made is not None:
            self._made.close()


def detection(places: Places, settings: Settings, rules: IntakeRules, clock: Clock) -> Detection:
    """The parts of the collector."""
    told = settings.network
    near = Near(gateway=told.gateway, name_servers=told.name_servers, anchors=told.anchors)
    return Detection(
        probers=Probers(factories(rules)),
        network=NearProbe(near),
        samples=LateSamples(places.samples, clock),
        bookmarks=BookmarkFile(places.bookmarks),
    )
