"""What the command line asks about sources: a part of `api.client.Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json

SOURCES = "/crisis/sources/"


class SourceCalls(Calls):
    """A part of `api.client.Client`."""

    def sources(self) -> list[Json]:
        """Every source and how it stands."""
        found: list[Json] = self._ask("GET", SOURCES)["results"]
        return found

    def declare_source(self, name: str, type_: str, settings: Json, **fields: Any) -> Json:
        """Declare one; how it stands."""
        order = {"name": name, "type": type_, "settings": settings, **fields}
        return self._tell("POST", SOURCES, order)

    def change_source(self, source_id: str, **changes: Any) -> Json:
        """Change what is said of it, pause it (``paused``) or go on with it."""
        return self._tell("PATCH", _source(source_id), changes)

    def remove_source(self, source_id: str) -> None:
        """Take it away."""
        self._tell("DELETE", _source(source_id))

    def test_source(self, type_: str, settings: Json, **fields: Any) -> Json:
        """Look once; what was found. Nothing is declared."""
        order = {"type": type_, "settings": settings, **fields}
        return self._tell("POST", f"{SOURCES}test/", order)


def _source(source_id: str) -> str:
    return f"{SOURCES}{quote(source_id, safe='')}/"
