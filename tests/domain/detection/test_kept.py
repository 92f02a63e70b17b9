"""What was kept for trying a rule: samples of its metrics, lines of its logs."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.detection.kept import COARSE_MS, SERIES_MOST, recorded
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule, trial_rule
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Bucket

LOAD, OTHER = series("S-1", "load", {"host": "a"}), series("S-1", "errors")


class Kept:
    """A sample a second for each series, and some lines."""

    def __init__(self, found: list[Series], lines: list[Line] | None = None) -> None:
        self.found, self.kept_lines = found, lines or []
        self.steps: list[int] = []

    def known(self, source_id: str = "") -> list[Series]:
        return [one for one in self.found if source_id in ("", one.source_id)]

    def between(self, _series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        self.steps.append(step_ms)
        return [Bucket(at, 1.0, 3.0, 2.0, 2.0, 3) for at in range(since, until, step_ms or 1_000)]

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        found = [x for x in self.kept_lines if since <= x.at < until and name in ("", x.name)]
        return found[-limit:]


def rule(source: str = "", **conditions: Any) -> AlertRule:
    told = {"metric": "load", "op": ">", "value": 1, **conditions}
    written = {"rule_type": "threshold", "metric_source": source, "conditions": told}
    return trial_rule("high", written)


def pattern(**conditions: Any) -> AlertRule:
    told = {"line": {"contains": "down"}, **conditions}
    return trial_rule("down", {"rule_type": "pattern", "conditions": told})


def test_samples_of_its_metric_and_source_count_by_their_last_value() -> None:
    given = recorded(Kept([LOAD, OTHER, series("S-2", "load")]), rule("S-1"), 0, 2_000)
    assert given.samples == (Sample(LOAD, 0, 2.0), Sample(LOAD, 1_000, 2.0))
    assert given.lines == ()


def test_only_series_that_its_labels_select_are_read() -> None:
    many = [series("S-1", "load", {"host": str(n)}) for n in range(SERIES_MOST + 1)]
    given = recorded(Kept(many), rule(where='host="7"'), 0, 1_000)
    assert given.samples == (Sample(many[7], 0, 2.0),)


def test_what_a_rule_is_made_of_is_read_as_well() -> None:
    part = trial_rule(
        "part",
        {"rule_type": "threshold", "conditions": {"metric": "errors", "op": ">", "value": 0}},
    )
    whole = trial_rule(
        "whole", {"rule_type": "composite", "conditions": {"mode": "any", "of": [{"rule": "R"}]}}
    )
    given = recorded(Kept([LOAD, OTHER]), whole, 0, 1_000, others=[part])
    assert given.samples == (Sample(OTHER, 0, 2.0),)


def test_lines_of_the_logs_that_a_rule_looks_at_are_read_the_newest_of_them() -> None:
    lines = [Line(at=n, name=f"app{n % 2}", text=f"{n} down") for n in range(10)]
    store = Kept([LOAD], lines)
    assert recorded(store, pattern(), 0, 8).lines == tuple(lines[:8])
    assert recorded(store, pattern(log="app1"), 0, 10).lines == tuple(lines[1::2])
    assert recorded(store, pattern(), 0, 10, most=3).lines == tuple(lines[-3:])
    assert recorded(store, rule(), 0, 10).lines == ()


def test_more_than_there_is_room_for_is_read_by_the_minute() -> None:
    store = Kept([LOAD])
    given = recorded(store, rule(), 0, 10 * COARSE_MS, most=100)
    assert len(given.samples) == 10
    assert store.steps == [0, COARSE_MS]


@pytest.mark.parametrize(
    ("found", "source", "until", "words"),
    [
        ([OTHER], "", 2_000, "were not kept of load"),
        ([LOAD], "S-9", 2_000, "were not kept of load"),
        ([LOAD], "", 0, "were not kept of load"),
        ([series("S", "load", {"i": str(n)}) for n in range(SERIES_MOST + 1)], "", 1, "were kept"),
        ([LOAD], "", 200 * COARSE_MS, "are more than 100"),
    ],
)
def test_nothing_and_too_much_are_told(
    found: list[Series], source: str, until: int, words: str
) -> None:
    with pytest.raises(Malformed, match=words):
        recorded(Kept(found), rule(source), 0, until, most=100)


def test_a_pattern_rule_without_any_line_says_so() -> None:
    with pytest.raises(Malformed, match="lines of logs"):
        recorded(Kept([LOAD]), pattern(), 0, 1_000)
