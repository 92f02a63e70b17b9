"""Whether the log beside a database lost what was already on disk.

SQLite reads its log up to the first frame that does not fit and takes that for the end. After a
power cut it is; after a flipped bit it is not, and everything behind is dropped without a word. A
transaction is only begun when the one before is on disk (synchronous=FULL), so frames of a later
transaction behind a bad frame prove damage. Format: https://sqlite.org/fileformat2.html#walformat
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_HEADER = 32
_FRAME = 24
_MAGIC = 0x377F0682


@dataclass(slots=True)
class _Wal:
    data: bytes
    order: str
    page: int
    salts: bytes

    @property
    def frames(self) -> int:
        return (len(self.data) - _HEADER) // (_FRAME + self.page)

    def at(self, index: int) -> int:
        return _HEADER + index * (_FRAME + self.page)

    def ours(self, index: int) -> bool:
        """Whether the frame belongs to this generation of the log."""
        return self.data[self.at(index) + 8 : self.at(index) + 16] == self.salts

    def commits(self, index: int) -> bool:
        return self.data[self.at(index) + 4 : self.at(index) + 8] != b"\0\0\0\0"

    def told(self, index: int) -> tuple[int, int]:
        """The running checksum that stands in the frame; of -1, the header's."""
        place = self.at(index) + 16 if index >= 0 else 24
        first, second = struct.unpack_from(">II", self.data, place)
        return first, second

    def fits(self, index: int) -> bool:
        """Whether the frame continues the checksum that stands in the one before."""
        at = self.at(index)
        sums = _checksum(self.data[at : at + 8], self.order, self.told(index - 1))
        whole = self.data[at + _FRAME : at + _FRAME + self.page]
        return _checksum(whole, self.order, sums) == self.told(index)


def lost_frames(wal: Path) -> str:
    """Why the log cannot be what was written, in words; empty when nothing speaks against it."""
    try:
        data = wal.read_bytes()
    except FileNotFoundError:
        return ""
    if len(data) <= _HEADER + _FRAME:
        return ""
    magic, _version, page = struct.unpack_from(">III", data)
    order = ">" if magic & 1 else "<"
    if magic & ~1 != _MAGIC or _checksum(data[:24], order, (0, 0)) != struct.unpack_from(
        ">II", data, 24
    ):
        return f"{wal.name} has a damaged beginning"
    log = _Wal(data, order, page, data[16:24])
    bad = next((n for n in range(log.frames) if not (log.ours(n) and log.fits(n))), log.frames)
    for n in range(bad, log.frames - 1):
        if log.ours(n) and log.commits(n) and log.ours(n + 1) and log.fits(n + 1):
            return f"{wal.name} is damaged at frame {bad + 1} of {log.frames}"
    return ""


def _checksum(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for x, y in zip(words[::2], words[1::2], strict=True):
        first = (first + x + second) & 0xFFFFFFFF
        second = (second + y + first) & 0xFFFFFFFF
    return first, second
