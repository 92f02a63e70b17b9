"""The reader thread: watches the store, gathers what changed and answers questions about it.

SQLite's ``data_version`` tells of a change without reading anything. What is found is merged into
one waiting change, which the window takes when it has time; it is never sent a signal per alert.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.flapping import Damping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crisisdesk.engine.ports import Clock
    from crisisdesk.store.queries import AlertRow, FeedRow, IncidentRow, StationReader

T = TypeVar("T")
log = logging.getLogger(__name__)

POLL_S = 0.025
TAKE_EVERY_MS = 40
RESOLVED_KEPT_MS = 3_600_000
_FIRST_CHUNK, _CHUNK, _EVENTS = 1_000, 20_000, 2_000
# Moving this many of 100,000 rows fits into a frame; a backlog beyond _CHUNK is taken in one go.
FRAME = 250
# What changes who is paged, was paged, or is next.
PAGING_ROOMS = frozenset({"delivery", "escalation"})
_KIND = re.compile(rb'"kind":"([a-z_.]+)"')
_AGG = re.compile(rb'"agg":"([^"\\]+)"')
_WALL = re.compile(rb'"wall_ms":(\d+)')
_ORIGIN = re.compile(rb'"origin":"([0-9a-f]+)"')
_SEQ = re.compile(rb'"seq":(\d+)')


class _Stop(Exception):
    """The thread is asked to end."""


class Feed(QObject):
    """``changed`` carries a `Change` on the Qt thread; ``unreadable`` words why the store cannot be
    read now, "" once it can again. ``damping`` gives what counts as flapping, asked on the reader's
    thread."""

    changed = Signal(object)
    unreadable = Signal(str)
    _arrived = Signal()
    _answered = Signal(object)

    def __init__(
        self,
        store: Path,
        clock: Clock,
        damping: Callable[[], Damping] = Damping,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._damping = damping
        self._store, self._clock = store, clock
        self._questions: queue.SimpleQueue[Callable[[StationReader], Callable[[], None]] | None]
        self._questions = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: Gathering | None = None
        self._room = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk reader", daemon=True)
        self._stopping = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take)
        self._taken_at = 0.0
        self._arrived.connect(self._plan)
        self._answered.connect(self._reply)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits until it has let go of the file."""
        self._stopping = True
        self._room.set()
        self._questions.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self._timer.stop()

    def ask(self, question: Callable[[StationReader], T], answer: Callable[[T], None]) -> None:
        """Read on the reader's thread, then call ``answer`` with the result on the Qt thread.

        A store that cannot be read now leaves the question unanswered; ``unreadable`` says why.
        """

        def run(reader: StationReader) -> Callable[[], None]:
            result = question(reader)
            return lambda: answer(result)

        self._questions.put(run)

    # -- the Qt thread -----------------------------------------------------------------------

    def _reply(self, answer: Callable[[], None]) -> None:
        # What was on its way when the desk closed has nobody to go to.
        if not self._stopping:
            answer()

    def _plan(self) -> None:
        if not self._timer.isActive():
            passed_ms = (self._clock.boottime() - self._taken_at) * 1000
            self._timer.start(max(0, round(TAKE_EVERY_MS - passed_ms)))

    def _take(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
            if waiting is not None:
                self._waiting = waiting.part()
        self._room.set()
        self._taken_at = self._clock.boottime()
        if self._waiting is not None:
            self._plan()
        if waiting is not None:
            self.changed.emit(waiting.change())

    # -- the reader's thread -----------------------------------------------------------------

    def _run(self) -> None:
        from crisisdesk.store.queries import StationReader, StoreUnavailable

        reader = StationReader(self._store, self._damping)
        watch = _Watch(self._clock)
        words = ""
        try:
            while not self._stopping:
                try:
                    self._serve(reader)
                    watch.look(reader, self.offer)
                    said = ""
                except StoreUnavailable as error:
                    said = str(error)
                    watch.forget_version()
                    if self._wait(0.25):
                        break
                if said != words:
                    words = said
                    self.unreadable.emit(words)
        except _Stop:
            pass
        finally:
            reader.close()

    def _wait(self, seconds: float) -> bool:
        self._room.clear()
        self._room.wait(seconds)
        return self._stopping

    def _serve(self, reader: StationReader) -> None:
        """Answer questions; wait one poll for the first."""
        from crisisdesk.store.queries import StoreUnavailable

        timeout: float | None = POLL_S
        while True:
            try:
                question = self._questions.get(timeout=timeout) if timeout else None
                question = question if timeout else self._questions.get_nowait()
            except queue.Empty:
                return
            if question is None or self._stopping:
                raise _Stop
            timeout = None
            try:
                answer = question(reader)
            except StoreUnavailable:
                raise
            except Exception:
                # A question that cannot be answered must not end the answers to all others.
                log.exception("a question to the station's file failed")
                continue
            self._answered.emit(answer)

    def offer(self, found: Gathering) -> None:
        """Merge into what waits; while a large load waits, hold the next chunk back."""
        if self._stopping:
            raise _Stop
        with self._lock:
            waiting = self._waiting
            crowded = waiting is not None and len(waiting.alerts) >= _CHUNK
            if crowded:
                self._room.clear()
        if crowded:
            self._room.wait(1.0)
            if self._stopping:
                raise _Stop
        with self._lock:
            if self._waiting is None or found.full:
                self._waiting = found
            else:
                self._waiting.merge(found)
        self._arrived.emit()


class Gathering:
    """A change that is still growing."""

    def __init__(self, *, full: bool = False, loading: bool = False, load: bool = False) -> None:
        self.load = load or full
        self.alerts: dict[str, AlertRow] = {}
        self.incidents: dict[str, IncidentRow] = {}
        self.touched: set[str] = set()
        self.seqs: dict[str, int] = {}
        self.rest = Change(full=full, loading=loading)

    @property
    def full(self) -> bool:
        """Whether it makes void what was known before."""
        return self.rest.full

    def merge(self, later: Gathering) -> None:
        """Take in what was found after it."""
        self.load = self.load or later.load
        self.alerts.update(later.alerts)
        self.incidents.update(later.incidents)
        self.touched |= later.touched
        self.seqs.update(later.seqs)
        before, after = self.rest, later.rest
        self.rest = replace(
            before,
            deliveries_changed=before.deliveries_changed or after.deliveries_changed,
            updates_changed=before.updates_changed or after.updates_changed,
            contacts_changed=before.contacts_changed or after.contacts_changed,
            station=after.station or before.station,
            head_pos=max(before.head_pos, after.head_pos),
            head_ms=max(before.head_ms, after.head_ms),
            loading=after.loading,
        )

    def part(self) -> Gathering | None:
        """Keep what one frame can take and give back the rest; None when all of it fits.

        A load comes in chunks already, and is over sooner than it would be in frames.
        """
        if self.load or not FRAME < len(self.alerts) <= _CHUNK:
            return None
        later = Gathering()
        names = list(self.alerts)
        later.alerts = {name: self.alerts.pop(name) for name in names[FRAME:]}
        later.rest = replace(self.rest, full=False)
        return later

    def note(self, **changes: Any) -> None:
        """Set fields of the change to be."""
        self.rest = replace(self.rest, **changes)

    def change(self) -> Change:
        """What the window is given."""
        return replace(
            self.rest,
            alerts=tuple(self.alerts.values()),
            incidents=tuple(self.incidents.values()),
            touched=frozenset(self.touched),
            seqs=dict(self.seqs),
        )


class _Watch:
    """What was read already, and how to read on from there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._version: int | None = None
        self._loaded = False
        self._head = self._alerts = self._incidents = 0

    def forget_version(self) -> None:
        """Look again even if the version comes back the same; the file may be another."""
        self._version = None

    def look(self, reader: StationReader, offer: Callable[[Gathering], None]) -> None:
        """Read what is new, if anything is."""
        version = reader.data_version()
        if version == self._version:
            return
        if self._version is not None and (version >> 40) != (self._version >> 40):
            self._loaded = False
        head = reader.head_pos()
        if not self._loaded or head < self._head:
            self._load(reader, offer, head)
        elif head > self._head:
            self._follow(reader, offer, head)
        self._version = version

    def _load(self, reader: StationReader, offer: Callable[[Gathering], None], head: int) -> None:
        self._head, self._alerts, self._incidents = head, 0, 0
        first = Gathering(full=True, loading=True)
        last = reader.events_after(max(0, head - 1), 1)
        first.seqs = _seqs(last)
        first.note(
            station=reader.station(),
            deliveries_changed=True,
            contacts_changed=True,
            head_pos=head,
            head_ms=_head_ms(last),
        )
        self._add_incidents(reader, first)
        since = self._clock.now_ms() - RESOLVED_KEPT_MS
        offer(first)
        size = _FIRST_CHUNK
        while True:
            rows = next(
                iter(reader.iter_alert_rows(self._alerts, resolved_since_ms=since, chunk=size)),
                [],
            )
            found = Gathering(loading=len(rows) == size, load=True)
            self._add_alerts(found, rows)
            offer(found)
            if len(rows) < size:
                break
            size = _CHUNK
        self._loaded = True

    def _follow(self, reader: StationReader, offer: Callable[[Gathering], None], head: int) -> None:
        found = Gathering()
        self._add_alerts(found, reader.alert_rows(self._alerts))
        at, kinds = self._head, set[str]()
        while at < head and (events := reader.events_after(at, _EVENTS)):
            for row in events:
                kinds.add(_read(_KIND, row.raw))
                found.touched.add(_read(_AGG, row.raw))
            found.seqs.update(_seqs(events))
            at = events[-1].pos
            found.note(head_pos=at, head_ms=_head_ms(events))
        self._head = max(head, at)
        rooms = {kind.partition(".")[0] for kind in kinds}
        found.note(
            deliveries_changed=not rooms.isdisjoint(PAGING_ROOMS),
            updates_changed="update" in rooms,
            contacts_changed="contact" in rooms,
        )
        if "incident" in rooms or "update" in rooms:
            self._add_incidents(reader, found)
        if "station" in rooms:
            found.note(station=reader.station())
            self._add_restricted(reader, found)
        offer(found)

    def _add_alerts(self, found: Gathering, rows: list[AlertRow]) -> None:
        found.alerts.update((row.alert_id, row) for row in rows)
        if rows:
            self._alerts = max(self._alerts, rows[-1].pos)

    def _add_incidents(self, reader: StationReader, found: Gathering) -> None:
        rows = reader.incident_rows(self._incidents)
        viewer = reader.station().operator if any(row.knowing for row in rows) else ""
        found.incidents.update((row.incident_id, row.seen_by(viewer)) for row in rows)
        if rows:
            self._incidents = max(self._incidents, rows[-1].pos)

    def _add_restricted(self, reader: StationReader, found: Gathering) -> None:
        """Somebody else may sit here now, who may read others of them."""
        rows = [row for row in reader.incident_rows() if row.knowing]
        viewer = reader.station().operator if rows else ""
        found.incidents.update((row.incident_id, row.seen_by(viewer)) for row in rows)


def _read(pattern: re.Pattern[bytes], raw: bytes) -> str:
    found = pattern.search(raw)
    return found[1].decode() if found else ""


def _head_ms(events: list[FeedRow]) -> int:
    return int(_read(_WALL, events[-1].raw) or 0) if events else 0


def _seqs(events: list[FeedRow]) -> dict[str, int]:
    """The number of the last event of each origin."""
    return {_read(_ORIGIN, row.raw): int(_read(_SEQ, row.raw) or 0) for row in events}
