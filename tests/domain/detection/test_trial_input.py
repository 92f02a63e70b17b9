"""CSV for the test bench."""

from __future__ import annotations

import pytest

from crisisdesk.domain.detection.rule import trial_rule
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.trial_input import moment_of, needed_by, read_csv
from crisisdesk.domain.errors import Malformed

RULE = trial_rule(
    "high", {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 5}}
)


def test_samples_with_labels_and_times_of_every_kind() -> None:
    text = "at,value,host\n1970-01-01T00:00:01Z,1,a\n2,2.5,b\n\n1770861902000,inf,\n"
    given = read_csv(text, RULE)
    assert given.samples == (
        Sample(series("", "load", {"host": "a"}), 1_000, 1.0),
        Sample(series("", "load", {"host": "b"}), 2_000, 2.5),
        Sample(series("", "load"), 1_770_861_902_000, float("inf")),
    )


def test_lines_may_hold_commas_and_line_ends() -> None:
    given = read_csv('at,log,line\n1,app,"a, b\nc"\n', RULE)
    assert [(one.name, one.text) for one in given.lines] == [("app", "a, b\nc")]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "csv"),
        ("when,value\n", "csv"),
        ("at,value,line\n", "csv"),
        ("at,value\nnow,1\n", "csv row 2.at"),
        ("at,value\n1,much\n", "csv row 2.value"),
        ("at,value\n1\n", "csv row 2"),
        ("at,value,metric\n1,1,a b\n", "csv row 2.metric"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_row(text: str, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_csv(text, RULE)
    assert refused.value.field == field


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(Malformed):
        moment_of("2026-03-01T12:00:00", "since")
    assert needed_by(RULE, [RULE]) == []
