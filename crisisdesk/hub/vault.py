"""The vault in Postgres: sealed boxes, kept by name and version, that the hub cannot open."""

from __future__ import annotations

from collections.abc import Sequence

from crisisdesk.engine.exchange.vault import Box
from crisisdesk.hub.connection import HubLink

VERSIONS = "SELECT name, version FROM cd.box"
FETCH = "SELECT name, version, sealed FROM cd.box WHERE name = ANY (%s) ORDER BY name"
PUT = "SELECT cd.put_box(%s, %s, %s)"


class PgBoxes:
    """Implements `engine.exchange.vault.Boxes` over a connection to the hub.

    Putting the same box again changes nothing, so a lost answer does no harm.
    """

    def __init__(self, link: HubLink) -> None:
        self._link = link

    def versions(self) -> dict[str, int]:
        """Which boxes there are, and their versions."""
        return dict(self._link.ask(VERSIONS))

    def fetch(self, names: Sequence[str]) -> list[Box]:
        """These boxes."""
        rows = self._link.ask(FETCH, (list(names),))
        return [Box(name=name, version=version, sealed=sealed) for name, version, sealed in rows]

    def put(self, box: Box) -> bool:
        """Keep it unless the same or a newer version is there; whether it was kept."""
        kept: bool = self._link.ask(PUT, (box.name, box.version, box.sealed))[0][0]
        return kept
