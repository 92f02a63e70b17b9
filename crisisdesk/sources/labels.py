"""Reads label sets and derives what a person wants to see: title, service, place, kind."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from crisisdesk.domain.signal import AlertType
from crisisdesk.sources.payload import fit_key, fit_title, join, tidy_text, wrong_type
from crisisdesk.sources.rules import IntakeError, IntakeRules

CLASSIC_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
ALERT_TYPES = frozenset(AlertType)
_SEEN_NAMES_LIMIT = 4096
_seen_names: set[str] = set()
_PORT = re.compile(r":[0-9]+\Z")


def string_map(value: Any, rules: IntakeRules, path: str, *, plain: bool) -> dict[str, str]:
    """A checked copy of a label or annotation set; {} for null.

    Texts are brought to NFC unless ``plain`` says that they need it not. Raises IntakeError 400 for
    anything but an object of strings with allowed names, or too much text.
    """
    if value is None:
        return {}
    if type(value) is not dict:
        raise wrong_type(path, "an object of strings", value)
    try:
        chars = len("".join(value.values()))
    except TypeError:
        raise _not_a_string(value, path) from None
    if chars > rules.max_text_chars:
        raise IntakeError(
            400,
            path,
            f"has {chars} characters, more than {rules.max_text_chars}",
            "Shorten the longest value.",
        )
    if not value.keys() <= _seen_names:
        _check_names(value, rules, path)
    if plain:
        return value
    return {tidy_text(k, path): tidy_text(v, join(path, k)) for k, v in value.items()}


def without_empty(labels: dict[str, str]) -> dict[str, str]:
    """The labels without those of empty value, which mean the same as being absent."""
    if "" in labels.values():
        return {name: text for name, text in labels.items() if text}
    return labels


def wording(labels: dict[str, str], annotations: dict[str, str]) -> tuple[str, str]:
    """Title and description: the rule's summary, or its name and the instance it speaks of."""
    title = annotations.get("summary", "").strip()
    if not title:
        title = labels.get("alertname") or "Alert without a name"
        instance = labels.get("instance")
        if instance:
            title = f"{title} ({instance})"
    description = annotations.get("description") or annotations.get("message") or ""
    if len(title) > 200 or len(description) > 20_000:
        return fit_title(title, description)
    return title, description


def service_of(labels: dict[str, str]) -> str:
    """The service a label set speaks of, or ""."""
    get = labels.get
    return get("service") or get("job") or get("app") or ""


def place_of(labels: dict[str, str]) -> str:
    """Where it is: region, data centre, zone, or the host of the instance."""
    get = labels.get
    return get("region") or get("datacenter") or get("zone") or host_of(get("instance", ""))


def alert_type_of(labels: dict[str, str]) -> str:
    """The kind a label names outright (``alert_type`` or ``category``), else "service"."""
    word = labels.get("alert_type") or labels.get("category")
    if word:
        word = word.lower()
        if word in ALERT_TYPES:
            return word
    return "service"


def systems_of(labels: dict[str, str], service: str) -> list[str]:
    """The instance, host and service named, each once, in this order."""
    get = labels.get
    instance = get("instance")
    names = [instance] if instance else []
    host = get("host") or get("hostname") or get("node")
    if host and host != instance:
        names.append(host)
    if service and service not in names:
        names.append(service)
    return names


def group_of(labels: dict[str, str], service: str) -> str:
    """The group an alert joins when its source names none: the same rule on the same service."""
    name = labels.get("alertname") or ""
    return fit_key(f"{name}|{service}") if name or service else ""


@lru_cache(maxsize=4096)
def host_of(instance: str) -> str:
    """The host in ``host:port``, ``[v6]:port`` or a URL."""
    if "://" in instance:
        instance = instance.partition("://")[2].partition("/")[0]
    if instance.startswith("["):
        return instance[1:].partition("]")[0]
    if instance.count(":") == 1:
        return _PORT.sub("", instance)
    return instance


def _not_a_string(value: dict[str, Any], path: str) -> IntakeError:
    for name, text in value.items():
        if type(text) is not str:
            return wrong_type(join(path, name), "a string", text)
    raise AssertionError("called for an object of strings")


def _check_names(value: dict[str, Any], rules: IntakeRules, path: str) -> None:
    for name in value:
        if CLASSIC_NAME.fullmatch(name):
            if len(_seen_names) >= _SEEN_NAMES_LIMIT:
                _seen_names.clear()
            _seen_names.add(name)
        elif not (rules.utf8_label_names and name):
            raise IntakeError(
                400,
                join(path, name) if name else path,
                "is not a valid label name",
                "Use letters, digits and _ only, not starting with a digit.",
            )
