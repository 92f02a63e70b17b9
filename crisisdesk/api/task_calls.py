"""What desk and command line ask about tasks and response plans: a part of `api.client.Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json

PLAYBOOKS = "/crisis/playbooks/"


class TaskCalls(Calls):
    """A part of `api.client.Client`."""

    def tasks(self, incident_id: str) -> list[Json]:
        """The tasks of an incident and of its parts, what ends soonest first."""
        found: list[Json] = self._ask("GET", _tasks(incident_id))["results"]
        return found

    def add_task(self, incident_id: str, title: str, **fields: Any) -> Json:
        """Write one down."""
        return self._tell("POST", _tasks(incident_id), {"title": title, **fields})

    def edit_task(self, incident_id: str, task_id: str, **changes: Any) -> Json:
        """New values of its fields; ``owner`` gives it to somebody."""
        return self._tell("PATCH", _task(incident_id, task_id), changes)

    def start_task(self, incident_id: str, task_id: str) -> Json:
        """Begin it."""
        return self._tell("POST", f"{_task(incident_id, task_id)}start/")

    def finish_task(self, incident_id: str, task_id: str, result: str = "") -> Json:
        """It is done."""
        return self._tell("POST", f"{_task(incident_id, task_id)}done/", {"result": result})

    def drop_task(self, incident_id: str, task_id: str, reason: str) -> Json:
        """It will not be done."""
        return self._tell("POST", f"{_task(incident_id, task_id)}drop/", {"reason": reason})

    def reopen_task(self, incident_id: str, task_id: str, reason: str) -> Json:
        """It is to be done after all."""
        return self._tell("POST", f"{_task(incident_id, task_id)}reopen/", {"reason": reason})

    def playbooks(self) -> list[Json]:
        """The plan that counts for each type of crisis, by name."""
        found: list[Json] = self._ask("GET", PLAYBOOKS)["results"]
        return found

    def playbook(self, name: str) -> Json:
        """The plan of one type of crisis."""
        return self._ask("GET", f"{PLAYBOOKS}{quote(name, safe='')}/")

    def check_playbook(self, name: str, content: Json) -> list[Json]:
        """What is wrong with a draft."""
        order = {"name": name, "content": content}
        found: list[Json] = self._tell("POST", f"{PLAYBOOKS}check/", order)["findings"]
        return found

    def reset_playbook(self, name: str) -> Json:
        """Go back to the plan that comes with the program."""
        return self._tell("DELETE", f"{PLAYBOOKS}{quote(name, safe='')}/")


def _tasks(incident_id: str) -> str:
    return f"/crisis/incidents/{quote(incident_id, safe='')}/tasks/"


def _task(incident_id: str, task_id: str) -> str:
    return f"{_tasks(incident_id)}{quote(task_id, safe='')}/"
