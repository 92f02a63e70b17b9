"""What the collector is made of besides probers and samples; `bootstrap` puts it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from crisisdesk.domain.detection.reading import Reading
from crisisdesk.domain.detection.source import Source
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Prober, SampleStore


class Probers(Protocol):
    """The prober of each type that this station can look with."""

    def get(self, type_: str, /) -> Prober | None:
        """The prober of a type, made now if need be; None for a type that is unknown here."""

    def types(self) -> list[str]:
        """The types that are known here, in order."""

    async def aclose(self) -> None:
        """Close those that were made."""


class OwnNetwork(Protocol):
    """Asks what is nearest to this station whether its own network works."""

    async def check(self, deadline_s: float) -> str:
        """Why it does not, in a few words; "" when it does. Within ``deadline_s``; never raises for
        what the network does."""


class Bookmarks(Protocol):
    """Where sources were left off, over restarts. Both calls block; `save` raises OSError."""

    def load(self) -> dict[str, dict[str, object]]:
        """Source id -> bookmark; nothing where none can be read."""

    def save(self, bookmarks: Mapping[str, Mapping[str, object]]) -> None:
        """Keep these in place of what was kept."""


class Lookout(Protocol):
    """What looks at sources, for whoever asks (see `engine.workers.collector.Collector`)."""

    def standing(self, source_id: str = "") -> list[Any]:
        """How each source stands here (`engine.workers.watched.Standing`), by name; or the one of
        this id alone, where it is known."""

    def checked(self, type_: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings as they are published; raises Malformed."""

    async def refresh(self) -> None:
        """Know what was declared until now."""

    async def look_once(self, source: Source) -> Reading:
        """What one look finds; nothing comes of it. Raises Malformed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The parts; without a ``network`` this station's own is never suspected, without ``samples``
    none are kept, without ``bookmarks`` every start begins anew."""

    probers: Probers
    network: OwnNetwork | None = None
    samples: SampleStore | None = None
    bookmarks: Bookmarks | None = None


def prober_of(probers: Probers, type_: str) -> Prober:
    """The prober of a type; raises Malformed for one that is unknown here."""
    found = probers.get(type_)
    if found is None:
        known = ", ".join(probers.types())
        raise Malformed("type", f"{type_[:40]!r} is unknown here", f"use one of {known}")
    return found
