"""Reads the answers of Prometheus' HTTP API: values of queries, warnings, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes.looking import down, unsure
from crisisdesk.sources.probes.web import Page, said_yes

_NAME = "__name__"
_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request was answered; ``warnings`` are Prometheus' own sentences."""

    data: Any
    warnings: tuple[str, ...] = ()


class Value(NamedTuple):
    """One value of one result; ``at`` is UTC ms by Prometheus' clock."""

    labels: Mapping[str, str]
    at: int
    value: float


@dataclass(slots=True)
class Values:
    """The values of one query, and how many results hold none (native histograms)."""

    values: list[Value] = field(default_factory=list)
    histograms: int = 0


@dataclass(slots=True)
class Kept:
    """What of a query's values fits: samples, and how many series were left out."""

    samples: list[Sample] = field(default_factory=list)
    beyond: int = 0
    unfit: int = 0


def answer_of(page: Page) -> Answer:
    """The data of an answer; raises Unanswered for refusals, errors and what is no answer.

    A query that Prometheus cannot take says nothing of Prometheus: this station asked wrongly.
    """
    try:
        told = orjson.loads(page.body)
    except orjson.JSONDecodeError:
        told = None
    status = told.get("status") if isinstance(told, dict) else None
    if status == "error":
        kind, words = str(told.get("errorType"))[:40], str(told.get("error"))[:_QUOTE]
        if kind in ("bad_data", "execution", "canceled", "timeout", "not_acceptable"):
            raise unsure(f"Prometheus refuses the query ({kind}): {words}")
        raise down(f"Prometheus fails ({kind}): {words}")
    said_yes(page)
    if status != "success":
        raise down("the answer is not one of Prometheus' API; is url its address?")
    told_warnings = told.get("warnings")
    warnings = told_warnings if isinstance(told_warnings, list) else []
    return Answer(told.get("data"), tuple(str(one)[:_QUOTE] for one in warnings[:5]))


def values_of(data: Any) -> Values:
    """The values of an instant or a range query; raises Unanswered for any other shape."""
    kind = data.get("resultType") if isinstance(data, dict) else None
    result = data.get("result") if isinstance(data, dict) else None
    found = Values()
    try:
        if kind == "scalar":
            found.values.append(_value({}, result))
        elif kind in ("vector", "matrix") and isinstance(result, list):
            for item in result:
                _take(item, found)
        elif kind == "string":
            raise unsure("the query gives a text, no number")
        else:
            raise down("the answer holds no result of a query")
    except (KeyError, TypeError, ValueError, OverflowError):
        raise down("the answer holds a result that cannot be read") from None
    return found


def _take(item: Any, found: Values) -> None:
    labels = item["metric"]
    if not all(isinstance(text, str) for text in labels.values()):
        raise TypeError("labels are texts")
    if "value" in item:
        found.values.append(_value(labels, item["value"]))
    elif "values" in item:
        found.values.extend(_value(labels, pair) for pair in item["values"])
    else:
        found.histograms += 1


def _value(labels: Mapping[str, str], pair: Any) -> Value:
    moment, text = pair
    if not isinstance(text, str) or "_" in text:
        raise TypeError("a value is the text of a number")
    return Value(labels, round(float(moment) * 1000), float(text))


def keep(
    values: Sequence[Value], *, source_id: str, metric: str, most: int, at: int | None, shift: int
) -> Kept:
    """Samples of the metric ``metric`` for at most ``most`` series, those first in order.

    ``at`` is the time that all of them are given (an instant query); without it their own time
    less ``shift`` ms counts. The name that a result has of its own is not kept.
    """
    kept = Kept()
    by_series: dict[Series, list[Sample]] = {}
    for one in values:
        labels = {name: text for name, text in one.labels.items() if name != _NAME}
        try:
            name = series(source_id, metric, labels)
        except Malformed:
            kept.unfit += 1
            continue
        moment = one.at - shift if at is None else at
        by_series.setdefault(name, []).append(Sample(name, moment, one.value))
    # The same ones at every look, whatever order they come in.
    for name in sorted(by_series)[:most]:
        kept.samples += by_series[name] if at is None else by_series[name][-1:]
    kept.beyond = max(0, len(by_series) - most)
    return kept
