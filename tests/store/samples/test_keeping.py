"""The sample store against a plain model, a killed process, torn files and refusing disks."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.store.queries.samples import SampleReader
from crisisdesk.store.samples import keeping
from crisisdesk.store.samples.keeping import StationSamples

from tests.store.samples.bench import (
    HOUR,
    MINUTE,
    NOW,
    HandClock,
    a_series,
    assert_same,
    in_steps,
    samples,
    single,
    store_in,
)

SERIES = [a_series(0), a_series(1), a_series(0, "SRC-2")]
VALUES = st.floats(width=64, allow_infinity=False)
WRITES = st.lists(
    st.tuples(
        st.sampled_from(SERIES),
        st.integers(NOW - 20 * MINUTE, NOW + 20 * MINUTE) | st.integers(NOW - 2 * HOUR, NOW),
        VALUES,
    ),
    max_size=40,
)
STEPS = st.sampled_from([0, 1_000, MINUTE, 7 * MINUTE, HOUR, 3 * HOUR])
CHORES = st.sampled_from(["write out", "keep house", "open anew", ""])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WRITES, CHORES), max_size=6),
    STEPS,
    st.integers(NOW - 3 * HOUR, NOW),
    st.integers(0, 4 * HOUR),
)
def test_it_holds_what_a_plain_model_holds(
    rounds: list[tuple[list[tuple[Series, int, float]], str]], step: int, since: int, span: int
) -> None:
    model: dict[Series, dict[int, float]] = {}
    with TemporaryDirectory() as folder:
        store = store_in(Path(folder))
        for writes, chore in rounds:
            store.write([Sample(*write) for write in writes])
            for one, at, value in writes:
                model.setdefault(one, {})[at] = value
            if chore == "write out":
                store.write_out()
            elif chore == "keep house":
                store.keep_house()
            elif chore == "open anew":
                store.close()
                store = store_in(Path(folder))
        assert store.known() == sorted(model)
        assert store.known("SRC-2") == [one for one in sorted(model) if one.source_id == "SRC-2"]
        reader = SampleReader(Path(folder))
        for one in SERIES:
            wanted = {a: v for a, v in model.get(one, {}).items() if since <= a < since + span}
            found = store.between(one, since, since + span, step)
            if step:
                assert_same(found, in_steps(wanted, step))
            else:
                assert_same(found, [single(at, wanted[at]) for at in sorted(wanted)])
            assert repr(reader.between(one, since, since + span, step)) == repr(found)
        reader.close()
        store.close()


def test_with_age_samples_become_minutes_and_then_hours(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, clock)
    one, start = a_series(), NOW // HOUR * HOUR - 2 * HOUR
    of = {start + n * 10_000: math.sin(n * n) for n in range(2 * 360)}
    store.write(samples(one, of.items()))
    store.keep_house()
    for days, step in ((1, 0), (3, MINUTE), (16, HOUR)):
        clock.ms = NOW + days * 24 * HOUR
        store.keep_house()
        wanted = in_steps(of, step) if step else [single(at, v) for at, v in of.items()]
        assert_same(store.between(one, start, start + 2 * HOUR), wanted)
        assert_same(store.between(one, start, start + 2 * HOUR, HOUR), in_steps(of, HOUR))
    clock.ms = NOW + 401 * 24 * HOUR
    store.keep_house()
    assert store.between(one, 0, clock.ms) == []
    assert store.known() == []
    store.close()


def test_a_sample_older_than_what_is_raw_is_dropped(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, clock)
    one, old = a_series(), NOW // HOUR * HOUR + MINUTE
    store.write(samples(one, [(old, 1.0)]))
    store.keep_house()
    clock.ms += 60 * HOUR
    store.keep_house()
    store.write(samples(one, [(old, 9.0), (old + 1, 9.0), (clock.ms, 2.0)]))
    store.keep_house()
    assert_same(store.between(one, old - MINUTE, old + MINUTE), [single(old, 1.0)])
    assert store.between(one, clock.ms, clock.ms + 1) == [single(clock.ms, 2.0)]
    assert store.problem == ""
    store.close()


@pytest.mark.expect_log("ahead of this station's clock")
def test_a_sample_of_the_far_future_is_refused_in_words(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write(samples(a_series(), [(NOW + 2 * HOUR, 1.0), (NOW, 2.0)]))
    store.write_out()
    assert "ahead of this station's clock" in store.problem
    assert store.between(a_series(), 0, 1 << 60) == [single(NOW, 2.0)]
    store.write(samples(a_series(), [(NOW + 1, 2.0)]))
    store.write_out()
    assert store.problem == ""
    store.close()


def test_it_writes_out_by_itself_when_two_seconds_have_passed(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, clock)
    reader = SampleReader(tmp_path)
    store.write(samples(a_series(), [(NOW, 1.0)]))
    assert reader.known() == []
    clock.ms += 2_000
    store.write(samples(a_series(), [(NOW + 1, 1.0)]))
    assert len(reader.between(a_series(), NOW, NOW + 2)) == 2
    reader.close()
    store.close()


def test_its_thread_writes_out_what_nothing_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WRITE_OUT_S", 0.01)
    clock = HandClock()
    store = StationSamples(tmp_path / "samples.sqlite3", clock, 4)
    reader = SampleReader(tmp_path)
    store.write(samples(a_series(), [(NOW, 1.0)]))
    while not reader.known():
        pass
    reader.close()
    store.close()


def test_lines_are_kept_beside_samples(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    lines = [Line(at=NOW + n, name=f"log-{n % 2}", text=f"line {n}") for n in range(10)]
    store.write([], lines)
    assert store.lines(NOW, NOW + 10) == lines
    assert store.lines(NOW + 2, NOW + 8, "log-1", limit=2) == [lines[5], lines[7]]
    store.close()


def test_weeks_of_samples_stay_within_the_budget_and_the_newest_are_raw(tmp_path: Path) -> None:
    clock = HandClock(NOW // HOUR * HOUR)
    budget_mib = 2
    store = store_in(tmp_path, clock, budget_mib)
    many = [a_series(n) for n in range(30)]
    start, hours = clock.ms, 21 * 24
    for hour in range(hours):
        for part in range(2):
            at = [clock.ms + n * MINUTE for n in range(30)]
            batch = [
                Sample(one, t, math.sin(t * (i + 1))) for i, one in enumerate(many) for t in at
            ]
            clock.ms += 30 * MINUTE
            store.write(batch, [Line(at=clock.ms, name="log", text="x" * 300)] * 5)
            if part:
                store.keep_house()
        size = sum(p.stat().st_size for p in tmp_path.iterdir() if "-shm" not in p.name)
        assert size <= (budget_mib << 20) + (6 << 20), hour
        assert (tmp_path / "samples.sqlite3").stat().st_size <= budget_mib << 20
    assert store.problem == ""
    last_hour = store.between(many[0], clock.ms - HOUR, clock.ms)
    assert len(last_hour) == 60
    assert all(bucket.count == 1 for bucket in last_hour)
    everything = store.between(many[0], start, clock.ms, HOUR)
    assert everything[-1].at == clock.ms - HOUR
    # Hours go back further than samples do.
    kept_raw = [b for b in store.between(many[0], start, clock.ms) if b.count == 1]
    assert len(kept_raw) / 60 < len(everything)
    assert len(everything) > 48
    store.close()


@pytest.mark.expect_log("series are too many for the 1 MiB")
def test_more_series_than_the_budget_can_hold_is_said(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, clock, budget_mib=1)
    said = ""
    for n in range(100):
        clock.ms = NOW + n * 10_000
        many = [
            Sample(a_series(i), clock.ms - j * 1_000, math.sin(n * i + j))
            for i in range(400)
            for j in range(10)
        ]
        try:
            store.write(many)
            store.keep_house()
        except OSError as error:
            said = str(error)
            break
    assert "series are too many for the 1 MiB" in said
    assert (tmp_path / "samples.sqlite3").stat().st_size <= 1 << 20
    store.close()
