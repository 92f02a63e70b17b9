"""What sources report in a scenario: one firing, its repeats, and storms of many alerts."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import (
    TITLE_LIMIT,
    AlertType,
    DetectionMethod,
    Signal,
    SignalAction,
)
from crisisdesk.drills.actions import Report, Step
from crisisdesk.drills.cast import Cast
from crisisdesk.drills.entry import Entry
from crisisdesk.drills.spreading import burst_ms, fraction, spread_ms

DEFAULT_SOURCE = "alertmanager"
COUNT_LIMIT = 2_000


def source_actor(signal: Signal) -> str:
    """Under which name the facts of a source's report go into the log."""
    return f"source:{signal.source}"


def ending(signal: Signal, action: SignalAction, note: str) -> Signal:
    """The report that the same condition is over."""
    return replace(signal, action=action, note=note)


def fire(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    """One alert fires, or fires again."""
    name = entry.text("fire")
    signal = _signal(entry, cast, name)
    return [_step(entry, cast, "fire", name, signal, at_ms)]


def repeat(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    """Alerts are reported ``times`` more within ``over``, perhaps with other words.

    ``{value}`` in the title runs through ``values``; ``severity`` holds for the last report.
    """
    times = entry.number("times", low=1, high=COUNT_LIMIT)
    over = entry.offset("over")
    names = cast.alerts(entry, "repeat", at_ms)
    title = entry.text("title", "")
    values = _values(entry)
    severity = entry.choice("severity", Severity, "")
    steps = []
    for name in names:
        moments = spread_ms(f"{entry.path}/{name}", times, over)
        for i, shift in enumerate(moments):
            signal = cast.signal(name)
            if title:
                words = _worded(title, number=i + 1, value=_between(values, i, times))
                signal = replace(signal, title=_fitting(entry, words))
            if severity and i == times - 1:
                signal = replace(signal, severity=Severity(severity))
            steps.append(_step(entry, cast, "repeat", name, signal, at_ms + shift))
    return steps


def storm(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    """``count`` alerts of one kind within ``over``, named ``<storm>-1`` and on.

    ``{n}``, ``{value}`` and ``{place}`` in the title differ between them; ``places`` take turns;
    each is reported up to ``repeats`` more times within the same span again.
    """
    prefix = entry.text("storm")
    count = entry.number("count", low=1, high=COUNT_LIMIT)
    over = entry.offset("over")
    repeats = entry.number("repeats", 0, high=100)
    places = entry.texts("places", ())
    values = _values(entry)
    pattern = _signal(entry, cast, prefix)
    steps = []
    for i, shift in enumerate(burst_ms(entry.path, count, over)):
        name = f"{prefix}-{i + 1}"
        place = places[i % len(places)] if places else pattern.place
        words = _worded(pattern.title, number=i + 1, value=_between(values, i, count), place=place)
        signal = replace(pattern, key=name, place=place, title=_fitting(entry, words))
        steps.append(_step(entry, cast, "storm", name, signal, at_ms + shift))
        more = round(repeats * fraction(name))
        again = spread_ms(name, more + 1, over)[1:]
        steps.extend(_step(entry, cast, "storm", name, signal, at_ms + shift + a) for a in again)
    return steps


def _step(entry: Entry, cast: Cast, field: str, name: str, signal: Signal, at_ms: int) -> Step:
    cast.report(entry, field, name, at_ms, signal)
    report = Report(name=name, signal=signal)
    return Step(at_ms=at_ms, actor=source_actor(signal), action=report, entry=entry.path)


def _signal(entry: Entry, cast: Cast, name: str) -> Signal:
    service = entry.text("service", "")
    known = cast.services.get(service)
    if service and known is None:
        raise entry.fault("service", f"{service!r} is unknown", "add it to services")
    known = known or {}
    labels = {"service": service, **entry.text_mapping("labels")} if service else {}
    return Signal(
        source=entry.text("source", DEFAULT_SOURCE),
        key=entry.text("key", name),
        action=SignalAction.FIRE,
        severity=Severity(entry.choice("severity", Severity)),
        title=_fitting(entry, entry.text("title")),
        description=entry.text("description", ""),
        alert_type=entry.choice("type", AlertType, known.get("type", AlertType.SERVICE.value)),
        detection_method=entry.choice("noticed", DetectionMethod, DetectionMethod.AUTOMATED.value),
        service=service,
        place=entry.text("place", known.get("place", "")),
        group_key=entry.text("group", known.get("group", service)),
        url=entry.text("url", ""),
        labels=labels,
        annotations=entry.text_mapping("annotations"),
        affected_systems=entry.texts("systems", [service] if service else []),
        impact_scope=entry.mapping("scope"),
        details=entry.mapping("details"),
    )


def _values(entry: Entry) -> list[int]:
    if not entry.has("values"):
        return []
    values = entry.texts("values")
    if len(values) != 2 or not all(v.lstrip("-").isdigit() for v in values):
        raise entry.fault("values", f"{values!r} is no range", 'write ["3", "40"]')
    return [int(v) for v in values]


def _between(values: list[int], index: int, count: int) -> int:
    """The value at place ``index`` of ``count`` on the way from the first to the last."""
    if not values:
        return 0
    first, last = values
    return first + round((last - first) * index / max(1, count - 1))


def _worded(pattern: str, *, number: int, value: int, place: str = "") -> str:
    words = pattern.replace("{n}", str(number)).replace("{value}", str(value))
    return words.replace("{place}", place)


def _fitting(entry: Entry, title: str) -> str:
    if len(title) > TITLE_LIMIT:
        raise entry.fault("title", f"has {len(title)} characters", f"keep to {TITLE_LIMIT}")
    return title
