"""The un-pushed spool: a second copy of what was written here and is not on the hub yet.

An append-only file, flushed before a command is answered, best on another disk. Each frame is
``CDsp``, length and CRC-32 (little-endian, 4 bytes each) and the payload: origin, seq, and the
event's bytes with their lengths before them. A torn or rotten frame costs that frame alone. A frame
without bytes says that the hub has that origin up to that seq.
"""

from __future__ import annotations

import logging
import os
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from time import monotonic

from crisisdesk.domain.event import GENESIS, Sealed, Stored
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import Mark, SyncLog
from crisisdesk.store.durable import flush_folder, put_in_place

log = logging.getLogger(__name__)

SPOOL_NAME = "unpushed.spool"
# Pushed events are left in the file until they are worth a rewrite.
REWRITE_BYTES = 1024 * 1024
_MARK = b"CDsp"
_HEAD = struct.Struct("<4sII")
_LENGTHS = struct.Struct("<32sQIIHH")
# A disk that refused is not asked again at every commit.
RETRY_S = 5.0


def frame(event: Stored | Sealed) -> bytes:
    """One event as it stands in the file."""
    who = event if isinstance(event, Stored) else event.event
    lengths = (len(event.raw), len(event.body), len(event.salt), len(event.hash))
    payload = b"".join(
        (
            _LENGTHS.pack(who.origin.encode("ascii"), who.seq, *lengths),
            event.raw,
            event.body,
            event.salt,
            event.hash,
        )
    )
    return _HEAD.pack(_MARK, len(payload), zlib.crc32(payload)) + payload


def read_spool(path: Path) -> list[Stored]:
    """Every whole event of a spool file, in the order of writing; none when there is no file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return [event for event in _frames(data) if event.raw]


def _frames(data: bytes) -> Iterator[Stored]:
    """Each whole frame; what lies between two of them is passed over."""
    at = 0
    while (at := data.find(_MARK, at)) >= 0 and at + _HEAD.size <= len(data):
        _mark, size, crc = _HEAD.unpack_from(data, at)
        payload = data[at + _HEAD.size : at + _HEAD.size + size]
        event = _event(payload) if len(payload) == size and zlib.crc32(payload) == crc else None
        if event is None:
            at += 1
            continue
        at += _HEAD.size + size
        yield event


def _event(payload: bytes) -> Stored | None:
    if len(payload) < _LENGTHS.size:
        return None
    origin, seq, *lengths = _LENGTHS.unpack_from(payload)
    if _LENGTHS.size + sum(lengths) != len(payload) or not origin.isalnum():
        return None
    parts = []
    at = _LENGTHS.size
    for length in lengths:
        parts.append(payload[at : at + length])
        at += length
    raw, body, salt, digest = parts
    return Stored(
        origin=origin.decode("ascii"), seq=seq, raw=raw, body=body, salt=salt, hash=digest
    )


class UnpushedSpool:
    """One station's spool. Appended by the writer, trimmed by the exchange; safe for both.

    It never raises for a disk that refuses: ``problem`` then says so in words, and `behind` that
    the writer must hand over everything un-pushed again (`rewrite`), which ends the problem.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self.behind = False
        self._retry_at = 0.0
        self._lock = threading.Lock()
        self._fd: int | None = None
        self._size = 0
        # Live events by origin: seq -> bytes in the file.
        self._live: dict[str, dict[int, int]] = {}
        # How far the hub has each origin, as far as it was told since the start.
        self._pushed: dict[str, int] = {}

    def load(self) -> list[Stored]:
        """Read what an earlier engine left; to be called once, before anything is appended."""
        try:
            data = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            self._failed(error)
            return []
        self._size = len(data)
        frames = list(_frames(data))
        self._pushed = {f.origin: f.seq for f in frames if not f.raw}
        events = [f for f in frames if f.raw]
        for event in events:
            self._live.setdefault(event.origin, {})[event.seq] = len(frame(event))
        return events

    def pushed(self, origin: str) -> int:
        """How far the hub has this origin, as far as was told."""
        return self._pushed.get(origin, 0)

    @property
    def waiting(self) -> dict[str, tuple[int, int]]:
        """The first and last seq that is kept of each origin."""
        with self._lock:
            return {o: (min(seqs), max(seqs)) for o, seqs in self._live.items() if seqs}

    def append(self, events: Iterable[Sealed]) -> None:
        """Keep these too; on disk when this returns, or there is a `problem`."""
        frames = [(e.event.origin, e.event.seq, frame(e)) for e in events]
        if not frames:
            return
        with self._lock:
            if self.behind:
                return
            try:
                fd = self._opened()
                _write_all(fd, b"".join(data for _o, _s, data in frames))
                _flush(fd)
            except OSError as error:
                self._failed(error)
                return
            for origin, seq, data in frames:
                self._live.setdefault(origin, {})[seq] = len(data)
                self._size += len(data)

    @property
    def wants_rewrite(self) -> bool:
        """Whether it is `behind` and some seconds have passed since that last failed."""
        return self.behind and monotonic() >= self._retry_at

    def read(self, origin: str, after_seq: int) -> list[Stored]:
        """What is kept of one origin behind a seq, in order."""
        with self._lock:
            live = dict(self._live.get(origin, {}))
        events = {e.seq: e for e in read_spool(self.path) if e.origin == origin and e.seq in live}
        return [events[seq] for seq in sorted(events) if seq > after_seq]

    def rewrite(self, events: Iterable[Stored]) -> None:
        """Make the file anew: with these, and with what is only in the present one."""
        with self._lock:
            try:
                only_here = [
                    e for e in read_spool(self.path) if e.seq in self._live.get(e.origin, ())
                ]
                self._rewrite(only_here, events)
            except OSError as error:
                self._failed(error)

    def trim(self, marks: Mapping[str, int]) -> None:
        """The hub holds each of these origins up to that seq: those need no second copy."""
        with self._lock:
            for origin, seq in marks.items():
                self._pushed[origin] = max(seq, self._pushed.get(origin, 0))
                live = self._live.get(origin, {})
                for done in [s for s in live if s <= seq]:
                    del live[done]
            kept = sum(sum(seqs.values()) for seqs in self._live.values())
            if self.behind or self._size - kept < max(REWRITE_BYTES, kept):
                return
            try:
                events = read_spool(self.path)
                self._rewrite([e for e in events if e.seq in self._live.get(e.origin, ())], ())
            except OSError as error:
                self._failed(error)

    def drop_behind(self, origin: str, seq: int) -> None:
        """Forget this origin's events behind a seq: they were written anew under another name."""
        with self._lock:
            live = self._live.get(origin, {})
            for gone in [s for s in live if s > seq]:
                del live[gone]

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._let_go()

    # -- under the lock ----------------------------------------------------------------------

    def _opened(self) -> int:
        if self._fd is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_new = not self.path.exists()
            self._fd = os.open(self.path, _flags(), 0o600)
            self._size = os.fstat(self._fd).st_size
            if is_new:
                flush_folder(self.path.parent)
        return self._fd

    def _rewrite(self, kept: list[Stored], events: Iterable[Stored]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._let_go()
        part = self.path.with_name(f".{self.path.name}.part")
        live: dict[str, dict[int, int]] = {}
        fd = os.open(part, _flags() | os.O_TRUNC, 0o600)
        try:
            for origin, seq in self._pushed.items():
                _write_all(fd, frame(_pushed_to(origin, seq)))
            for event in chain(kept, events):
                mine = live.setdefault(event.origin, {})
                if event.seq not in mine:
                    data = frame(event)
                    _write_all(fd, data)
                    mine[event.seq] = len(data)
            self._size = os.fstat(fd).st_size
        finally:
            os.close(fd)
        put_in_place(part, self.path)
        self._live = live
        self.problem, self.behind = "", False

    def _failed(self, error: OSError) -> None:
        """After a failed flush nothing in the file is certain: it is made anew, never repaired."""
        if not self.behind:
            log.error("the second copy of un-pushed events cannot be kept: %s", error)
        self.problem = (
            f"events that are not on the hub yet are kept only once: {self.path} cannot be "
            f"written ({error.strerror or error})"
        )
        self.behind = True
        self._retry_at = monotonic() + RETRY_S
        self._let_go()

    def _let_go(self) -> None:
        if self._fd is not None:
            fd, self._fd = self._fd, None
            try:
                os.close(fd)
            except OSError as error:
                log.warning("the spool could not be closed: %s", error)


class SpoolChore:
    """Implements `engine.exchange.replicator.Chore`: after an exchange, lets go what the hub has.

    What a damaged station could not put back, because events between were only on the hub, is taken
    over here once those have come down.
    """

    name = "the second copy of un-pushed events"

    def __init__(self, spool: UnpushedSpool, log_here: SyncLog) -> None:
        self._spool = spool
        self._log = log_here

    def run(self, outcome: Outcome) -> None:
        """Trim to the hub's marks, as far as its chain is this station's own."""
        for origin, (_first, last) in self._spool.waiting.items():
            at = self._log.marks().get(origin, Mark(0, GENESIS)).seq
            if last > at and origin != self._log.own_origin():
                self._take_back(origin, at)
        agreed = {
            origin: outcome.hub[origin].seq
            for origin in self._spool.waiting
            if origin in outcome.hub
            and self._log.hash_at(origin, outcome.hub[origin].seq) == outcome.hub[origin].hash
        }
        if agreed:
            self._spool.trim(agreed)

    def _take_back(self, origin: str, at: int) -> None:
        events = self._spool.read(origin, at)
        if events and events[0].seq == at + 1:
            taken = self._log.absorb(events)
            log.warning("%d events were put back from their second copy", taken.events)


def _pushed_to(origin: str, seq: int) -> Stored:
    return Stored(origin=origin, seq=seq, raw=b"", body=b"", salt=b"", hash=b"")


def _flags() -> int:
    return (
        os.O_WRONLY
        | os.O_CREAT
        | os.O_APPEND
        | getattr(os, "O_CLOEXEC", 0)
        | getattr(os, "O_BINARY", 0)
    )


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _flush(fd: int) -> None:
    """The data and the size; times may come later, which saves a write where that is known."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(fd)
    else:
        os.fsync(fd)
