"""What desk and command line ask about who is at a desk: a part of `api.client.Client`."""

from __future__ import annotations

from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json

PRESENCE = "/crisis/presence/"


class PresenceCalls(Calls):
    """A part of `api.client.Client`."""

    def presence(self) -> Json:
        """Who is at a desk."""
        return self._ask("GET", PRESENCE)

    def give_sign(self, desk: str, incident_id: str, idle_s: int) -> Json:
        """Say that this desk is open; who else is there."""
        sign = {"desk": desk, "incident": incident_id, "idle_s": idle_s}
        return self._tell("POST", PRESENCE, sign)

    def close_desk(self, desk: str) -> Json:
        """Say that this desk is closed."""
        return self._tell("DELETE", f"{PRESENCE}{quote(desk, safe='')}/")
