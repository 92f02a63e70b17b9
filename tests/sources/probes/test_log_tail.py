"""Reading on in a log: rotation, truncation, copies, half lines, floods."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.log_tail import LINE_BYTES, LINE_CHARS, Tail, read_on
from crisisdesk.sources.probes.looking import Unanswered

MIB = 1024 * 1024


class Follower:
    """Looks at one log and keeps the bookmark."""

    def __init__(self, path: Path, *, from_start: bool = True) -> None:
        self.path = path
        self.bookmark: Mapping[str, object] = {}
        self.from_start = from_start

    def look(self, most: int = MIB, most_behind: int = 64 * MIB) -> Tail:
        tail = read_on(
            str(self.path),
            self.bookmark,
            from_start=self.from_start,
            most=most,
            most_behind=most_behind,
        )
        self.bookmark = tail.place.bookmark()
        return tail

    def lines(self, most: int = MIB) -> list[str]:
        return self.look(most).lines


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("one\ntwo\n")
    return path


def append(path: Path, text: str) -> None:
    with path.open("a", newline="") as file:
        file.write(text)


def test_each_whole_line_comes_once(log: Path) -> None:
    follower = Follower(log)
    assert follower.lines() == ["one", "two"]
    assert follower.lines() == []
    append(log, "three\nfo")
    assert follower.lines() == ["three"]
    append(log, "ur\r\n\n")
    assert follower.lines() == ["four", ""]


def test_the_first_look_begins_at_the_end_or_the_start(log: Path) -> None:
    follower = Follower(log, from_start=False)
    assert follower.lines() == []
    append(log, "three\n")
    assert follower.lines() == ["three"]
    log.write_text("half")
    late = Follower(log, from_start=False)
    assert late.lines() == []
    append(log, " of a line\nwhole\n")
    assert late.lines() == ["whole"]


def test_a_rotated_log_is_read_to_its_end_first(log: Path) -> None:
    follower = Follower(log)
    follower.lines()
    append(log, "three\nfour without an end")
    log.rename(log.with_name("app.log.1"))
    log.write_text("five\n")
    tail = follower.look()
    assert tail.lines == ["three", "four without an end", "five"]
    assert tail.notes == []
    assert follower.lines() == []


def test_a_rotated_log_that_is_gone_is_told(log: Path) -> None:
    follower = Follower(log)
    follower.lines()
    # Beside it, so that the new one cannot have its inode.
    other = log.with_name("next")
    other.write_text("five\n")
    other.replace(log)
    tail = follower.look()
    assert tail.lines == ["five"]
    assert "not found" in tail.notes[0]


def test_a_truncated_log_begins_anew(log: Path) -> None:
    follower = Follower(log)
    follower.lines()
    log.write_text("x\n")
    assert follower.lines() == ["x"]


def test_one_that_was_copied_away_and_has_grown_beyond_is_noticed(log: Path) -> None:
    follower = Follower(log)
    follower.lines()
    append(log, "lost?\n")
    log.with_name("app.log.1").write_bytes(log.read_bytes())
    inode = log.stat().st_ino
    os.truncate(log, 0)
    append(log, "new one\nnew two\nnew three\n")
    assert log.stat().st_ino == inode
    tail = follower.look()
    assert tail.lines == ["new one", "new two", "new three"]
    assert "truncated" in tail.notes[0]


def test_a_missing_log_is_down_and_comes_back(log: Path, tmp_path: Path) -> None:
    follower = Follower(log)
    follower.lines()
    log.rename(tmp_path / "app.log.1")
    with pytest.raises(Unanswered, match="is not there") as caught:
        follower.look()
    assert caught.value.verdict is Verdict.DOWN
    log.write_text("new\n")
    assert follower.lines() == ["new"]


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd"
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(Unanswered, match=r"no plain file|cannot be read") as caught:
        Follower(path).look()
    assert caught.value.verdict is Verdict.UNSURE


def test_a_flood_is_read_in_pieces_and_nothing_comes_twice(log: Path) -> None:
    wanted = [f"line {number}" for number in range(10_000)]
    log.write_text("".join(f"{line}\n" for line in wanted))
    follower = Follower(log)
    found: list[str] = []
    looks = 0
    while lines := follower.lines(most=64 * 1024):
        found += lines
        looks += 1
    assert found == wanted
    assert looks > 1


def test_what_is_too_far_behind_is_passed_over_and_told(log: Path) -> None:
    follower = Follower(log)
    follower.lines()
    append(log, "".join(f"line {number}\n" for number in range(10_000)))
    tail = follower.look(most_behind=100)
    assert tail.lines[-1] == "line 9999"
    assert len(tail.lines) < 12
    assert all(line.startswith("line ") for line in tail.lines)
    assert "passed over" in tail.notes[0]


def test_a_line_without_an_end_is_cut_and_its_rest_passed_over(log: Path) -> None:
    log.write_text("")
    follower = Follower(log)
    append(log, "x" * (3 * LINE_BYTES))
    [line] = follower.lines()
    assert len(line) == LINE_CHARS
    append(log, "x" * LINE_BYTES)
    assert follower.lines() == []
    append(log, "still\nnext\n")
    assert follower.lines() == ["next"]


def test_bytes_that_are_no_text_are_replaced(log: Path) -> None:
    log.write_bytes("gr\xfcn\n".encode("latin-1") + b"\x1b[31mred\x00\n\tTab \xe2\x98\x83\n")
    assert Follower(log).lines() == ["gr\ufffdn", "\ufffd[31mred\ufffd", "\tTab ☃"]


@pytest.mark.parametrize(
    "bookmark", [{"inode": 5}, {"inode": "1:2", "offset": -1}, {"offset": True}, {"inode": "x"}]
)
def test_a_spoilt_bookmark_counts_as_none(log: Path, bookmark: dict[str, object]) -> None:
    follower = Follower(log)
    follower.bookmark = bookmark
    assert follower.lines() == ["one", "two"]
