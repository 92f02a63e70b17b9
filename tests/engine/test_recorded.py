"""What was kept of a rule's series, for trying it."""

from __future__ import annotations

import pytest

from crisisdesk.domain.detection.rule import AlertRule, trial_rule
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Bucket
from crisisdesk.engine.recorded import SERIES_MOST, recorded

LOAD, OTHER = series("S-1", "load", {"host": "a"}), series("S-1", "errors")


class Kept:
    """A small store: one bucket a second for each series."""

    def __init__(self, found: list[Series]) -> None:
        self.found = found

    def known(self, source_id: str = "") -> list[Series]:
        """The series that have samples."""
        return [one for one in self.found if source_id in ("", one.source_id)]

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """One for each second."""
        del series, step_ms
        return [Bucket(at, 1.0, 3.0, 2.0, 2.0, 3) for at in range(since, until, 1_000)]


def rule(source: str = "") -> AlertRule:
    """A rule about the load."""
    conditions = {"metric": "load", "op": ">", "value": 1}
    told = {"rule_type": "threshold", "metric_source": source, "conditions": conditions}
    return trial_rule("high", told)


def test_the_series_of_its_metric_are_read_by_their_last_values() -> None:
    given = recorded(Kept([LOAD, OTHER]), rule(), 0, 2_000)
    assert given.samples == (Sample(LOAD, 0, 2.0), Sample(LOAD, 1_000, 2.0))


@pytest.mark.parametrize(
    ("found", "source", "until", "problem"),
    [
        ([OTHER], "", 2_000, "were not kept of load"),
        ([LOAD], "S-9", 2_000, "were not kept of load"),
        (
            [series("S-1", "load", {"i": str(n)}) for n in range(SERIES_MOST + 1)],
            "",
            1,
            "were kept",
        ),
        ([LOAD], "", 60_000_000, "are more than"),
    ],
)
def test_nothing_and_too_much_are_told(
    found: list[Series], source: str, until: int, problem: str
) -> None:
    with pytest.raises(Malformed, match=problem):
        recorded(Kept(found), rule(source), 0, until)
