"""A station of the tests with the response plans that come with the program, and other readers."""

from __future__ import annotations

from typing import Any

import httpx

from crisisdesk.engine.policy import Policy
from crisisdesk.settings.playbooks import shipped_plans

from tests.api.station import BEARER, Station

MALLORY = {"X-CrisisDesk-Operator": "Mallory"}


class PlannedStation(Station):
    """It follows the plans."""

    policy = Policy(playbooks=shipped_plans())

    def opened(self, **fields: Any) -> dict[str, Any]:
        """An incident, declared."""
        body = {"title": "Checkout down", "severity": "critical", **fields}
        answer = self.ask("POST", "/crisis/incidents/", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def by_other(self, method: str, path: str, **how: Any) -> httpx.Response:
        """A request as somebody else."""
        return self.ask(method, path, headers=MALLORY, **how)

    def by_nobody(self, path: str) -> httpx.Response:
        """A question of whom nobody knows who asks."""
        return self.bare("GET", path, headers=BEARER)
