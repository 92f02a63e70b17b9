"""What desk and command line ask of the engine about what is kept quiet, and by which silences."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json


class QuietCalls(Calls):
    """A part of `api.client.Client`."""

    def kept_quiet(self, way: str = "") -> list[Json]:
        """The open alerts that page nobody now, the gravest first; of one ``way`` only, if given:
        silence, inhibition, flapping or waiting."""
        query = {"way": way} if way else None
        found: list[Json] = self._ask("GET", "/crisis/quiet/", query)["results"]
        return found

    def silences(self) -> list[Json]:
        """Active, planned and lately ended ones, with how many open alerts each covers."""
        found: list[Json] = self._ask("GET", "/crisis/silences/")["results"]
        return found

    def silence(self, silence_id: str) -> Json:
        """One silence."""
        return self._ask("GET", _silence(silence_id))

    def set_silence(self, matchers: str | list[str], reason: str, **fields: Any) -> Json:
        """Set one; ``fields`` as ``POST /crisis/silences/`` takes them. The silence."""
        body = {"matchers": matchers, "reason": reason, **fields}
        return self._tell("POST", "/crisis/silences/", body)

    def lift_silence(self, silence_id: str) -> None:
        """Take it away."""
        self._tell("DELETE", _silence(silence_id))

    def preview_silence(self, matchers: str | list[str]) -> Json:
        """What matchers would hide now: ``hides``, the newest ``alerts``."""
        return self._tell("POST", "/crisis/silences/preview/", {"matchers": matchers})


def _silence(silence_id: str) -> str:
    return f"/crisis/silences/{quote(silence_id, safe='')}/"
