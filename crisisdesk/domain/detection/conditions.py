"""Conditions of a rule: what must hold of samples, lines or other rules for it to fire.

As they are written in YAML or JSON (unknown fields are refused; spans are whole seconds or ``90s``,
``5m``, ``2h``, ``1d``; numbers are kept without floats, as whole numbers or decimal texts):

    threshold   metric, where (matchers of labels), op (> >= < <= == !=), value, for; clear and
                clear_for (when it is over); aggregate (sum avg min max count) with by (labels);
                rate_over with rate_per (second, minute) and rate_of (counter, gauge); forget
    absence     (a threshold rule with ``absent`` in place of op and value) metric, where, absent
    pattern     log (pattern of its name), and either line with at_least, or first and then, perhaps
                without between them; each is ``contains: text`` or ``match: pattern of the whole
                line``; within, clear_for
    anomaly     metric, where, score (0 to 1), for; clear, clear_for, low and high, forget
    composite   mode (all, any, none, at least) with least; of: a list of ``rule: ID`` or of
                conditions as above with their ``type``; equal: labels of one value; for,
                clear_for
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.detection.fields import Fields
from crisisdesk.domain.detection.series import METRIC_LIMIT, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.matchers import Matcher
from crisisdesk.domain.patterns import TEXT_LIMIT, compiled

DAY_S = 86_400
OPS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
AGGREGATES = ("sum", "avg", "min", "max", "count")
ALL, ANY, NONE, AT_LEAST = MODES = ("all", "any", "none", "at least")
MEMBERS_LIMIT, BY_LIMIT, LINES_LIMIT = 20, 10, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A value compared. Spans are ms; ``rate_ms`` 0 compares the value itself, else how much it
    grew within that span, for each second or minute. Fires after it held for ``for_ms``; is over
    after it did not hold against ``clear`` for ``clear_ms``, or without samples for
    ``forget_ms``."""

    metric: str
    where: tuple[Matcher, ...] = ()
    op: str = ">"
    value: float = 0.0
    for_ms: int = 0
    clear: float = 0.0
    clear_ms: int = 0
    aggregate: str = ""
    by: tuple[str, ...] = ()
    rate_ms: int = 0
    rate_per: str = "second"
    rate_of: str = "counter"
    forget_ms: int = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """No sample of a series for ``absent_ms``."""

    metric: str
    where: tuple[Matcher, ...] = ()
    absent_ms: int = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTest:
    """Which lines are meant: those that contain a text, or fit a pattern as a whole."""

    contains: str = ""
    match: str = ""

    def fits(self, text: str) -> bool:
        """Whether a line is meant; a pattern looks at its first `TEXT_LIMIT` characters."""
        if self.contains:
            return self.contains in text
        return compiled(self.match).fullmatch(text[:TEXT_LIMIT]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """``at_least`` lines within ``within_ms``, or the line ``first`` and then ``then`` within it,
    with no ``without`` from the one to the other. Over after ``clear_ms`` without such."""

    log: str = ""
    line: LineTest | None = None
    at_least: int = 1
    first: LineTest | None = None
    then: LineTest | None = None
    without: LineTest | None = None
    within_ms: int = 60_000
    clear_ms: int = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """The detector of the series scores ``score`` or more. ``low`` and ``high`` are the bounds
    between which its values are known to lie; both None where nobody knows."""

    metric: str
    where: tuple[Matcher, ...] = ()
    score: float = 0.5
    for_ms: int = 0
    clear: float = 0.5
    clear_ms: int = 60_000
    low: float | None = None
    high: float | None = None
    forget_ms: int = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRef:
    """Another rule, by its id: holds where that one fires."""

    rule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """Of the members ``mode`` holds, for each combination of values of the labels ``equal``."""

    mode: str
    of: tuple[RuleRef | Threshold | Absence | Lines | Anomaly, ...]
    least: int = 1
    equal: tuple[str, ...] = ()
    for_ms: int = 0
    clear_ms: int = 0


Condition = Threshold | Absence | Lines | Anomaly | Composite
Measured = Threshold | Absence | Anomaly


def selects(condition: Measured, labels: Mapping[str, str]) -> bool:
    """Whether the condition is about a series of its metric with these labels."""
    return all(m.accepts(labels.get(m.name, "")) for m in condition.where)


def read_conditions(rule_type: str, told: Any, where: str = "conditions") -> Condition:
    """The conditions of a rule of this type; raises Malformed naming the field."""
    if rule_type == "threshold":
        is_absence = isinstance(told, Mapping) and "absent" in told
        return _absence(told, where) if is_absence else _threshold(told, where)
    return _READERS[rule_type](told, where)


def _threshold(told: Any, where: str) -> Threshold:
    fields = Fields(told, where, _THRESHOLD)
    op = fields.choice("op", OPS)
    value = fields.number("value")
    clear = fields.number("clear", value)
    if op in ("==", "!=") and clear != value:
        raise Malformed(fields.at("clear"), f"has no meaning with {op}", "leave it out")
    if (op[0] == ">" and clear > value) or (op[0] == "<" and clear < value):
        side = "above" if op[0] == ">" else "below"
        raise Malformed(fields.at("clear"), f"lies {side} value", "choose it on the good side")
    by = fields.names("by", BY_LIMIT)
    aggregate = fields.choice("aggregate", ("", *AGGREGATES), "")
    if by and not aggregate:
        raise Malformed(fields.at("by"), "stands without aggregate", "add it, or leave by out")
    rated = "rate_over" in fields
    if not rated and ("rate_per" in fields or "rate_of" in fields):
        raise Malformed(fields.at("rate_over"), "is missing", "say over which span")
    return Threshold(
        metric=_metric(fields),
        where=fields.matchers("where"),
        op=op,
        value=value,
        for_ms=fields.span("for", 0, 7 * DAY_S, 0),
        clear=clear,
        clear_ms=fields.span("clear_for", 0, 7 * DAY_S, 0),
        aggregate=aggregate,
        by=by,
        rate_ms=fields.span("rate_over", 2, DAY_S) if rated else 0,
        rate_per=fields.choice("rate_per", ("second", "minute"), "second"),
        rate_of=fields.choice("rate_of", ("counter", "gauge"), "counter"),
        forget_ms=fields.span("forget", 60, 30 * DAY_S, 3_600),
    )


def _absence(told: Any, where: str) -> Absence:
    fields = Fields(told, where, ("metric", "where", "absent"))
    return Absence(
        metric=_metric(fields),
        where=fields.matchers("where"),
        absent_ms=fields.span("absent", 10, 30 * DAY_S),
    )


def _lines(told: Any, where: str) -> Lines:
    fields = Fields(told, where, _LINES)
    log = fields.text("log", 256, "")
    if log:
        compiled(log, fields.at("log"))
    line, first = _line(fields, "line"), _line(fields, "first")
    then, without = _line(fields, "then"), _line(fields, "without")
    if (line is None) == (first is None) or (first is None) != (then is None):
        remedy = "write line, or first and then"
        raise Malformed(fields.at("line"), "does not say which lines are meant", remedy)
    if without is not None and first is None:
        raise Malformed(fields.at("without"), "stands without first and then", "leave it out")
    if first is not None and "at_least" in fields:
        raise Malformed(fields.at("at_least"), "counts no sequences", "leave it out")
    return Lines(
        log=log,
        line=line,
        at_least=fields.whole("at_least", 1, LINES_LIMIT, 1),
        first=first,
        then=then,
        without=without,
        within_ms=fields.span("within", 1, DAY_S, 60),
        clear_ms=fields.span("clear_for", 1, 7 * DAY_S, 300),
    )


def _line(fields: Fields, name: str) -> LineTest | None:
    if fields.raw(name) is None:
        return None
    one = Fields(fields.raw(name), fields.at(name), ("contains", "match"))
    contains, match = one.text("contains", TEXT_LIMIT, ""), one.text("match", 256, "")
    if bool(contains) == bool(match):
        raise Malformed(one.at("contains"), "or match is needed", "write one of the two")
    if match:
        compiled(match, one.at("match"))
    return LineTest(contains=contains, match=match)


def _anomaly(told: Any, where: str) -> Anomaly:
    fields = Fields(told, where, _ANOMALY)
    score = _score(fields, "score", 0.5)
    clear = _score(fields, "clear", score)
    if clear > score:
        raise Malformed(fields.at("clear"), "lies above score", "choose it below")
    bounds = [fields.number(n) if n in fields else None for n in ("low", "high")]
    low, high = bounds
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        raise Malformed(fields.at("low"), "and high do not go together", "write both, low first")
    return Anomaly(
        metric=_metric(fields),
        where=fields.matchers("where"),
        score=score,
        for_ms=fields.span("for", 0, 7 * DAY_S, 0),
        clear=clear,
        clear_ms=fields.span("clear_for", 0, 7 * DAY_S, 60),
        low=low,
        high=high,
        forget_ms=fields.span("forget", 60, 30 * DAY_S, 3_600),
    )


def _score(fields: Fields, name: str, default: float) -> float:
    value = fields.number(name, default)
    if not 0 < value <= 1:
        raise Malformed(fields.at(name), "is no score", "write more than 0 and at most 1")
    return value


def _composite(told: Any, where: str) -> Composite:
    fields = Fields(told, where, _COMPOSITE)
    members = fields.raw("of")
    if not isinstance(members, list | tuple) or not 1 <= len(members) <= MEMBERS_LIMIT:
        remedy = "list rules and conditions"
        raise Malformed(fields.at("of"), f"is no list of 1 to {MEMBERS_LIMIT}", remedy)
    mode = fields.choice("mode", MODES)
    if ("least" in fields) != (mode == AT_LEAST):
        raise Malformed(fields.at("least"), f"and mode {mode} do not go together", "see the help")
    return Composite(
        mode=mode,
        of=tuple(_member(one, f"{fields.at('of')}[{i}]") for i, one in enumerate(members)),
        least=fields.whole("least", 1, len(members), 1),
        equal=fields.names("equal", BY_LIMIT),
        for_ms=fields.span("for", 0, 7 * DAY_S, 0),
        clear_ms=fields.span("clear_for", 0, 7 * DAY_S, 0),
    )


def _member(told: Any, where: str) -> Any:
    if isinstance(told, Mapping) and "rule" in told:
        return RuleRef(rule_id=Fields(told, where, ("rule",)).text("rule", 100))
    if not isinstance(told, Mapping):
        raise Malformed(where, "is no object", "write rule: ID, or conditions with their type")
    types = [name for name in TYPES if name != "composite"]
    kind = Fields(told, where, told.keys()).choice("type", types)
    rest = {name: value for name, value in told.items() if name != "type"}
    return read_conditions(kind, rest, where)


def _metric(fields: Fields) -> str:
    name = fields.text("metric", METRIC_LIMIT)
    try:
        return series("", name).metric
    except Malformed as error:
        raise Malformed(fields.at("metric"), error.problem, error.remedy) from error


_READERS: dict[str, Callable[[Any, str], Condition]] = {
    "pattern": _lines,
    "anomaly": _anomaly,
    "composite": _composite,
}
TYPES = ("threshold", *_READERS)
_THRESHOLD = frozenset(
    "metric where op value for clear clear_for aggregate by rate_over rate_per rate_of "
    "forget".split()
)
_LINES = frozenset("log line at_least first then without within clear_for".split())
_ANOMALY = frozenset("metric where score for clear clear_for low high forget".split())
_COMPOSITE = frozenset("mode least of equal for clear_for".split())
