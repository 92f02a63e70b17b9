"""Alerts out of a list in JSON: the same mapping as of JSON that is posted, asked for instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from crisisdesk.domain.json_path import ROOT, find, path_of
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.generic import signal_of
from crisisdesk.sources.mapping import (
    OWN_PATHS,
    RESOLVE_WORDS,
    GenericMapping,
    own_format,
)
from crisisdesk.sources.payload import fit_key, tidy
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import down
from crisisdesk.sources.probes.vanishing import Seen
from crisisdesk.sources.rules import IntakeError, IntakeRules

SOURCE = "json"
ITEMS_LIMIT = 10_000
# What one alert may take of the log.
ITEM_BYTES = 128 * 1024
_SEVERITIES = tuple(str(one) for one in Severity)
_NEEDED = ("key", "title")
_OTHERS = ("each", "resolve_words", "default_severity", "severities")
# Tidying reads the text again where a number may be a whole one that is too wide; of an answer that
# was asked for such a number counts as it was read.
_NO_WIDE_NUMBERS = b"0"


def check_alerts(fields: Fields) -> dict[str, Any]:
    """The setting ``alerts`` with its defaults, {} where it is left out; raises Malformed."""
    table = fields.table("alerts")
    if table is None:
        return {}
    one = Fields(table, (*OWN_PATHS, *_OTHERS), "settings.alerts")
    paths = {name: one.path(name, None if name in _NEEDED else "") for name in OWN_PATHS}
    severities = one.names("severities")
    inner = Fields(severities, severities, "settings.alerts.severities")
    return {
        "each": one.path("each", ""),
        **{name: path for name, path in paths.items() if path},
        "resolve_words": one.texts("resolve_words", RESOLVE_WORDS, most=50),
        "default_severity": one.choice("default_severity", _SEVERITIES, str(Severity.MEDIUM)),
        "severities": {word: inner.choice(word, _SEVERITIES) for word in severities},
    }


def alerts_of(document: Any, look: Look, rules: IntakeRules) -> tuple[Seen, int]:
    """What an answer says of alerts, and how many of its items could not be read.

    Raises Unanswered where there is no list, or too long a one: neither ends anything.
    """
    told = look.source.settings["alerts"]
    mapping = own_format(SOURCE, told)
    items = _items(document, told["each"])
    around = document
    if _looks_outside(mapping):
        try:
            around = tidy(document, rules, "", _NO_WIDE_NUMBERS)
        except IntakeError as error:
            raise down(f"the answer cannot be read: {error}") from None
    firing: dict[str, Signal] = {}
    ended: dict[str, Signal] = {}
    bad = 0
    for item in items:
        try:
            signal = _signal(item, around, rules, mapping)
        except IntakeError:
            bad += 1
            continue
        signal = _owned(signal, look)
        if signal.action == SignalAction.RESOLVE:
            ended.setdefault(signal.key, signal)
        else:
            _worst(firing, signal)
    over = [signal for key, signal in ended.items() if key not in firing]
    seen = Seen(list(firing.values()), frozenset(), "", is_whole=not bad, ended=over, source=SOURCE)
    return seen, bad


def _items(document: Any, each: str) -> list[Any]:
    items = find(document, document, path_of(each)) if each else document
    if type(items) is not list:
        raise down(f"the answer holds no list of alerts at {each or 'its top'}")
    if len(items) > ITEMS_LIMIT:
        raise down(f"the answer lists {len(items)} alerts, more than {ITEMS_LIMIT}; ask for fewer")
    return items


def _looks_outside(mapping: GenericMapping) -> bool:
    return any(path[0] == ROOT for paths in mapping.fields.values() for path in paths)


def _signal(item: Any, around: Any, rules: IntakeRules, mapping: GenericMapping) -> Signal:
    if type(item) is not dict:
        raise IntakeError(400, "item", "is no object", "List objects.")
    if len(orjson.dumps(item)) > ITEM_BYTES:
        raise IntakeError(413, "item", f"is longer than {ITEM_BYTES} bytes", "Shorten it.")
    return signal_of(tidy(item, rules, "", _NO_WIDE_NUMBERS), around, rules, mapping)


def _owned(signal: Signal, look: Look) -> Signal:
    """With a key that no other source has, and the source's service where it names none.

    One that is in somebody's hands over there has not ended: it fires. So does one that says when
    it will end: it is over when the list says so, or is without it.
    """
    source = look.source
    is_over = signal.action == SignalAction.RESOLVE
    return replace(
        signal,
        key=fit_key(f"{source.source_id}:{signal.key}"),
        action=SignalAction.RESOLVE if is_over else SignalAction.FIRE,
        ends_at=signal.ends_at if is_over else None,
        service=signal.service or source.service,
        labels={"source": source.name, **signal.labels},
        note=signal.note or ("its source reports it over" if is_over else ""),
    )


def _worst(firing: dict[str, Signal], signal: Signal) -> None:
    """Of several of one key the worst counts, whatever order they come in."""
    other = firing.get(signal.key)
    if other is None or signal.severity.rank > other.severity.rank:
        firing[signal.key] = signal
