"""Values against bounds, scores of detectors among them."""

from __future__ import annotations

from datetime import UTC, datetime

from crisisdesk.domain.detection.conditions import Anomaly, Threshold
from crisisdesk.domain.detection.leaves import TrackedLeaf, ValueLeaf
from crisisdesk.domain.detection.rule import key_of
from crisisdesk.domain.detection.series import series

LOAD = series("S-1", "load")


class Doubtful:
    """A detector that finds everything above its upper bound strange."""

    def __init__(self, low: float | None, high: float | None) -> None:
        del low
        self.high = high or 0.0
        self.seen: list[datetime] = []

    def update(self, when: datetime, value: float) -> float:
        """1 above, 0 below."""
        self.seen.append(when)
        return float(value > self.high)


def test_a_score_fires_after_it_held_and_ends_after_it_did_not() -> None:
    made: list[Doubtful] = []

    def new(low: float | None, high: float | None) -> Doubtful:
        made.append(Doubtful(low, high))
        return made[-1]

    condition = Anomaly(metric="load", for_ms=10_000, clear_ms=20_000, low=0.0, high=5.0)
    leaf = TrackedLeaf("R", condition, (), new)
    for at, value in ((0, 1.0), (10_000, 9.0), (20_000, 9.0), (30_000, 1.0), (50_000, 1.0)):
        leaf.follow(LOAD, at, value)
    assert [(one.fires, one.at) for one in leaf.out] == [(True, 20_000), (False, 50_000)]
    assert len(made) == 1
    assert made[0].seen[1] == datetime.fromtimestamp(10, UTC)


def test_without_a_detector_nothing_is_said() -> None:
    leaf = TrackedLeaf("R", Anomaly(metric="load"), ())
    leaf.follow(LOAD, 0, 99.0)
    assert leaf.out == []


def test_what_is_told_already_is_taken_up_once() -> None:
    leaf = ValueLeaf("R", Threshold(metric="load", value=5.0, clear=5.0), [key_of("R", LOAD)])
    assert leaf.adopt(LOAD, 0)
    assert not leaf.adopt(LOAD, 0)
    assert list(leaf.firing()) == [LOAD]


def test_a_forgotten_series_leaves_nothing_behind() -> None:
    leaf = TrackedLeaf("R", Threshold(metric="load", rate_ms=60_000), ())
    leaf.follow(LOAD, 0, 1.0)
    leaf.forget(LOAD)
    leaf.follow(LOAD, 1_000, 99.0)
    assert leaf.out == []
