"""Commands about what an incident is: merged into another, split, restricted, its derived ranks."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeIncident(Command):
    """Make an incident a part of another one; the result is the id of the one it is part of now."""

    incident_id: str
    into: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeIncident(Command):
    """Let an incident that was made a part of another one stand for itself again."""

    incident_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitIncident(Command):
    """Make an incident of its own of some alerts of another one; the result is its id.

    The same alerts split off twice are one incident. What is not said is as it was there.
    """

    incident_id: str
    alerts: list[str]
    title: str = ""
    severity: str = ""
    commander: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictIncident(Command):
    """Say who besides those who work on it may read an incident, or (False) that all may."""

    incident_id: str
    restricted: bool
    readers: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChannel(Command):
    """Say by what people of an incident speak to each other; ``kind`` is one of
    `domain.incident_channels.CHANNEL_KINDS`. One of that name is changed. The result is its name.
    """

    incident_id: str
    name: str
    kind: str
    address: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveChannel(Command):
    """Take a channel of an incident away."""

    incident_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindRings(Command):
    """Let incidents that two stations merged into each other stand; the result is how many."""

    limit: int = 200
