"""A signal: what one outside report says about one condition, in no source's format."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crisisdesk.domain.severity import Severity

TITLE_LIMIT = 200
DESCRIPTION_LIMIT = 20_000
KEY_LIMIT = 512


class SignalAction(StrEnum):
    """What the report asks for."""

    FIRE = "fire"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class AlertType(StrEnum):
    """The four kinds of trouble an alert may be about."""

    SECURITY = "security"
    PERFORMANCE = "performance"
    DATA = "data"
    SERVICE = "service"


class DetectionMethod(StrEnum):
    """Who noticed."""

    AUTOMATED = "automated"
    MANUAL = "manual"
    EXTERNAL = "external"


@dataclass(slots=True, kw_only=True)
class Signal:
    """One report from one source about one condition.

    ``key`` tells conditions of one ``source`` apart (fingerprint or dedup key). Times are UTC
    milliseconds. ``starts_at`` is the source's own start of this occurrence, when it has one.
    ``ends_at`` on a firing signal is the moment after which a source that keeps silent means
    "resolved"; on a resolving one, when it ended. ``details`` is JSON without floats.
    Not frozen only because a frozen dataclass costs three times as much to make on the intake path;
    nothing changes a signal after its parser has made it.
    """

    source: str
    key: str
    action: SignalAction
    severity: Severity
    title: str
    description: str = ""
    alert_type: str = AlertType.SERVICE
    detection_method: str = DetectionMethod.AUTOMATED
    service: str = ""
    place: str = ""
    group_key: str = ""
    starts_at: int | None = None
    ends_at: int | None = None
    url: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    affected_systems: list[str] = field(default_factory=list)
    impact_scope: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    note: str = ""
