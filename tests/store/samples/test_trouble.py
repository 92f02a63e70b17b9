"""The sample store where things go wrong: killed processes, torn files, disks that refuse."""

from __future__ import annotations

import math
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample

from tests.architecture.tree import ROOT
from tests.store.samples.bench import HOUR, NOW, HandClock, a_series, samples, single, store_in


def refusal_of(work: Callable[[], object]) -> str:
    """The words of the only error there may be, "" for none."""
    try:
        work()
    except OSError as error:
        return str(error)
    return ""


WRITER = """
import sys
from pathlib import Path
from tests.store.samples.bench import NOW, HandClock, a_series, samples, store_in
clock = HandClock()
store = store_in(Path(sys.argv[1]), clock)
for n in range(1_000_000):
    clock.ms = NOW + n * 1000
    store.write(samples(a_series(n % 7), [(clock.ms, float(n))]))
    store.write_out()
    if n % 20 == 19:
        store.keep_house()
    print(n, flush=True)
"""


@pytest.mark.parametrize("after", [3, 47, 101])
def test_what_was_written_out_survives_a_killed_process(tmp_path: Path, after: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    with writer, writer.stdout:
        said = next(line for line in writer.stdout if int(line) >= after)
        os.kill(writer.pid, signal.SIGKILL)
        # It may have come further before the signal did.
        said = [said, *writer.stdout][-1]
    store = store_in(tmp_path)
    found = {
        bucket.at: bucket.last
        for n in range(7)
        for bucket in store.between(a_series(n), 0, 1 << 60)
    }
    wanted = {NOW + n * 1000: float(n) for n in range(int(said) + 1)}
    assert {at: found.get(at) for at in wanted} == wanted
    assert len(found) <= len(wanted) + 1
    store.close()


@pytest.mark.parametrize("damage", ["no database", "zeroes in the middle", "cut short", "empty"])
def test_a_damaged_file_is_put_aside_and_begun_anew(
    tmp_path: Path, damage: str, expect_log: Any
) -> None:
    if damage != "empty":
        expect_log("begun anew, the old one is samples-damaged.sqlite3")
    store = store_in(tmp_path)
    for n in range(200):
        store.write(samples(a_series(n), [(NOW + i * 1000, math.sin(i * n)) for i in range(100)]))
    store.keep_house()
    store.close()
    path = tmp_path / "samples.sqlite3"
    whole = path.read_bytes()
    size = len(whole)
    path.write_bytes(
        {
            "no database": os.urandom(size),
            "zeroes in the middle": whole[:8192] + bytes(size - 8192),
            "cut short": whole[: size // 2 + 100],
            "empty": b"",
        }[damage]
    )
    store = store_in(tmp_path)
    for n in range(200):
        store.write(samples(a_series(n), [(NOW + 100_000, 5.0)]))
    store.keep_house()
    assert store.between(a_series(3), NOW + 100_000, NOW + 100_001) == [single(NOW + 100_000, 5.0)]
    assert store.problem == ""
    assert (tmp_path / "samples-damaged.sqlite3").exists() == (damage != "empty")
    store.close()


@pytest.mark.allow_log("begun anew|Samples are dropped")
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 255)), min_size=1, max_size=30))
def test_whatever_bytes_are_torn_the_engine_goes_on(flips: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder:
        store = store_in(Path(folder))
        for n in range(20):
            store.write(samples(a_series(n), [(NOW + i * 1000, i / 7) for i in range(50)]))
        store.keep_house()
        store.write(samples(a_series(1), [(NOW + 99_000, 1.0)]), [Line(at=NOW, name="a", text="b")])
        store.close()
        path = Path(folder) / "samples.sqlite3"
        data = bytearray(path.read_bytes())
        for place, flip in flips:
            data[place % len(data)] ^= flip
        path.write_bytes(data)
        store = store_in(Path(folder))
        store.write(samples(a_series(1), [(NOW + 100_000, 2.0)]))
        refusal = refusal_of(store.keep_house)
        assert refusal in ("", store.problem)
        for step in (0, HOUR):
            refusal_of(lambda: store.between(a_series(1), 0, 1 << 60, step))  # noqa: B023
        refusal_of(lambda: store.lines(0, 1 << 60))
        store.close()


@pytest.mark.expect_log("written by a newer program")
def test_a_newer_programs_file_is_put_aside_whole(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite3"
    store = store_in(tmp_path)
    store.write(samples(a_series(), [(NOW, 1.0)]))
    store.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version=99")
    before = path.read_bytes()
    store = store_in(tmp_path)
    store.write(samples(a_series(), [(NOW, 2.0)]))
    assert store.between(a_series(), NOW, NOW + 1) == [single(NOW, 2.0)]
    assert (tmp_path / "samples-version-99.sqlite3").read_bytes() == before
    store.close()


def test_a_file_that_is_taken_away_is_begun_anew(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write(samples(a_series(), [(NOW, 1.0)]))
    store.write_out()
    for path in tmp_path.iterdir():
        path.unlink()
    store.write(samples(a_series(), [(NOW + 1, 2.0)]))
    assert store.between(a_series(), NOW, NOW + 9) == [single(NOW + 1, 2.0)]
    store.close()


def test_a_folder_that_refuses_is_said_once_and_forgotten_when_it_no_longer_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expect_log: Any
) -> None:
    expect_log("Samples are dropped: .*cannot be written")
    clock = HandClock()
    folder = tmp_path / "not yet there"
    store = store_in(folder, clock)
    for _ in range(3):
        store.write(samples(a_series(), [(clock.ms, 1.0)]))
        with pytest.raises(OSError, match=r"Samples are dropped: .*cannot be written"):
            store.write_out()
    assert caplog.text.count("Samples are dropped") == 1
    assert store.problem.startswith("Samples are dropped")
    folder.mkdir()
    clock.ms += 1
    store.write(samples(a_series(), [(clock.ms, 2.0)]))
    store.write_out()
    assert store.problem == ""
    assert store.between(a_series(), 0, 1 << 60) == [single(clock.ms, 2.0)]
    store.close()


@pytest.mark.expect_log("Samples are dropped: the disk is full")
def test_a_full_disk_drops_samples_and_reading_goes_on(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, clock)
    store.write(samples(a_series(), [(NOW, 1.0)]))
    store.write_out()
    # The file may not grow: what a full disk answers, without one.
    store._opened().raw.execute("PRAGMA max_page_count=1")
    great = [Sample(a_series(n), NOW, 1.0) for n in range(2_000)]
    store.write(great)
    with pytest.raises(OSError, match="the disk is full"):
        store.write_out()
    assert store.between(a_series(), NOW, NOW + 1) == [single(NOW, 1.0)]
    store.write(great)
    store.write_out()
    assert store.problem == ""
    assert len(store.known()) == 2_000
    store.close()
