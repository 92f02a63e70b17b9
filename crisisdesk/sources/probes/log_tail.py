"""Reads on in a log where the look before ended, whatever was done to the file meanwhile. Blocking.

Where the reading stood is told by the file's inode, the offset, and a digest of the bytes before
it: a file that was truncated and has grown beyond the offset again, or that has got the inode of a
deleted one, has other bytes there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from crisisdesk.sources.probes.looking import down, text_at, unsure, whole_at

LINE_CHARS = 2_000
# A line without an end is given up from here on; what follows up to the next end is passed over.
LINE_BYTES = 64 * 1024
_MARK_BYTES = 256
_MARK_CHARS = 16
_SIBLINGS = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file was read: ``mark`` digests the bytes before ``offset``; ``skips`` says that
    the reading stands within a line that is passed over."""

    inode: str
    offset: int
    mark: str
    skips: bool

    def bookmark(self) -> dict[str, object]:
        """As it is kept until the next look; numbers of inodes do not fit every JSON."""
        return {
            "inode": self.inode,
            "offset": self.offset,
            "mark": self.mark,
            "skips": self.skips,
        }


@dataclass(slots=True)
class Tail:
    """What one look read: whole lines, notes for the operator, and where the next one begins."""

    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0
    behind: int = 0
    changed_at: float = 0.0
    place: Place = field(default_factory=lambda: Place("", 0, "", skips=False))


def read_on(
    path: str, bookmark: Mapping[str, object], *, from_start: bool, most: int, most_behind: int
) -> Tail:
    """The whole lines that came since the bookmark, of ``most`` bytes; raises Unanswered.

    Of a file that was moved away by rotation the rest is read first, where it lies beside it under
    a name that begins alike. When more than ``most_behind`` bytes wait, the oldest are passed over.
    """
    place = _place(bookmark)
    tail = Tail()
    descriptor = _open(path)
    try:
        found = os.fstat(descriptor)
        inode = f"{found.st_dev}:{found.st_ino}"
        tail.size, tail.changed_at = found.st_size, found.st_mtime
        if place is None:
            offset = 0 if from_start else found.st_size
            start = Place(inode, offset, "", skips=not from_start and offset > 0)
            # From within a line on, unless the file ends in a whole one.
            if start.skips and os.pread(descriptor, 1, offset - 1) == b"\n":
                start = Place(inode, offset, "", skips=False)
        elif place.inode == inode and _is_same(descriptor, place, found.st_size):
            start = place
        else:
            if place.inode != inode:
                most -= _rest_of_old(path, place, tail, most)
            else:
                tail.notes.append("the file was truncated and is read from its start")
            start = Place(inode, 0, "", skips=False)
        _read(descriptor, start, tail, max(0, most), most_behind)
    finally:
        os.close(descriptor)
    return tail


def _open(path: str) -> int:
    try:
        # Without waiting: a pipe would hang until somebody writes.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise down(f"{path} is not there") from None
    except OSError as error:
        raise unsure(f"{path} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise unsure(f"{path} is no plain file")
    return descriptor


def _place(bookmark: Mapping[str, object]) -> Place | None:
    inode, offset = text_at(bookmark, "inode"), whole_at(bookmark, "offset", -1)
    if not inode or offset < 0:
        return None
    return Place(inode, offset, text_at(bookmark, "mark"), skips=bookmark.get("skips") is True)


def _is_same(descriptor: int, place: Place, size: int) -> bool:
    """Whether the file still has, before the offset, what was read there."""
    if size < place.offset:
        return False
    return not place.mark or _mark(descriptor, place.offset) == place.mark


def _mark(descriptor: int, offset: int) -> str:
    since = max(0, offset - _MARK_BYTES)
    return sha256(os.pread(descriptor, offset - since, since)).hexdigest()[:_MARK_CHARS]


def _rest_of_old(path: str, place: Place, tail: Tail, most: int) -> int:
    """Read what was left of the file that stood here before; how many bytes."""
    folder, name = Path(path).parent, Path(path).name
    try:
        with os.scandir(folder) as entries:
            beside = [e.path for e, _ in zip(entries, range(_SIBLINGS), strict=False)]
        for other in sorted(one for one in beside if Path(one).name.startswith(name)):
            told = Path(other).lstat()
            if f"{told.st_dev}:{told.st_ino}" != place.inode or not stat.S_ISREG(told.st_mode):
                continue
            descriptor = os.open(other, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                if not _is_same(descriptor, place, told.st_size):
                    break
                before = Tail()
                _read(descriptor, place, before, most, most, is_last=True)
                tail.lines += before.lines
                if before.behind:
                    tail.notes.append(f"{before.behind} bytes of the rotated file are left out")
                return before.place.offset - place.offset
            finally:
                os.close(descriptor)
    except OSError as error:
        tail.notes.append(f"what was left of the rotated file cannot be read: {error.strerror}")
        return 0
    tail.notes.append("the file is another one, and what was left of the old one is not found")
    return 0


def _read(
    descriptor: int,
    start: Place,
    tail: Tail,
    most: int,
    most_behind: int,
    *,
    is_last: bool = False,
) -> None:
    """Whole lines from ``start`` on into ``tail``; a half one at the end when none follows."""
    size = os.fstat(descriptor).st_size
    offset, skips = start.offset, start.skips
    waiting = size - offset
    if waiting > most_behind:
        passed = waiting - most_behind
        tail.notes.append(f"{passed} bytes are passed over: more than can be read came at once")
        offset, skips = offset + passed, True
    data = os.pread(descriptor, most, offset)
    used = 0
    if skips:
        end = data.find(b"\n")
        used = len(data) if end < 0 else end + 1
        skips = end < 0
    end = data.rfind(b"\n", used) + 1
    if end > used:
        tail.lines += [_line(raw) for raw in data[used : end - 1].split(b"\n")]
        used = end
    ends_here = is_last and used < len(data) == size - offset
    if ends_here or len(data) - used >= min(LINE_BYTES, most) > 0:
        tail.lines.append(_line(data[used:]))
        used, skips = len(data), True
    offset += used
    tail.behind = max(0, size - offset)
    tail.place = Place(start.inode, offset, _mark(descriptor, offset), skips)


def _line(raw: bytes) -> str:
    """The text of a line; what is no UTF-8 is replaced, what is no character is left out."""
    text = raw[: 4 * LINE_CHARS].decode("utf-8", "replace").rstrip("\r")
    text = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in text)
    return text if len(text) <= LINE_CHARS else f"{text[: LINE_CHARS - 1]}…"
