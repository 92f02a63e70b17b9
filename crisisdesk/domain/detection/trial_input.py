"""What a rule is tried on: samples and lines out of CSV, or out of what was kept of a series."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from crisisdesk.domain.detection.conditions import Composite, Condition, Lines, RuleRef
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Malformed

CSV_LIMIT = 4 * 1024 * 1024
ROWS_MOST = 50_000
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
# Smaller numbers are seconds, others milliseconds: 3 March 1973 in the one, 5138 in the other.
_SECONDS_BELOW = 10**11


class Given(NamedTuple):
    """What a rule is to be tried on."""

    samples: tuple[Sample, ...] = ()
    lines: tuple[Line, ...] = ()


def metrics_of(condition: Condition) -> list[str]:
    """The metrics that a rule's own conditions are about, sorted."""
    if isinstance(condition, Composite):
        inner = (one for one in condition.of if not isinstance(one, RuleRef))
        return sorted({name for one in inner for name in metrics_of(one)})
    return [] if isinstance(condition, Lines) else [condition.metric]


def needed_by(rule: AlertRule, rules: Iterable[AlertRule]) -> list[AlertRule]:
    """The rules that it is made of, and those that they are made of."""
    known = {one.rule_id: one for one in rules}
    found: dict[str, AlertRule] = {}
    waiting = rule.needs()
    while waiting:
        rule_id = waiting.pop()
        if rule_id in known and rule_id not in found:
            found[rule_id] = known[rule_id]
            waiting += known[rule_id].needs()
    return list(found.values())


def read_csv(text: str, rule: AlertRule) -> Given:
    """Samples (columns ``at``, ``value``) or lines (``at``, ``line``) for this rule.

    ``at`` is ISO 8601 with its zone, or a number: UTC ms, or seconds. ``metric`` and ``source`` (of
    samples) and ``log`` (of lines) may be columns too; every other column is a label. Raises
    Malformed naming the row.
    """
    if len(text) > CSV_LIMIT:
        limit = f"send at most {CSV_LIMIT // 1024 // 1024} MiB"
        raise Malformed("csv", f"has {len(text)} characters", limit)
    rows = _rows(text.removeprefix("\ufeff"))
    try:
        head = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise Malformed("csv", f"cannot be read ({error})", "send comma-separated text") from error
    is_lines = "line" in head
    if "at" not in head or ("value" in head) == is_lines or len(set(head)) < len(head):
        raise Malformed("csv", "has no usable first row", "name the columns: at,value or at,line")
    samples: list[Sample] = []
    lines: list[Line] = []
    for number, row in _numbered(rows, len(head)):
        told = dict(zip(head, row, strict=True))
        place = f"csv row {number}"
        at = moment_of(told.pop("at"), place)
        if is_lines:
            lines.append(Line(at=at, name=told.get("log", ""), text=told["line"]))
        else:
            value = _value(told.pop("value"), place)
            source = told.pop("source", rule.metric_source)
            samples.append(Sample(_series(told, source, rule, place), at, value))
    return Given(tuple(samples), tuple(lines))


def given_sample(
    rule: AlertRule, at: int, value: float, labels: Mapping[str, str], metric: str, place: str
) -> Sample:
    """One sample for this rule; ``metric`` "" is the rule's own. Raises Malformed."""
    return Sample(_series({"metric": metric, **labels}, rule.metric_source, rule, place), at, value)


def _rows(text: str) -> Iterator[list[str]]:
    return csv.reader(text.splitlines(keepends=True), strict=True)


def _numbered(rows: Iterator[list[str]], columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with their numbers, blank ones left out; raises Malformed for what is none."""
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed(f"csv row {number}", f"cannot be read ({error})", "mend it") from error
        if not row:
            continue
        if number - 1 > ROWS_MOST:
            raise Malformed("csv", f"has more than {ROWS_MOST} rows", "send fewer at once")
        if len(row) != columns:
            problem = f"has {len(row)} columns, the first row {columns}"
            raise Malformed(f"csv row {number}", problem, "fill them in")
        yield number, row


def _series(told: dict[str, str], source: str, rule: AlertRule, place: str) -> Series:
    metric = told.pop("metric", "").strip()
    if not metric:
        own = metrics_of(rule.conditions)
        if len(own) != 1:
            raise Malformed(f"{place}.metric", "is missing", "say which metric it is")
        metric = own[0]
    try:
        return series(source, metric, told)
    except Malformed as error:
        raise Malformed(f"{place}.{error.field}", error.problem, error.remedy) from error


def _value(text: str, place: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        remedy = "write it like 5 or 0.25"
        raise Malformed(f"{place}.value", f"{text[:40]!r} is no number", remedy) from error


def moment_of(text: str, place: str) -> int:
    """UTC ms of a moment as it is written; raises Malformed."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        number = float(text)
        return round(number * 1_000 if number < _SECONDS_BELOW else number)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        remedy = "write 2026-03-01T12:30:00Z or UTC milliseconds"
        raise Malformed(f"{place}.at", f"{text[:40]!r} is no time with its zone", remedy)
    seconds = at.timestamp()
    return math.floor(seconds * 1_000) if seconds >= 0 else 0
