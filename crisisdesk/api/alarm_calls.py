"""What desk and command line ask about heartbeats and loop tests, rules beside them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Json
from crisisdesk.api.rule_calls import RuleCalls

LOOPS = "/crisis/channels/loop-tests/"


class AlarmCalls(RuleCalls):
    """A part of `api.client.Client`."""

    def heartbeats(self) -> list[Json]:
        """Every heartbeat and how it stands."""
        found: list[Json] = self._ask("GET", "/crisis/heartbeats/")["results"]
        return found

    def declare_heartbeat(self, name: str, every_s: int, **fields: Any) -> Json:
        """Declare one; the answer alone holds its address (``path``)."""
        order = {"name": name, "every_s": every_s, **fields}
        return self._tell("POST", "/crisis/heartbeats/", order)

    def change_heartbeat(self, heartbeat_id: str, **changes: Any) -> Json:
        """Change its spans or severity, pause it (``paused``) or go on with it."""
        return self._tell("PATCH", _heartbeat(heartbeat_id), changes)

    def remove_heartbeat(self, heartbeat_id: str) -> None:
        """Take it away with its address."""
        self._tell("DELETE", _heartbeat(heartbeat_id))

    def audit(self) -> Json:
        """Who is proven reachable, and what keeps the others from it."""
        return self._ask("GET", "/crisis/contacts/audit/")

    def loop_tests(self) -> list[Json]:
        """Every channel that is tried by loop tests, and what that shows."""
        found: list[Json] = self._ask("GET", LOOPS)["results"]
        return found

    def set_loop_test(self, contact_id: str, method_id: str, **fields: Any) -> Json:
        """Try a channel by this contact method."""
        order = {"contact_id": contact_id, "method_id": method_id, **fields}
        return self._tell("POST", LOOPS, order)

    def end_loop_test(self, method_id: str) -> None:
        """Try it no more."""
        self._tell("DELETE", f"{LOOPS}{quote(method_id, safe='')}/")


def _heartbeat(heartbeat_id: str) -> str:
    return f"/crisis/heartbeats/{quote(heartbeat_id, safe='')}/"
