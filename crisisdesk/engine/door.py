"""The door's port: what the API needs of a running engine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from crisisdesk.domain.audit_week import Weekly
from crisisdesk.engine.commands import Command
from crisisdesk.engine.fleet import FleetStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the engine is. ``problems`` are sentences for the operator; empty when all is well."""

    station: str
    version: str
    origin: str
    started_ms: int
    last_pos: int
    queued_commands: int
    deliveries_waiting: int
    last_backup_ms: int | None
    problems: tuple[str, ...] = ()


class EngineDoor(Protocol):
    """A running engine, seen from its API."""

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        """Ask for a command; done when its facts are on disk (see `engine.committer.Committer`)."""

    def now_ms(self) -> int:
        """The engine's clock."""

    async def wait_change(self, after_pos: int, timeout_s: float) -> int:
        """The last log position, as soon as it is past ``after_pos`` or the time is up."""

    def health(self) -> Health:
        """How it is."""

    def weekly(self) -> Weekly | None:
        """When people are audited; None where they are not."""

    def fleet(self) -> FleetStatus:
        """How it stands towards hub, duty and the other stations."""

    def counters(self) -> dict[str, float]:
        """Monotonic counters and gauges by Prometheus name, for ``/metrics``."""
