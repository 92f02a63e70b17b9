"""The client's calls about candidates."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json

_PATH = "/crisis/candidates/"


class CandidateCalls(Calls):
    """A part of `api.client.Client`."""

    def candidates(self, *, with_past: bool = False) -> list[Json]:
        """Those that wait for an answer; ``with_past`` others too. Newest first."""
        found: list[Json] = self._ask("GET", _PATH, {"with_past": with_past})["results"]
        return found

    def candidate(self, candidate_id: str) -> Json:
        """One candidate."""
        return self._ask("GET", _one(candidate_id))

    def accept_candidate(self, candidate_id: str, **fields: Any) -> Json:
        """Open its incident; the incident. ``fields`` as the route takes them."""
        return self._tell("POST", f"{_one(candidate_id)}accept/", fields)

    def dismiss_candidate(self, candidate_id: str, reason: str = "") -> Json:
        """Say that it makes no incident; the candidate."""
        return self._tell("POST", f"{_one(candidate_id)}dismiss/", {"reason": reason})

    def reopen_candidate(self, candidate_id: str) -> Json:
        """Take a dismissal back; the candidate."""
        return self._tell("POST", f"{_one(candidate_id)}reopen/")


def _one(candidate_id: str) -> str:
    return f"{_PATH}{quote(candidate_id, safe='')}/"
