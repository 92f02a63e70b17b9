"""Alertmanager's webhook, version 4: what a running Alertmanager tells about a group of alerts."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources.alertmanager_api import SOURCE, too_many
from crisisdesk.sources.fingerprint import fingerprint
from crisisdesk.sources.labels import (
    alert_type_of,
    group_of,
    place_of,
    service_of,
    string_map,
    systems_of,
    without_empty,
    wording,
)
from crisisdesk.sources.payload import (
    decode,
    fit_key,
    missing,
    text_at,
    tidy,
    web_url,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

VERSION = "4"
_FINGERPRINT_LIMIT = 64
_ACTIONS = {"firing": SignalAction.FIRE, "resolved": SignalAction.RESOLVE}


def parse(body: bytes, rules: IntakeRules) -> Parsed:
    """Translate ``{version: "4", groupKey, truncatedAlerts, status, receiver, alerts: [...]}``.

    Each of the alerts ``{status, labels, annotations, startsAt, endsAt, generatorURL,
    fingerprint}`` is one signal, in order. Those that Alertmanager left out (``truncatedAlerts``)
    are told by their number in the details of those that came. Raises IntakeError 400 or 413.
    """
    raw = decode(body, rules)
    if type(raw) is not dict:
        raise wrong_type("body", "a webhook object", raw)
    document = tidy(raw, rules, "", body)
    _check_version(document)
    alerts = document.get("alerts")
    if type(alerts) is not list:
        raise missing("alerts", "an array") if alerts is None else _not_alerts(alerts)
    if len(alerts) > rules.max_alerts_per_request:
        raise too_many(len(alerts), rules, "alerts")
    group_key = fit_key(text_at(document, "groupKey"))
    shared = _shared_details(document)
    signals = []
    for item, as_sent in zip(alerts, raw["alerts"], strict=True):
        try:
            signals.append(_signal(item, as_sent, rules, group_key, shared))
        except IntakeError as error:
            raise error.inside(f"alerts[{len(signals)}]") from None
    return Parsed(signals=signals)


def _check_version(document: dict[str, Any]) -> None:
    version = text_at(document, "version")
    if not version:
        raise missing("version", f'the webhook version "{VERSION}"')
    if version != VERSION:
        raise IntakeError(
            400,
            "version",
            f'is not "{VERSION}"',
            "Send other senders' webhooks to the generic intake with a mapping.",
        )


def _not_alerts(value: Any) -> IntakeError:
    return wrong_type("alerts", "an array of alerts", value)


def _shared_details(document: dict[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = {}
    receiver = text_at(document, "receiver")
    if receiver:
        details["receiver"] = receiver
    truncated = document.get("truncatedAlerts")
    if truncated is not None and (type(truncated) is not int or truncated < 0):
        raise wrong_type("truncatedAlerts", "a whole number from 0", truncated)
    if truncated:
        details["truncated_alerts"] = truncated
    external_url = web_url(text_at(document, "externalURL"))
    if external_url:
        details["alertmanager_url"] = external_url
    return details


def _signal(
    item: Any, as_sent: Any, rules: IntakeRules, group_key: str, shared: dict[str, Any]
) -> Signal:
    if type(item) is not dict:
        raise wrong_type("", "an alert object", item)
    action = _ACTIONS.get(text_at(item, "status"))
    if action is None:
        raise IntakeError(
            400, "status", "is neither firing nor resolved", 'Send "firing" or "resolved".'
        )
    labels = without_empty(string_map(item.get("labels"), rules, "labels", plain=True))
    if not labels:
        raise missing("labels", "at least one label with a value")
    annotations = string_map(item.get("annotations"), rules, "annotations", plain=True)
    key = text_at(item, "fingerprint", limit=_FINGERPRINT_LIMIT)
    if not key:
        key = fingerprint(without_empty(as_sent["labels"]))
    title, description = wording(labels, annotations)
    service = service_of(labels)
    return Signal(
        source=SOURCE,
        key=key,
        action=action,
        severity=rules.severity(labels.get("severity")),
        title=title,
        description=description,
        alert_type=alert_type_of(labels),
        service=service,
        place=place_of(labels),
        group_key=group_key or group_of(labels, service),
        starts_at=time_at(item.get("startsAt"), "startsAt"),
        ends_at=time_at(item.get("endsAt"), "endsAt"),
        url=web_url(text_at(item, "generatorURL")),
        labels=labels,
        annotations=annotations,
        affected_systems=systems_of(labels, service),
        details=dict(shared),
    )
