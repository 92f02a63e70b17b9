"""What the bench tries a rule on: kept, from a file, typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.desk.planning.alert_rules.bench_input import (
    FILE,
    MINUTE_MS,
    STRETCHES,
    TYPED,
    TYPED_MOST,
    Wanted,
    given_for,
    typed,
)
from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.detection.trial_input import CSV_LIMIT
from crisisdesk.domain.errors import Malformed

from tests.desk.planning.alert_rules.cases import DISK, NOW, disk, rule
from tests.domain.detection.test_kept import Kept

RULE = rule(DISK)
NONE = Kept([])


@pytest.mark.parametrize("stretch", STRETCHES)
def test_a_stretch_ends_now_with_what_was_measured_now(stretch: object) -> None:
    one = next(s for s in STRETCHES if s is stretch)
    asked: list[tuple[int, int]] = []

    class Asked(Kept):
        """Writes down what it is asked."""

        def between(self, series: object, since: int, until: int, step_ms: int = 0) -> list:  # type: ignore[type-arg]
            asked.append((since, until))
            return super().between(disk(), until - 1, until)

    given = given_for(Wanted(one.key), RULE, [], Asked([disk()]), NOW)
    assert asked == [(NOW - one.ms, NOW + 1)]
    assert [s.at for s in given.samples] == [NOW]


def test_plain_numbers_lie_a_minute_apart_and_end_now() -> None:
    given = typed(" 0.5, 1e2;0.7\n-3 ", RULE, NOW)
    assert [(s.at - NOW, s.value) for s in given.samples] == [
        (-3 * MINUTE_MS, 0.5), (-2 * MINUTE_MS, 100.0), (-MINUTE_MS, 0.7), (0, -3.0),
    ]  # fmt: skip
    assert {s.series.metric for s in given.samples} == {"disk"}


def test_typed_csv_is_read_as_a_file_is(tmp_path: Path) -> None:
    text = "at,value,host\n1770861900000,0.95,a\n"
    expected = (Sample(disk("a")._replace(source_id=""), NOW, 0.95),)
    assert typed(text, RULE, 0).samples == expected
    path = tmp_path / "disk.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    assert given_for(Wanted(FILE, str(path)), RULE, [], NONE, 0).samples == expected
    assert given_for(Wanted(TYPED, text), RULE, [], NONE, 0).samples == expected


@pytest.mark.parametrize(
    ("text", "field"),
    [("", "samples"), ("1 2 x9", "samples[2]"), ("1 " * (TYPED_MOST + 1), "samples")],
)
def test_what_is_no_number_is_named(text: str, field: str) -> None:
    with pytest.raises(Malformed) as error:
        typed(text, RULE, NOW)
    assert error.value.field == field


def test_a_file_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    odd, long = tmp_path / "odd.csv", tmp_path / "long.csv"
    odd.write_bytes(b"\xff\xfe\x00")
    long.write_text("at,value\n" + "1,1\n" * (CSV_LIMIT // 4))
    cases = (("", "is not chosen"), (str(tmp_path / "no"), "cannot be read"), (str(odd), "UTF-8"))
    for name, words in cases:
        with pytest.raises(Malformed, match=words):
            given_for(Wanted(FILE, name), RULE, [], NONE, 0)
    with pytest.raises(Malformed) as error:
        given_for(Wanted(FILE, str(long)), RULE, [], NONE, 0)
    assert error.value.field == "csv"
