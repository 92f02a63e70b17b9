"""What desk and command line ask of the engine about channels and what takes them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crisisdesk.api.calls import Calls, Json


class OutageCalls(Calls):
    """A part of `api.client.Client`."""

    def channel_map(self, without: Sequence[str] = ()) -> Json:
        """The channel map, with names supposed to be out as well."""
        query = {"without": ",".join(without)} if without else None
        return self._ask("GET", "/crisis/channels/map/", query)

    def outages(self) -> list[Json]:
        """What is taken out."""
        found: list[Json] = self._ask("GET", "/crisis/outages/")["results"]
        return found

    def set_outage(self, dependency: str, reason: str, **fields: Any) -> Json:
        """Say that a dependency is out; ``fields`` are incident_id, and until or duration_s."""
        body = {"dependency": dependency, "reason": reason, **fields}
        return self._tell("POST", "/crisis/outages/", body)

    def end_outage(self, dependency: str) -> None:
        """Say that a dependency is there again."""
        self._tell("POST", "/crisis/outages/end/", {"dependency": dependency})
