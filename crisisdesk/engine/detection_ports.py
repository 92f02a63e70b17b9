"""What detection needs from the world: adapters that look, and a place for samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from crisisdesk.domain.detection.reading import Line, Reading
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.detection.source import Source


class Look(NamedTuple):
    """One look that is asked for: at what, when (UTC ms), for how long at most (s), with the
    secrets that its settings name (name -> value; never log them), and with the bookmark of the
    look before ({} for the first)."""

    source: Source
    now: int
    deadline_s: float
    secrets: Mapping[str, str]
    bookmark: Mapping[str, object]


class Prober(Protocol):
    """One type of source. ``type`` is its name in declarations."""

    type: str

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as they are published, defaults filled in; raises Malformed naming the field
        (``settings.url``) and the remedy. Looks at nothing outside."""

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """The entries of the station's secrets that a look needs."""

    async def look(self, look: Look) -> Reading:
        """Look once, within the deadline. Never raises for what the other side does: that is a
        reading. Samples carry no ``up`` nor ``took_seconds``; the collector adds them."""

    async def aclose(self) -> None:
        """Let go of connections and threads."""


class Bucket(NamedTuple):
    """What came of one span of time of one series, or one sample (``count`` 1): from ``at`` (UTC
    ms, start of the span) the least, greatest, last and mean value of ``count`` samples."""

    at: int
    low: float
    high: float
    last: float
    mean: float
    count: int  # type: ignore[assignment]


class SampleStore(Protocol):
    """The station's samples: a ring, bounded on disk, raw at first and coarser with age.

    No truth: what is lost here is lost for charts only, and it is never a reason to stop. Blocking;
    called from a thread of its own. One writer; readers in other processes.
    """

    def write(self, samples: Sequence[Sample], lines: Sequence[Line] = ()) -> None:
        """Keep these. A sample at a time already kept of its series replaces it; one older than
        what is still raw is dropped. Raises OSError in words when the disk refuses."""

    def known(self, source_id: str = "") -> list[Series]:
        """The series that have samples, of one source or of all, in order."""

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """What is kept of [since, until), oldest first, in spans of ``step_ms`` (0: as it is kept:
        raw where that still is, else by the minute or the hour). Spans without samples are left
        out."""

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """The newest ``limit`` lines of [since, until) that are kept, of one log or of all, oldest
        first; what looks like a secret is masked in them."""

    def close(self) -> None:
        """Write out and let go of the file."""
