"""A flipped bit is found with the event it stands in; a start checks what it must and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.engine import commands as c
from crisisdesk.store import checks
from crisisdesk.store.chain import verify_log
from crisisdesk.store.checks import check_start, integrity_check, quick_check
from crisisdesk.store.errors import Damaged
from crisisdesk.store.files import writing_connection

from tests.store.workload import Station


def spoil(path: Path, sql: str, *values: object) -> None:
    with closing(writing_connection(path)) as raw:
        raw.execute(sql, values)


def flip_bit(path: Path, column: str, pos: int) -> None:
    """Flip one bit inside a stored value, as a decaying disk would."""
    with closing(writing_connection(path)) as raw:
        (value,) = raw.execute(f"SELECT {column} FROM event WHERE pos=?", (pos,)).fetchone()
        turned = bytearray(value)
        turned[len(turned) // 2] ^= 0b100
        raw.execute(f"UPDATE event SET {column}=? WHERE pos=?", (bytes(turned), pos))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A closed station with a log of 60 events."""
    station = Station(tmp_path)
    station.fire(60)
    station.close()
    return station.path


def test_a_whole_log_verifies(kept: Path) -> None:
    verdict = verify_log(kept)
    assert (verdict.events, verdict.pos, verdict.first_bad) == (60, 60, None)
    assert verdict.in_words == "60 events verified, every hash agrees"


@pytest.mark.parametrize("column", ["raw", "body", "salt", "hash"])
@pytest.mark.parametrize("pos", [1, 31, 60])
def test_a_flipped_bit_is_found_at_its_event(kept: Path, column: str, pos: int) -> None:
    flip_bit(kept, column, pos)
    verdict = verify_log(kept)
    assert verdict.first_bad is not None
    assert verdict.first_bad[1] == pos
    assert verdict.events == pos - 1
    assert f"event {pos} of origin" in verdict.in_words


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("agg", "A-OTHER"),
        ("kind", "alert.closed"),
        ("hlc", 1),
        ("wall_ms", 1),
        ("origin", "0" * 32),
    ],
)
def test_a_changed_column_is_found_though_no_hash_covers_it(
    kept: Path, column: str, value: object
) -> None:
    spoil(kept, f"UPDATE event SET {column}=? WHERE pos=17", value)
    verdict = verify_log(kept)
    assert verdict.first_bad is not None
    assert verdict.first_bad[1] in {1, 17}
    assert verdict.events == 16


def test_a_missing_event_and_a_lost_end_are_found(kept: Path) -> None:
    spoil(kept, "DELETE FROM event WHERE pos=60")
    lost_end = verify_log(kept).first_bad
    assert lost_end is not None
    assert lost_end[1:] == (60, "the log ends at 59, its head says 60")
    spoil(kept, "DELETE FROM event WHERE pos=20")
    gap = verify_log(kept).first_bad
    assert gap is not None
    assert gap[1:] == (20, "the log goes on with 21 after 19")


def test_a_head_that_is_not_the_last_event_is_found(kept: Path) -> None:
    spoil(kept, "UPDATE origin_head SET hash=zeroblob(32)")
    verdict = verify_log(kept)
    assert verdict.first_bad is not None
    assert verdict.first_bad[1:] == (60, "its hash is not the one in the head")


def test_checking_goes_on_from_an_earlier_verdict(station: Station) -> None:
    station.fire(10)
    first = verify_log(station.path)
    station.fire(5, first=10)
    second = verify_log(station.path, after=first)
    assert (second.events, second.first_bad) == (15, None)
    flip_bit(station.path, "body", 3)
    assert verify_log(station.path, after=first).first_bad is None
    assert verify_log(station.path).first_bad is not None


def test_a_file_with_spoilt_pages_is_refused_in_words(kept: Path) -> None:
    with kept.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xaa" * 4096 * 6)
    with pytest.raises(Damaged, match=r"station\.db .*restore a backup"):
        quick_check(kept)


def test_only_the_thorough_check_sees_an_index_that_lies(kept: Path) -> None:
    spoil(kept, "PRAGMA writable_schema=ON")
    with closing(sqlite3.connect(kept)) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute(
            "UPDATE sqlite_master SET sql='CREATE INDEX alert_pos ON alert (severity)' "
            "WHERE name='alert_pos'"
        )
        raw.commit()
    quick_check(kept)
    with pytest.raises(Damaged):
        integrity_check(kept)


def test_a_start_marks_what_it_verified_and_checks_only_the_rest(kept: Path) -> None:
    again = Station(kept.parent)
    assert again.opened.clean
    assert again.opened.verified_whole
    again.fire(3, first=100)
    again.close()
    flip_bit(kept, "body", 5)
    # Before the mark of a long log nobody looks at the start; the hourly copy's check does.
    check = check_start(kept, whole_events=20)
    assert check.clean
    assert check.verdict.events == 63
    with pytest.raises(Damaged, match="event 5 of origin"):
        check_start(kept)
    flip_bit(kept, "body", 62)
    with pytest.raises(Damaged, match="event 62 of origin"):
        check_start(kept, whole_events=20)


def test_a_mark_whose_end_is_gone_counts_for_nothing(kept: Path) -> None:
    Station(kept.parent).close()
    flip_bit(kept, "hash", 60)
    with pytest.raises(Damaged, match="event 60"):
        check_start(kept)


def test_a_long_log_is_checked_at_its_end_and_says_so(kept: Path) -> None:
    flip_bit(kept, "body", 5)
    check = check_start(kept, tail_events=20, whole_events=20)
    assert not check.whole
    assert check.verdict.events == 20
    flip_bit(kept, "body", 55)
    with pytest.raises(Damaged, match="event 55"):
        check_start(kept, tail_events=20, whole_events=20)


def test_only_an_unclean_end_of_a_large_file_is_checked_thoroughly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thorough: list[Path] = []
    real = checks.integrity_check

    def watched(path: Path) -> None:
        thorough.append(path)
        real(path)

    monkeypatch.setattr(checks, "integrity_check", watched)
    monkeypatch.setattr(checks, "ALWAYS_THOROUGH_BYTES", 0)
    station = Station(tmp_path)
    station.do(c.NameStation(name="Post 4"))
    assert not check_start(station.path).clean
    assert thorough == [station.path]
    station.close()
    assert check_start(station.path).clean
    again = Station(tmp_path)
    assert again.opened.clean
    again.close()
    assert thorough == [station.path]


def test_verifying_a_long_log_needs_the_memory_of_a_chunk(tmp_path: Path) -> None:
    import tracemalloc

    station = Station(tmp_path)
    for n in range(30):
        station.fire(400, first=n * 400)
    station.close()
    verify_log(station.path)
    tracemalloc.start()
    try:
        verdict = verify_log(station.path)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert verdict.events == 12_000
    assert peak < 8 * 1024 * 1024
