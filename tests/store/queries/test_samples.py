"""Screens read samples beside the engine: a missing, new, torn or newer file is told in words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.detection.reading import Line
from crisisdesk.settings.places import Places
from crisisdesk.store.queries.samples import SampleReader, SamplesUnreadable

from tests.store.samples.bench import HOUR, NOW, a_series, samples, single, store_in


def test_without_a_file_there_are_no_samples(tmp_path: Path) -> None:
    reader = SampleReader(tmp_path)
    assert reader.known() == []
    assert reader.between(a_series(), 0, 1 << 60) == []
    assert reader.newest([a_series()]) == {}
    assert reader.lines(0, 1 << 60) == []
    (tmp_path / "samples.sqlite3").touch()
    assert reader.known() == []


def test_it_reads_the_file_that_the_places_name(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert Places(tmp_path).samples == tmp_path / "samples.sqlite3"
    store.write(samples(a_series(), [(NOW, 1.0)]), [Line(at=NOW, name="log", text="x")])
    store.close()
    reader = SampleReader(tmp_path)
    assert reader.known("SRC-1") == [a_series()]
    assert reader.newest([a_series()]) == {a_series(): (NOW, 1.0)}
    assert [line.text for line in reader.lines(0, 1 << 60)] == ["x"]
    reader.close()


def test_a_file_in_the_place_of_another_is_read_anew(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write(samples(a_series(), [(NOW, 1.0)]))
    store.write_out()
    reader = SampleReader(tmp_path)
    assert reader.between(a_series(), 0, 1 << 60) == [single(NOW, 1.0)]
    for path in tmp_path.iterdir():
        path.unlink()
    store.write(samples(a_series(), [(NOW, 2.0)]))
    store.write_out()
    assert reader.between(a_series(), 0, 1 << 60) == [single(NOW, 2.0)]
    reader.close()
    store.close()


def test_it_never_keeps_the_engine_from_writing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    reader = SampleReader(tmp_path)
    for n in range(5):
        store.write(samples(a_series(), [(NOW + n, float(n))]))
        store.keep_house()
        assert len(reader.between(a_series(), 0, 1 << 60, HOUR)) == 1
        assert len(reader.between(a_series(), 0, 1 << 60)) == n + 1
    reader.close()
    store.close()


def test_what_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    path.write_bytes(b"no database at all" * 1_000)
    reader = SampleReader(tmp_path)
    with pytest.raises(SamplesUnreadable, match="begins a damaged one anew"):
        reader.known()
    path.unlink()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version=99")
        raw.execute("PRAGMA application_id=1129468749")
    with pytest.raises(SamplesUnreadable, match="newer program"):
        reader.known()
    path.unlink()
    assert reader.known() == []
