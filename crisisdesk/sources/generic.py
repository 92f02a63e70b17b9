"""Any JSON payload, read through a mapping."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from crisisdesk.domain.json_path import find
from crisisdesk.domain.signal import DetectionMethod, Signal, SignalAction
from crisisdesk.sources.alertmanager_api import too_many
from crisisdesk.sources.labels import ALERT_TYPES
from crisisdesk.sources.mapping import DEFAULT_ACTIONS, PLAIN, GenericMapping
from crisisdesk.sources.payload import (
    Number,
    first_url,
    fit_key,
    fit_title,
    kept,
    load,
    missing,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

_DERIVED_KEY_CHARS = 32
_SHORT_TEXT_LIMIT = 512


def parse(body: bytes, rules: IntakeRules, *, mapping: GenericMapping = PLAIN) -> Parsed:
    """Translate an object into one signal, or an array (itself or at ``mapping.each``) into many.

    Without a key one is derived from title, service and place, so that the same words resolve what
    they raised. Without a status the signal fires; with a word that no one mapped it fires too, and
    ``details.unmapped_status`` shows the word: an alarm too many is better than a lost one.
    Only a title is required. Raises IntakeError 400 or 413.
    """
    document = load(body, rules)
    if mapping.each is not None:
        path = ".".join(map(str, mapping.each))
        items = find(document, document, mapping.each)
        if type(items) is not list:
            raise (
                missing(path, "an array") if items is None else wrong_type(path, "an array", items)
            )
    elif type(document) is list:
        path, items = "", document
    elif type(document) is dict:
        return Parsed(signals=[signal_of(document, document, rules, mapping)])
    else:
        raise wrong_type("body", "an object or an array of objects", document)
    if len(items) > rules.max_alerts_per_request:
        raise too_many(len(items), rules, path or "body")
    signals = []
    for item in items:
        try:
            if type(item) is not dict:
                raise wrong_type("", "an object", item)
            signals.append(signal_of(item, document, rules, mapping))
        except IntakeError as error:
            raise error.inside(f"{path}[{len(signals)}]") from None
    return Parsed(signals=signals)


def signal_of(
    item: dict[str, Any], document: Any, rules: IntakeRules, mapping: GenericMapping
) -> Signal:
    """What one item of a tidied document says; IntakeError 400 for one without a title, or with a
    field of a wrong type."""
    read = _Reader(item, document, mapping)
    title = read.text("title").strip()
    if not title:
        raise missing(read.where("title"), "a text")
    service = read.text("service", _SHORT_TEXT_LIMIT)
    place = read.text("place", _SHORT_TEXT_LIMIT)
    key = read.text("key") or _derived_key(title, service, place)
    details = read.object("details")
    action, stranger = _action(read.text("status"), mapping)
    if stranger:
        details = {**details, "unmapped_status": stranger}
    title, description = fit_title(title, read.text("description"))
    kind = read.text("alert_type").lower()
    return Signal(
        source=mapping.source,
        key=fit_key(key),
        action=action,
        severity=_severity(read, rules, mapping),
        title=title,
        description="" if description == title else description,
        alert_type=kind if kind in ALERT_TYPES else "service",
        detection_method=DetectionMethod.AUTOMATED,
        service=service,
        place=place,
        group_key=fit_key(read.text("group_key")),
        starts_at=time_at(read.value("starts_at"), read.where("starts_at")),
        ends_at=time_at(read.value("ends_at"), read.where("ends_at")),
        url=first_url((read.value("url"),)),
        labels=read.texts("labels"),
        annotations=read.texts("annotations"),
        affected_systems=read.names("affected_systems"),
        impact_scope=read.object("impact_scope"),
        details=details,
        note=read.text("note"),
    )


def _severity(read: _Reader, rules: IntakeRules, mapping: GenericMapping) -> Any:
    word = read.text("severity").strip().lower()
    return mapping.severity_words.get(word) or rules.severity(word)


def _action(word: str, mapping: GenericMapping) -> tuple[SignalAction, str]:
    """The action a status means, and the word again if no one mapped it."""
    plain = word.strip().lower()
    action = mapping.actions.get(plain) or DEFAULT_ACTIONS.get(plain)
    if action is not None:
        return action, ""
    return SignalAction.FIRE, word


def _derived_key(*parts: str) -> str:
    digest = sha256("\x00".join(parts).encode()).hexdigest()
    return f"auto:{digest[:_DERIVED_KEY_CHARS]}"


class _Reader:
    """Reads the fields of one signal through a mapping; its errors name the path that led there."""

    def __init__(self, item: dict[str, Any], document: Any, mapping: GenericMapping) -> None:
        self._item = item
        self._document = document
        self._mapping = mapping

    def value(self, name: str) -> Any:
        """The first thing found that is neither null nor "", else the default, else None."""
        for path in self._mapping.fields.get(name, ()):
            value = find(self._item, self._document, path)
            if value is not None and value != "":
                return value
        return self._mapping.defaults.get(name)

    def where(self, name: str) -> str:
        """The path a value was found at, or would be looked for first."""
        paths = self._mapping.fields.get(name) or ((name,),)
        for path in paths:
            if find(self._item, self._document, path) not in (None, ""):
                return ".".join(map(str, path))
        return ".".join(map(str, paths[0]))

    def text(self, name: str, limit: int | None = None) -> str:
        """A text; numbers and booleans as JSON writes them. IntakeError 400 for a container."""
        value = self.value(name)
        if value is None:
            return ""
        text = _scalar(value, self.where(name))
        if limit is not None and len(text) > limit:
            raise IntakeError(
                400,
                self.where(name),
                f"has {len(text)} characters, more than {limit}",
                "Shorten it.",
            )
        return text

    def object(self, name: str) -> dict[str, Any]:
        """An object; {} when absent; anything else under ``value``."""
        value = kept(self.value(name))
        if value is None:
            return {}
        return value if type(value) is dict else {"value": value}

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts (scalars as JSON writes them, no nulls); a list becomes tags."""
        value = self.value(name)
        if value is None:
            return {}
        if type(value) is list:
            value = {f"tag_{number}": tag for number, tag in enumerate(value, start=1)}
        if type(value) is not dict:
            raise wrong_type(self.where(name), "an object of strings", value)
        return {
            key: _scalar(text, f"{self.where(name)}.{key}")
            for key, text in value.items()
            if text is not None
        }

    def names(self, name: str) -> list[str]:
        """A list of texts without repeats; one text is a list of one."""
        value = self.value(name)
        if value is None:
            return []
        many = value if type(value) is list else [value]
        return list(dict.fromkeys(_scalar(one, self.where(name)) for one in many))


def _scalar(value: Any, path: str) -> str:
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    if type(value) is Number:
        return value.text
    raise wrong_type(path, "a string", value)
