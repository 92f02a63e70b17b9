"""What the context of an alert needs from the world: what was measured, as screens read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Series
from crisisdesk.engine.detection_ports import Bucket


class SamplesUnreadable(Exception):
    """The samples cannot be read now; the message says why."""


class MeasuredReader(Protocol):
    """The reading side of `SampleStore`. Raises SamplesUnreadable in words."""

    def known(self, source_id: str = "") -> list[Series]:
        """See `SampleStore.known`."""

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """See `SampleStore.between`."""

    def newest(self, all_of: Iterable[Series]) -> dict[Series, tuple[int, float]]:
        """When each series was measured last (UTC ms) and what came of it."""

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """The newest ``limit`` lines of logs of [since, until), of one log or of all, in order."""
