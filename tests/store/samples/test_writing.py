"""One open file: what waits, what is refused, and what a smaller budget does to it."""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.detection.series import Sample
from crisisdesk.store.samples import writing
from crisisdesk.store.samples.file import Unfit
from crisisdesk.store.samples.writing import SampleFile, identity_of

from tests.store.samples.bench import HOUR, NOW, a_series, samples

MIB = 1 << 20


def test_more_series_than_are_kept_are_counted_as_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SERIES_KEPT", 3)
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        batch = [Sample(a_series(n), NOW, 1.0) for n in range(5)]
        assert file.write_out(batch, [], NOW) == 2
        assert file.series == 3
        assert file.write_out([*batch, Sample(a_series(0), NOW + 2 * HOUR, 1.0)], [], NOW) == 3


def test_what_waits_is_counted_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with closing(SampleFile(path, MIB)) as file:
        file.write_out(samples(a_series(), [(NOW + n, 1.0) for n in range(4_000)]), [], NOW)
        assert file.crowded
    with closing(SampleFile(path, MIB)) as file:
        assert file.waiting == 4_000
        assert file.keep_house(NOW)
        assert (file.waiting, file.crowded, file.full) == (0, False, False)
        assert len(file.questions.between(a_series(), NOW, NOW + 4_000)) == 4_000


def test_a_smaller_budget_makes_the_file_smaller(tmp_path: Path) -> None:
    path = tmp_path / "s"
    for budget in (8 * MIB, MIB):
        with closing(SampleFile(path, budget)) as file:
            for hour in range(0 if budget == MIB else 40):
                at = NOW - (40 - hour) * HOUR
                every = [
                    Sample(a_series(n), at + i * 30_000, math.sin(hour + n * i))
                    for n in range(80)
                    for i in range(100)
                ]
                file.write_out(every, [], NOW)
                file.keep_house(NOW)
            if budget == MIB:
                file.keep_house(NOW)
                file.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                assert path.stat().st_size <= MIB
            else:
                assert path.stat().st_size > MIB


def test_a_series_that_is_none_makes_the_file_damaged(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with closing(SampleFile(path, MIB)) as file:
        file.write_out([Sample(a_series(), NOW, 1.0)], [], NOW)
        file.raw.execute("UPDATE series SET labels = '[1'")
    with pytest.raises(Unfit, match="a series that is none"):
        SampleFile(path, MIB)


def test_a_file_is_told_by_its_place_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_text("a")
    before = identity_of(path)
    other = tmp_path / "t"
    other.write_text("b")
    other.replace(path)
    assert identity_of(path) != before
