"""A station whose settings let steps run a few real programs, and procedures of these."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crisisdesk.bootstrap.recovering import hands
from crisisdesk.engine.recovery_ports import Hands
from crisisdesk.settings.recovery import RecoverySettings

from tests.api.station import OPERATOR, Station

RECOVERY = "/crisis/recovery/"
BEN = {"X-CrisisDesk-Operator": "Ben"}


def program(folder: Path, name: str, text: str) -> tuple[str, str]:
    """A shell script of the test; its path and the hash that allows it."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return str(path), hashlib.sha256(path.read_bytes()).hexdigest()


class RecoveringStation(Station):
    """A station with real hands; ``programs`` maps names to scripts."""

    def __init__(self, folder: Path, programs: dict[str, str], urls: tuple[str, ...] = ()) -> None:
        made = {name: program(folder, name, text) for name, text in programs.items()}
        self.paths = {name: path for name, (path, _hash) in made.items()}
        self.settings = RecoverySettings(commands=dict(made.values()), urls=urls)
        super().__init__(folder)

    def hands(self) -> Hands | None:
        return hands(self.settings, self.secrets)

    def publish(self, name: str, **content: Any) -> dict[str, Any]:
        """Publish a procedure."""
        answer = self.ask("POST", RECOVERY, json={"name": name, "content": content})
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def begin(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Begin a run of it, as Zoë."""
        order = {"procedure": name, "arguments": arguments}
        answer = self.ask("POST", f"{RECOVERY}execute/", json=order)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def do(
        self, run: dict[str, Any], step: str, do: str, by: dict[str, str] = OPERATOR, **more: Any
    ) -> dict[str, Any]:
        """Do something with a step."""
        path = f"{RECOVERY}runs/{run['run_id']}/steps/{step}/"
        answer = self.ask("POST", path, json={"do": do, **more}, headers=by)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def read(self, run: dict[str, Any]) -> dict[str, Any]:
        """How it stands."""
        told: dict[str, Any] = self.ask("GET", f"{RECOVERY}runs/{run['run_id']}/").json()
        return told

    def until(self, run: dict[str, Any], fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """How the run stands once it does as wanted; fails the test when that never comes."""

        async def wait() -> None:
            while True:
                pos = self.engine.health().last_pos
                answer = await self.http.get(
                    f"{RECOVERY}runs/{run['run_id']}/", headers=self.bearer()
                )
                self.told: dict[str, Any] = answer.json()
                if fits(self.told):
                    return
                await self.engine.wait_change(pos, 1.0)

        try:
            self.run(asyncio.wait_for(wait(), 60))
        except TimeoutError:
            raise AssertionError(f"it never came: {self.told}") from None
        return self.told

    def bearer(self) -> dict[str, str]:
        """The desk's token."""
        from tests.api.station import BEARER

        return BEARER


def states(run: dict[str, Any]) -> dict[str, str]:
    """The state of each step."""
    return {step["step_id"]: step["state"] for step in run["steps"]}


def step_of(run: dict[str, Any], step_id: str) -> dict[str, Any]:
    """One step."""
    found: dict[str, Any] = next(s for s in run["steps"] if s["step_id"] == step_id)
    return found
