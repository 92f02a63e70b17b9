"""Alertmanager's own API v2: what a Prometheus server posts to ``/api/v2/alerts``."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.signal import Signal, SignalAction
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
    is_plain,
    join,
    missing,
    text_at,
    tidy,
    tidy_text,
    web_url,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

SOURCE = "alertmanager"
_MEMBERS = frozenset({"labels", "annotations", "startsAt", "endsAt", "generatorURL"})


def parse(body: bytes, rules: IntakeRules, *, now_ms: int) -> Parsed:
    """Translate an array of ``{labels, annotations?, startsAt?, endsAt?, generatorURL?}``.

    An ``endsAt`` not after ``now_ms`` resolves; a later one fires until then; without one the alert
    fires and its end is the engine's to set. The answer is an empty body. Unlike Alertmanager, one
    bad alert refuses the whole request. Raises IntakeError 400 or 413.
    """
    value = decode(body, rules)
    if type(value) is not list:
        raise wrong_type("body", "an array of alerts", value)
    if len(value) > rules.max_alerts_per_request:
        raise too_many(len(value), rules, "body")
    plain = is_plain(body)
    signals = []
    for item in value:
        try:
            signals.append(_signal(item, rules, now_ms, body, plain))
        except IntakeError as error:
            raise error.inside(f"[{len(signals)}]") from None
    return Parsed(signals=signals)


def too_many(count: int, rules: IntakeRules, path: str) -> IntakeError:
    """The error for more alerts in one request than the rules allow."""
    return IntakeError(
        413,
        path,
        f"{count} alerts are more than the {rules.max_alerts_per_request} allowed",
        "Send them in several requests.",
    )


def _signal(item: Any, rules: IntakeRules, now_ms: int, body: bytes, plain: bool) -> Signal:
    if type(item) is not dict:
        raise wrong_type("", "an alert object", item)
    if not item.keys() <= _MEMBERS:
        _check_strangers(item, rules, body)
    raw_labels = item.get("labels")
    labels = without_empty(string_map(raw_labels, rules, "labels", plain=True))
    if not labels:
        raise missing("labels", "at least one label with a value")
    # The fingerprint is of the labels as they came, like Alertmanager's; what is kept is NFC.
    key = fingerprint(labels)
    annotations = string_map(item.get("annotations"), rules, "annotations", plain=plain)
    if not plain:
        labels = string_map(labels, rules, "labels", plain=False)
    starts_at = time_at(item.get("startsAt"), "startsAt")
    ends_at = time_at(item.get("endsAt"), "endsAt")
    if ends_at is not None and starts_at is not None and ends_at < starts_at:
        raise IntakeError(400, "endsAt", "lies before startsAt", "Send an end after the start.")
    url = text_at(item, "generatorURL")
    if not plain:
        url = tidy_text(url, "generatorURL")
    title, description = wording(labels, annotations)
    service = service_of(labels)
    return Signal(
        source=SOURCE,
        key=key,
        action=(SignalAction.FIRE if ends_at is None or ends_at > now_ms else SignalAction.RESOLVE),
        severity=rules.severity(labels.get("severity")),
        title=title,
        description=description,
        alert_type=alert_type_of(labels),
        service=service,
        place=place_of(labels),
        group_key=group_of(labels, service),
        starts_at=starts_at,
        ends_at=ends_at,
        url=web_url(url),
        labels=labels,
        annotations=annotations,
        affected_systems=systems_of(labels, service),
    )


def _check_strangers(item: dict[str, Any], rules: IntakeRules, body: bytes) -> None:
    """Hold members that are ignored to the same limits, so that depth is bounded everywhere."""
    for name, value in item.items():
        if name not in _MEMBERS:
            tidy(value, rules, join("", name), body, depth=3)
