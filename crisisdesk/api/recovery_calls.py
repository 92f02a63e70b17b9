"""What desk and command line ask about procedures and runs: a part of `api.client.Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json

RECOVERY = "/crisis/recovery/"
RUNS = f"{RECOVERY}runs/"


class RecoveryCalls(Calls):
    """A part of `api.client.Client`."""

    def procedures(self, incident_id: str = "") -> list[Json]:
        """Every procedure, by name; of an incident those that fit it, the best first."""
        query = {"incident": incident_id} if incident_id else None
        found: list[Json] = self._ask("GET", RECOVERY, query)["results"]
        return found

    def publish_procedure(self, name: str, content: Json) -> Json:
        """Publish a version; the procedure."""
        return self._tell("POST", RECOVERY, {"name": name, "content": content})

    def check_procedure(self, name: str, content: Json) -> list[Json]:
        """What is to be mended in a draft."""
        draft = {"name": name, "content": content}
        found: list[Json] = self._tell("POST", f"{RECOVERY}check/", draft)["flaws"]
        return found

    def withdraw_procedure(self, name: str) -> None:
        """Take it away."""
        self._tell("DELETE", _procedure(name))

    def dry_run(self, name: str, arguments: Json) -> Json:
        """Every step as it would be done."""
        return self._tell("POST", f"{_procedure(name)}dry-run/", {"arguments": arguments})

    def start_run(
        self, procedure: str, arguments: Json, incident_id: str = "", version_id: str = ""
    ) -> Json:
        """Begin a run; the run. With ``version_id`` it is refused unless that version counts."""
        order = {
            "procedure": procedure,
            "arguments": arguments,
            "incident_id": incident_id,
            "version_id": version_id,
        }
        return self._tell("POST", f"{RECOVERY}execute/", order)

    def runs(self, incident_id: str = "", *, with_past: bool = False) -> list[Json]:
        """Runs, the newest first."""
        query: Json = {"with_past": with_past}
        query |= {"incident": incident_id} if incident_id else {}
        found: list[Json] = self._ask("GET", RUNS, query)["results"]
        return found

    def get_run(self, run_id: str) -> Json:
        """One run, step by step."""
        return self._ask("GET", _run(run_id))

    def run_health(self, run_id: str) -> Json:
        """What it must meet and waits for, as it stands now."""
        return self._ask("GET", f"{_run(run_id)}health/")

    def do_run(self, run_id: str, do: str, **more: Any) -> Json:
        """Go back, end it or take it here; the run."""
        return self._tell("POST", _run(run_id), {"do": do, **more})

    def do_step(self, run_id: str, step_id: str, do: str, **more: Any) -> Json:
        """Do something with one step; the run."""
        path = f"{_run(run_id)}steps/{quote(step_id, safe='')}/"
        return self._tell("POST", path, {"do": do, **more})

    def output_of(self, run_id: str, attempt: str) -> str:
        """All that an attempt said."""
        told = self._ask("GET", f"{_run(run_id)}output/{quote(attempt, safe='')}/")
        return str(told["text"])


def _procedure(name: str) -> str:
    return f"{RECOVERY}{quote(name, safe='')}/"


def _run(run_id: str) -> str:
    return f"{RUNS}{quote(run_id, safe='')}/"
