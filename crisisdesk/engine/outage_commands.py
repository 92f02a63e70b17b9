"""Commands about dependencies of channels that are taken out."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOutage(Command):
    """Say that a dependency is out; the result is its name as it is kept.

    It is over by hand, with ``incident_id`` if there is one, and at ``until`` (UTC ms) or after
    ``duration_ms``, not both. What was said of it before, and is seen here, gives way to this.
    """

    dependency: str
    reason: str
    incident_id: str = ""
    until: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOutage(Command):
    """Say that it is there again: takes back what was said, and overrules open incidents that name
    it."""

    dependency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReach(Command):
    """Whether anybody can be paged by a way that counts as working; the result is why nobody can,
    in words, "" while somebody can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RerouteWaiting(Command):
    """Page otherwise what waits for a way that counts as out, however it came to be so; the result
    is how many pages were."""
