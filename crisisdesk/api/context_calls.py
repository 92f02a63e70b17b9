"""The client's calls about what surrounds alerts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json


class ContextCalls(Calls):
    """A part of `api.client.Client`."""

    def context(self, alert_id: str, hours: int = 24) -> Json:
        """What helps whoever looks at an alert."""
        path = f"/crisis/alerts/{quote(alert_id, safe='')}/context/"
        return self._ask("GET", path, {"hours": hours})

    def changes(self, hours: int = 24, service: str = "") -> list[Json]:
        """The recorded changes of the last hours, the newest first."""
        asked = {"hours": hours, "service": service}
        found: list[Json] = self._ask("GET", "/crisis/changes/", asked)["results"]
        return found

    def record_change(self, summary: str, **fields: Any) -> Json:
        """Record a change; the change. ``fields`` as the route takes them."""
        return self._tell("POST", "/crisis/changes/", {"summary": summary, **fields})
