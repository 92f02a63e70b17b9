"""Filters: which alerts or incidents somebody asks for, whoever asks and wherever they are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """Which alerts: every given criterion must hold; an empty one is no criterion.

    ``status`` and ``severity`` are words; ``text`` is looked for in id, title, service, place,
    source and owner, whatever its case.
    """

    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    source: str = ""
    service: str = ""
    owner: str = ""
    text: str = ""
    incident_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Which incidents: as `AlertFilter`; ``text`` is looked for in id, title and commander.

    ``viewer`` is who asks: titles of restricted ones that are not for them are not looked into.
    """

    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    commander: str = ""
    text: str = ""
    viewer: str = ""
