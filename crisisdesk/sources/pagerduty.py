"""PagerDuty's Events API v2: what its client libraries post to ``/v2/enqueue``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources.labels import ALERT_TYPES
from crisisdesk.sources.payload import (
    first_url,
    fit_key,
    fit_title,
    kept,
    load_object,
    missing,
    text_at,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

SOURCE = "pagerduty"
MAX_EVENT_BYTES = 512 * 1024
SUMMARY_LIMIT = 1024
DEDUP_KEY_LIMIT = 255
_ROUTING_KEY_LIMIT = 255
_FIELD_LIMIT = 1024
_ACTIONS = {
    "trigger": SignalAction.FIRE,
    "acknowledge": SignalAction.ACKNOWLEDGE,
    "resolve": SignalAction.RESOLVE,
}
SEVERITIES: dict[str, Severity] = {
    "critical": Severity.CRITICAL,
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "info": Severity.LOW,
}


def parse(body: bytes, rules: IntakeRules, *, new_key: Callable[[], str]) -> Parsed:
    """Translate one event; ``new_key`` makes the dedup key of a trigger that brings none.

    The answer is 202 with ``{status, message, dedup_key}``; ``routing_key`` of the result is the
    sender's credential and is for the route to check. The four severity words are read
    through the rules (where ``error`` is high and so on unless configured otherwise); others are
    refused, as PagerDuty does. Raises IntakeError 400 or 413; ``refusal`` gives its body.
    """
    if len(body) > MAX_EVENT_BYTES:
        raise IntakeError(
            413,
            "body",
            f"{len(body)} bytes are more than the {MAX_EVENT_BYTES} allowed",
            "Shorten custom_details.",
        )
    event = load_object(body, rules)
    routing_key = text_at(event, "routing_key", limit=_ROUTING_KEY_LIMIT)
    if not routing_key:
        raise missing("routing_key", "the integration key of this station")
    action = _ACTIONS.get(text_at(event, "event_action"))
    if action is None:
        raise IntakeError(
            400,
            "event_action",
            "is none of trigger, acknowledge and resolve",
            "Send one of these three.",
        )
    dedup_key = text_at(event, "dedup_key", limit=DEDUP_KEY_LIMIT)
    if action is SignalAction.FIRE:
        dedup_key = dedup_key or new_key()
        signal = _trigger(event, rules, dedup_key)
    elif dedup_key:
        signal = _follow_up(event, rules, action, dedup_key)
    else:
        raise missing("dedup_key", "the dedup_key of the event this one is about")
    return Parsed(
        signals=[signal],
        status=202,
        answer={"status": "success", "message": "Event processed", "dedup_key": dedup_key},
        routing_key=routing_key,
    )


def refusal(error: IntakeError) -> dict[str, Any]:
    """The body of a 4xx answer in the shape that PagerDuty's clients read."""
    return {
        "status": "invalid event",
        "message": "Event object is invalid",
        "errors": [f"'{error.field}' {error.problem}. {error.remedy}"],
    }


def _payload(event: dict[str, Any]) -> dict[str, Any]:
    payload = event.get("payload")
    if payload is None:
        raise missing("payload", "an object with summary, source and severity")
    if type(payload) is not dict:
        raise wrong_type("payload", "an object", payload)
    return payload


def _trigger(event: dict[str, Any], rules: IntakeRules, key: str) -> Signal:
    payload = _payload(event)
    summary = _required(payload, "summary", SUMMARY_LIMIT)
    source = _required(payload, "source", _FIELD_LIMIT)
    word = _required(payload, "severity", _FIELD_LIMIT)
    if word not in SEVERITIES:
        raise IntakeError(
            400,
            "payload.severity",
            "is none of critical, error, warning and info",
            "Send one of these four.",
        )
    component, group, kind = (
        text_at(payload, name, "payload", _FIELD_LIMIT) for name in ("component", "group", "class")
    )
    named = {"source": source, "component": component, "group": group, "class": kind}
    title, description = fit_title(summary, "")
    return Signal(
        source=SOURCE,
        key=key,
        action=SignalAction.FIRE,
        severity=rules.severity_words.get(word, SEVERITIES[word]),
        title=title,
        description=description,
        alert_type=kind.lower() if kind.lower() in ALERT_TYPES else "service",
        service=component or group or source,
        place=source,
        group_key=fit_key(group),
        starts_at=time_at(payload.get("timestamp"), "payload.timestamp"),
        url=_url(event),
        labels={name: text for name, text in named.items() if text},
        affected_systems=[name for name in dict.fromkeys((source, component)) if name],
        details=_details(event, payload),
    )


def _follow_up(event: dict[str, Any], rules: IntakeRules, action: SignalAction, key: str) -> Signal:
    """An acknowledge or resolve: only its key counts, what else it brings goes into the details."""
    payload = {} if event.get("payload") is None else _payload(event)
    title, description = fit_title(text_at(payload, "summary", "payload") or key, "")
    return Signal(
        source=SOURCE,
        key=key,
        action=action,
        severity=rules.default_severity,
        title=title,
        description=description,
        url=_url(event),
        details=_details(event, payload),
    )


def _required(payload: dict[str, Any], name: str, limit: int) -> str:
    text = text_at(payload, name, "payload", limit)
    if not text.strip():
        raise missing(f"payload.{name}", "a text")
    return text


def _details(event: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    parts = {
        "client": event.get("client"),
        "client_url": event.get("client_url"),
        "links": event.get("links"),
        "images": event.get("images"),
        "custom_details": payload.get("custom_details"),
    }
    return {name: kept(value) for name, value in parts.items() if value}


def _url(event: dict[str, Any]) -> str:
    links = event.get("links")
    listed = links if type(links) is list else []
    addresses = [link.get("href") for link in listed if type(link) is dict]
    return first_url([event.get("client_url"), *addresses])
