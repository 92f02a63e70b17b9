"""A rule in words: what it looks for, and what its alert says."""

from __future__ import annotations

import unicodedata

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.detection.conditions import (
    ALL,
    ANY,
    NONE,
    Absence,
    Anomaly,
    Composite,
    Condition,
    Lines,
    LineTest,
    RuleRef,
    Threshold,
)
from crisisdesk.domain.detection.fields import matching, plain
from crisisdesk.domain.detection.rule import SOURCE, AlertRule, key_of
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT, Signal, SignalAction

_MORE = ", …"


def value_words(value: float) -> str:
    """A value with at most six digits that count: ``0.953``, ``1200``, ``inf``."""
    return f"{value:.6g}"


def condition_words(condition: Condition) -> str:
    """What must hold, in one phrase."""
    if isinstance(condition, Threshold):
        return _threshold_words(condition)
    if isinstance(condition, Absence):
        what = _which(condition.metric, matching(condition.where))
        return f"no sample of {what} for {span_words(condition.absent_ms)}"
    if isinstance(condition, Lines):
        return _lines_words(condition)
    if isinstance(condition, Anomaly):
        what = _which(condition.metric, matching(condition.where))
        words = f"{what} scores {plain(condition.score)} or more as strange"
        return words + _for_words(condition.for_ms)
    return _composite_words(condition)


def _threshold_words(c: Threshold) -> str:
    what = _which(c.metric, matching(c.where))
    if c.rate_ms:
        what = f"growth of {what} per {c.rate_per} over {span_words(c.rate_ms)}"
    if c.aggregate:
        what = f"{c.aggregate} of {what}" + (f" by {', '.join(c.by)}" if c.by else "")
    return f"{what} {c.op} {plain(c.value)}" + _for_words(c.for_ms)


def _lines_words(c: Lines) -> str:
    where = f" in {c.log}" if c.log else ""
    if c.line is not None:
        count = f"{c.at_least} lines or more" if c.at_least > 1 else "a line"
        return f"{count} {_test_words(c.line)}{where} within {span_words(c.within_ms)}"
    but = f" without one {_test_words(c.without)}" if c.without is not None else ""
    first, then = _test_words(c.first), _test_words(c.then)
    return f"a line {first}, then one {then} within {span_words(c.within_ms)}{but}{where}"


def _composite_words(c: Composite) -> str:
    parts = [
        f"rule {one.rule_id}" if isinstance(one, RuleRef) else condition_words(one) for one in c.of
    ]
    how = {ALL: "all of", ANY: "any of", NONE: "none of"}.get(c.mode, f"at least {c.least} of")
    same = f", with the same {' and '.join(c.equal)}" if c.equal else ""
    return f"{how} ({'; '.join(parts)}){same}" + _for_words(c.for_ms)


def _which(metric: str, where: str) -> str:
    return f"{metric}{{{where}}}" if where else metric


def _for_words(ms: int) -> str:
    return f" for {span_words(ms)}" if ms else ""


def _test_words(test: LineTest | None) -> str:
    if test is None:
        return ""
    return f"with {test.contains!r}" if test.contains else f"like {test.match!r}"


def signal_of(rule: AlertRule, told: Transition) -> Signal:
    """What is reported of a rule that began to fire for a series, or ended."""
    return Signal(
        source=SOURCE,
        key=key_of(rule.rule_id, told.series),
        action=SignalAction.FIRE if told.fires else SignalAction.RESOLVE,
        severity=Severity(rule.severity),
        title=_storable(title_of(rule, told.series)),
        description=_storable(_description(rule, told))[:DESCRIPTION_LIMIT],
        alert_type=rule.alert_type,
        service=rule.service or _storable(dict(told.series.labels).get("service", ""))[:200],
        labels=_labels(rule, told.series),
        details=_details(rule, told),
        note="" if told.fires else told.why or _over_words(told.value),
    )


def ended_signal(rule_id: str, key: str, why: str) -> Signal:
    """The end of an alert of a rule of which no more is known than its key."""
    return Signal(
        source=SOURCE,
        key=key,
        action=SignalAction.RESOLVE,
        severity=Severity.LOW,
        title=rule_id,
        note=why,
    )


def title_of(rule: AlertRule, series: Series) -> str:
    """The title of its alert: the rule's name, then the labels that tell the series from others, as
    ``CPU high: host=web-3``.

    As many whole labels as there is room for, but a part of the first; ``…`` for what is left out.
    """
    title, mark = rule.name[:TITLE_LIMIT], ": "
    for count, (name, value) in enumerate(series.labels, start=1):
        longer = f"{title}{mark}{name}={value}"
        # What is left out has to be told too, behind a comma of its own.
        room = TITLE_LIMIT - (len(_MORE) if count < len(series.labels) else 0)
        if len(longer) > room:
            return f"{title}{_MORE}" if count > 1 else f"{longer[: TITLE_LIMIT - 1]}…"
        title, mark = longer, ", "
    return title


def _description(rule: AlertRule, told: Transition) -> str:
    what = f"Rule {rule.name}: {condition_words(rule.conditions)}."
    value = "" if told.value is None else f" The value is {value_words(told.value)}."
    which = f" Series: {told.series}." if told.series.metric else ""
    more = f"\n\n{rule.description}" if rule.description else ""
    return f"{what}{value}{which}{more}"


def _labels(rule: AlertRule, series: Series) -> dict[str, str]:
    # A series' own labels of these names give way.
    own = {
        "rule": rule.name,
        "rule_id": rule.rule_id,
        "notification_channels": ",".join(rule.notification_channels),
        "escalation_policy": rule.escalation_policy,
    }
    labels = {_storable(name): _storable(value) for name, value in series.labels}
    return {**labels, **{name: value for name, value in own.items() if value}}


def _details(rule: AlertRule, told: Transition) -> dict[str, object]:
    details: dict[str, object] = {
        "rule_id": rule.rule_id,
        "rule_version": rule.version_id,
        "condition": condition_words(rule.conditions),
        "metric": told.series.metric,
        "metric_source": told.series.source_id,
    }
    if told.value is not None:
        details["value"] = value_words(told.value)
    if isinstance(rule.conditions, Threshold):
        details["threshold"] = plain(rule.conditions.value)
    return {name: value for name, value in details.items() if value != ""}


def _storable(text: str) -> str:
    """What others measured may hold what no event can: it is replaced, not refused."""
    valid = text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return unicodedata.normalize("NFC", valid)


def _over_words(value: float | None) -> str:
    return "its rule holds no more" + ("" if value is None else f"; value {value_words(value)}")
