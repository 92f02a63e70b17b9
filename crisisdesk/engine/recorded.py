"""Samples that the station has kept, for trying a rule on them."""

from __future__ import annotations

from typing import Protocol

from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.detection.trial_input import Given, metrics_of
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.engine.detection_ports import Bucket

SERIES_MOST = 200
SAMPLES_MOST = 50_000


class Recorded(Protocol):
    """The reading half of `engine.detection_ports.SampleStore`."""

    def known(self, source_id: str = "") -> list[Series]:
        """The series that have samples, of one source or of all, in order."""

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """What is kept of [since, until), oldest first."""


def recorded(store: Recorded, rule: AlertRule, since: int, until: int) -> Given:
    """What was kept of the series of the rule's metrics, each span by its last value.

    Blocking. Raises Malformed where there is nothing, or too much of it, and Conflict where what
    was kept cannot be read.
    """
    try:
        return _found(store, rule, since, until)
    except OSError as error:
        remedy = "send samples or CSV to try it on"
        raise Conflict("samples", f"that were kept cannot be read: {error}", remedy) from error


def _found(store: Recorded, rule: AlertRule, since: int, until: int) -> Given:
    metrics = frozenset(metrics_of(rule.conditions))
    found = [one for one in store.known(rule.metric_source) if one.metric in metrics]
    if not found:
        what = ", ".join(sorted(metrics)) or "lines of logs"
        raise Malformed("samples", f"were not kept of {what}", "send samples or CSV to try it on")
    if len(found) > SERIES_MOST:
        remedy = f"name a source or labels for at most {SERIES_MOST}"
        raise Malformed("samples", f"were kept of {len(found)} series", remedy)
    samples: list[Sample] = []
    for one in found:
        samples += [Sample(one, b.at, b.last) for b in store.between(one, since, until)]
        if len(samples) > SAMPLES_MOST:
            raise Malformed("samples", f"are more than {SAMPLES_MOST}", "choose a shorter span")
    return Given(samples=tuple(samples))
