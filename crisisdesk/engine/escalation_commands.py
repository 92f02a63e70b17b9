"""Commands about policies, schedules and the escalations that run by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crisisdesk.engine.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class MindEscalations(Command):
    """Go on with escalations that have been due for ``late_ms``; the result is how many."""

    late_ms: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLateSteps(Command):
    """Ask which escalations nobody has gone on with for ``late_ms`` since they were due; the result
    is their ids, soonest due first."""

    late_ms: int = 30_000
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MindUnattended(Command):
    """Look after alerts that nobody has and that nothing will page for; the result is how many."""

    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPolicy(Command):
    """Publish a version of a policy, schedule or override; the result is its id.

    The same name and content again is the same version.
    """

    name: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPolicy(Command):
    """Take a version back; escalations that began with it keep it."""

    version_id: str
