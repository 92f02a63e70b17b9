"""A series: one thing that a source measures again and again, and its samples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from crisisdesk.domain.errors import Malformed

METRIC_LIMIT = 200
LABELS_LIMIT = 64
LABEL_CHARS = 512
# The metric that every source has: 1 while the last look found what was hoped for, else 0. A look
# that could not tell leaves no sample.
UP = "up"
# How long the last look took, in seconds.
TOOK = "took_seconds"

_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:.]*")


class Series(NamedTuple):
    """Which thing: the source's id, the metric's name and its labels, sorted by name.

    Make one with `series`; two of the same parts are equal whatever order the labels came in.
    """

    source_id: str
    metric: str
    labels: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """As Prometheus writes a series: ``metric{name="value"}``; the source is not part of it."""
        if not self.labels:
            return self.metric
        inside = ",".join(f"{name}={_quoted(value)}" for name, value in self.labels)
        return f"{self.metric}{{{inside}}}"


class Sample(NamedTuple):
    """One value of one series. ``at`` is UTC ms; ``value`` may be infinite or not a number, as
    Prometheus has them."""

    series: Series
    at: int
    value: float


def series(
    source_id: str, metric: str, labels: Mapping[str, str] | Iterable[tuple[str, str]] = ()
) -> Series:
    """A series with its labels in order; raises Malformed naming what is out of bounds.

    Labels without a value say nothing and are left out, as Prometheus does.
    """
    if len(metric) > METRIC_LIMIT or not _METRIC.fullmatch(metric):
        raise Malformed(
            "metric",
            f"{metric[:40]!r} is no name of a metric",
            f"use letters, digits, _, : and ., no more than {METRIC_LIMIT} in all",
        )
    items = sorted((n, v) for n, v in dict(labels).items() if v)
    if len(items) > LABELS_LIMIT:
        raise Malformed("labels", f"are {len(items)}", f"send no more than {LABELS_LIMIT}")
    for name, value in items:
        if len(name) > LABEL_CHARS or len(value) > LABEL_CHARS:
            raise Malformed(
                f"labels.{name[:40]}", "is too long", f"use no more than {LABEL_CHARS} characters"
            )
    return Series(source_id, metric, tuple(items))


def _quoted(value: str) -> str:
    plain = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'
