"""What a scenario measures is the same at every playing, and follows its course."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crisisdesk.domain.detection.series import series
from crisisdesk.drills.measured import DAY_MS, Course, Turn, samples
from crisisdesk.drills.scenario import Scenario

from tests.drills.scenes import HEAD, fault, parsed

END = 20_000 * DAY_MS + 9 * 3_600_000
MINUTE = 60_000


def course(**changes: object) -> Course:
    fields = {"series": series("db", "lag"), "every_ms": 10_000, "level": 1.0}
    return Course(**(fields | changes))  # type: ignore[arg-type]


def measured(line: str) -> Scenario:
    return parsed(head=f"{HEAD}measured: [{line}]\n")


def test_samples_stand_at_the_same_moments_whatever_is_asked_for() -> None:
    one = course(noise=0.5)
    whole = samples([one], END, END - MINUTE, END + MINUTE)
    assert [s.at - END for s in whole] == list(range(-MINUTE, MINUTE, 10_000))
    cuts = [END - MINUTE, END - 12_345, END, END + 1, END + MINUTE]
    parts = [s for since, until in pairwise(cuts) for s in samples([one], END, since, until)]
    assert parts == whole
    assert len({s.value for s in whole}) > 6
    assert all(0.5 <= s.value <= 1.5 for s in whole)


def test_a_turn_takes_its_time_and_the_next_goes_on_from_there() -> None:
    one = course(turns=(Turn(-MINUTE, 5.0, 40_000), Turn(0, 0.0, 0)))
    found = [one.value_at(at, END + at) for at in (-MINUTE - 1, -MINUTE, -40_000, -20_000, -1, 0)]
    assert found == [1.0, 1.0, 3.0, 5.0, 5.0, 0.0]


def test_the_day_swings_and_nothing_is_below_zero() -> None:
    one = course(daily=3.0)
    day = [one.value_at(at, END + at) for at in range(0, DAY_MS, 600_000)]
    assert max(day) == pytest.approx(4.0, abs=0.01)
    assert min(day) == 0.0


def test_a_file_names_series_and_their_turns() -> None:
    line = (
        '{source: db, metric: lag, labels: {to: fra2}, every: "00:00:10", level: 0.4, noise: 1,'
        ' turns: [{at: "-00:01:00", to: 41, over: "00:00:40"}]}'
    )
    assert measured(line).measured == (
        course(
            series=series("db", "lag", {"to": "fra2"}),
            level=0.4,
            noise=1.0,
            turns=(Turn(-MINUTE, 41.0, 40_000),),
        ),
    )


PLAIN = 'source: db, metric: a, every: "00:00:10", level: 1'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{source: db, metric: "a b", every: "00:00:10", level: 1}', "measured[0].metric: 'a b'"),
        ('{source: db, metric: a, every: "00:00:00", level: 1}', "measured[0].every: is out"),
        ('{source: db, metric: a, every: "00:00:10"}', "measured[0].level: is missing"),
        ('{source: db, metric: a, every: "00:00:10", level: .nan}', "measured[0].level: nan is no"),
        ('{source: db, metric: a, every: "00:00:10", level: 1, up: 2}', "measured[0].up: is not"),
        (
            f'{{{PLAIN}, turns: [{{at: "00:00:00", to: 1}}, {{at: "-00:00:01", to: 1}}]}}',
            "measured[0].turns[1].at: lies before",
        ),
        (
            f'{{{PLAIN}, turns: [{{at: "00:00:00", to: 1, over: "-00:00:01"}}]}}',
            "measured[0].turns[0].over: is negative",
        ),
    ],
)
def test_what_is_wrong_is_named(line: str, words: str) -> None:
    assert words in fault(head=f"{HEAD}measured: [{line}]\n")
