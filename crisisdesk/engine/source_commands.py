"""Commands about sources that this station looks at, and about what its looks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.detection.source import DUTY, EVERY_MS, FAILURES, TIMEOUT_MS, Source
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareSource(Command):
    """Declare one, or publish another version of a known one (``source_id``); the result is its id.

    ``settings`` are as its prober's check gave them back.
    """

    name: str
    type: str
    settings: Mapping[str, Any]
    every_ms: int = EVERY_MS
    timeout_ms: int = TIMEOUT_MS
    failures: int = FAILURES
    severity: str = "critical"
    service: str = ""
    where: str = DUTY
    source_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseSource(Command):
    """Look at it no more for now, or again; its alerts end when it is paused."""

    source_id: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSource(Command):
    """Take it away; its alerts end."""

    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSources(Command):
    """Ask what is declared and whose alert is open; the result is a `DeclaredSources`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSources:
    """The sources by name; the keys of their alerts that are open, this station's own network
    (`engine.source_signals.network_key`) among them, with the moment each began (UTC ms)."""

    station_id: str
    found: tuple[Source, ...]
    told: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLooks(Command):
    """What came of looks: alerts that begin or end.

    Of ``signals`` a firing one counts unless its alert is open (``again``: then too), an ending one
    only when it is; neither counts for a source that is paused or gone.
    """

    signals: Sequence[Signal]
    again: bool = False
