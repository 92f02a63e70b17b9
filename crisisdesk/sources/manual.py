"""An alert raised by a person or by a script of theirs: the body of ``POST /crisis/alerts/``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import (
    DESCRIPTION_LIMIT,
    KEY_LIMIT,
    TITLE_LIMIT,
    AlertType,
    DetectionMethod,
    Signal,
    SignalAction,
)
from crisisdesk.sources.labels import string_map
from crisisdesk.sources.payload import (
    join,
    kept,
    load_object,
    missing,
    object_at,
    text_at,
    web_url,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

DEFAULT_SOURCE = "manual"
SOURCE_LIMIT = 100
MAX_AFFECTED_SYSTEMS = 200
_SHORT_TEXT_LIMIT = 512
_MEMBERS = frozenset(
    {
        "title",
        "severity",
        "description",
        "alert_type",
        "source_system",
        "detection_method",
        "key",
        "group_key",
        "service",
        "place",
        "url",
        "labels",
        "affected_systems",
        "impact_scope",
        "technical_details",
        "starts_at",
        "note",
    }
)
Choice = TypeVar("Choice", Severity, AlertType, DetectionMethod)


def parse(body: bytes, rules: IntakeRules, *, new_key: Callable[[], str]) -> Parsed:
    """Translate one object with ``title`` and ``severity`` (one of our five words), rest optional.

    ``key`` lets a repeated post mean the same alert; ``new_key`` makes one where it is absent.
    A member that does not exist is refused, since it is a slip of the pen. Raises IntakeError 400
    or 413. The answer is the route's to make.
    """
    fields = load_object(body, rules)
    for name in fields:
        if name not in _MEMBERS:
            raise IntakeError(
                400,
                join("", name) or "body",
                "is not a field of an alert",
                f"Use only {', '.join(sorted(_MEMBERS))}.",
            )
    title = text_at(fields, "title", limit=TITLE_LIMIT).strip()
    if not title:
        raise missing("title", "a title of 1 to 200 characters")
    severity = _choice(fields, "severity", Severity, None)
    signal = Signal(
        source=text_at(fields, "source_system", limit=SOURCE_LIMIT) or DEFAULT_SOURCE,
        key=text_at(fields, "key", limit=KEY_LIMIT) or new_key(),
        action=SignalAction.FIRE,
        severity=severity,
        title=title,
        description=text_at(fields, "description", limit=DESCRIPTION_LIMIT),
        alert_type=_choice(fields, "alert_type", AlertType, AlertType.SERVICE),
        detection_method=_choice(
            fields, "detection_method", DetectionMethod, DetectionMethod.MANUAL
        ),
        service=text_at(fields, "service", limit=_SHORT_TEXT_LIMIT),
        place=text_at(fields, "place", limit=_SHORT_TEXT_LIMIT),
        group_key=text_at(fields, "group_key", limit=KEY_LIMIT),
        starts_at=time_at(fields.get("starts_at"), "starts_at"),
        url=_url(fields),
        labels=string_map(fields.get("labels"), rules, "labels", plain=True),
        affected_systems=_systems(fields.get("affected_systems")),
        impact_scope=kept(object_at(fields, "impact_scope")),
        details=kept(object_at(fields, "technical_details")),
        note=text_at(fields, "note"),
    )
    return Parsed(signals=[signal], status=201)


def _choice(
    fields: dict[str, Any], name: str, kind: type[Choice], default: Choice | None
) -> Choice:
    word = text_at(fields, name)
    choices = ", ".join(kind)
    if not word:
        if default is None:
            raise missing(name, f"one of {choices}")
        return default
    try:
        return kind(word)
    except ValueError:
        raise IntakeError(400, name, "is not a word we know", f"Send one of {choices}.") from None


def _url(fields: dict[str, Any]) -> str:
    text = text_at(fields, "url")
    url = web_url(text)
    if text and not url:
        raise IntakeError(400, "url", "is not a web address", "Send one with http:// or https://.")
    return url


def _systems(value: Any) -> list[str]:
    if value is None:
        return []
    if type(value) is not list or len(value) > MAX_AFFECTED_SYSTEMS:
        raise wrong_type(
            "affected_systems", f"an array of at most {MAX_AFFECTED_SYSTEMS} strings", value
        )
    for number, name in enumerate(value):
        if type(name) is not str:
            raise wrong_type(f"affected_systems[{number}]", "a string", name)
    return list(dict.fromkeys(name for name in value if name))
