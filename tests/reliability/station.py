"""One simulated station: the product's own committer, journal and exchange on a real file.

Nothing runs on a thread and nothing asks the machine for time or chance: commands are driven
through `Committer` by hand, its clock is set by the simulation, and its process can die anywhere.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.event import Event, Sealed, Stored
from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.engine.commands import Absorb, Command
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.exchange.exchange import Exchange, Outcome
from crisisdesk.engine.exchange.leaving import leave
from crisisdesk.engine.exchange.ports import Absorbed, Hub, HubAway, Mark, Report
from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workbench import Workbench
from crisisdesk.store import incarnation, opening
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.migrate import migrate
from crisisdesk.store.opening import open_station
from crisisdesk.store.rebuild import Rebuilt, rebuild_in

from tests.reliability.instead import Died, FailingConnection, NowLoop, Reply, SimClock, Unkept


@dataclass(slots=True)
class Books:
    """What the simulation itself knows to be true, by content: never read from a station's file."""

    acknowledged: dict[bytes, str] = field(default_factory=dict)
    denied: set[bytes] = field(default_factory=set)
    tried: set[bytes] = field(default_factory=set)
    replies: int = 0
    early: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def content(event: Event, body: bytes) -> bytes:
    """The hash of what an event says: who, what about, and every byte of its body; no numbers."""
    told = "\0".join((event.id, event.agg, event.kind, event.actor, str(event.wall_ms)))
    return hashlib.sha256(told.encode() + b"\0" + body).digest()


def make_template(folder: Path) -> Path:
    """An empty station's file, to be copied: migrations take longer than a whole short run."""
    path = folder / "template.db"
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    return path


class SimStation:
    """A station with its file, clock and operator. ``chance`` decides all that is random in it.

    ``within`` surrounds all that it does; another version of the product is put in force there.
    ``handlers`` are commands that only this station knows.
    """

    def __init__(
        self,
        folder: Path,
        template: Path,
        name: str,
        chance: random.Random,
        clock: SimClock,
        *,
        within: Callable[[], AbstractContextManager[None]] = nullcontext,
        handlers: Mapping[type[Command], Any] | None = None,
    ) -> None:
        self.within = within
        self.upgraded = False
        self._extra = dict(handlers or {})
        self.name = name
        self.path = folder / name / "station.db"
        self.clock = clock
        self.chance = chance
        self.books = Books()
        self.seen: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.last = Outcome()
        self.committer: Committer | None = None
        self._bench: Workbench | None = None
        self._known_hlc = 0
        self._hub: Hub | None = None
        self._beside: list[Command] = []
        self._fails_in: tuple[int, type[BaseException]] | None = None
        self.path.parent.mkdir(parents=True)
        self.lives = 0
        self.path.write_bytes(template.read_bytes())
        origin = f"{chance.getrandbits(128):032x}"
        with closing(sqlite3.connect(self.path)) as raw:
            for key, value in (("origin", origin), ("station_id", f"S-{name}")):
                raw.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?,?)", (key, value))
            raw.commit()
        incarnation.say_beside(self.path, origin)
        self.start()

    # -- life and death ----------------------------------------------------------------------

    def start(self) -> None:
        """Open the file as an engine does at its start."""
        self.lives += 1
        with self.within():
            self._start()

    def _start(self) -> None:
        with patch.object(opening, "rebuild_in", self._rebuild_in):
            self._opened = open_station(self.path)
        self.journal = self._opened.journal
        self.committer = Committer(
            self.journal, self.clock, Policy(), self.chance.randbytes, self._handlers()
        )
        self.committer._loop = NowLoop()  # type: ignore[assignment]
        self._bench = None
        self._know_what_is_kept()
        self.log = ExchangeLog(
            self.path,
            own=lambda: self.origin,
            absorb=self._absorb,
            leave=self._leave,
        )

    def _rebuild_in(self, raw: sqlite3.Connection) -> Rebuilt:
        """As the product's; but a state that a start has to put right was wrong before."""
        found = rebuild_in(raw)
        if found.different and not self.upgraded:
            self.books.mended.append(f"{found.different} at a start: {found.examples[:3]}")
        return found

    @property
    def origin(self) -> str:
        """The incarnation under which it writes now."""
        assert self.committer is not None
        return self.committer.origin

    def copy_file(self) -> dict[Path, bytes]:
        """A backup of the file as it is on disk, and what stands beside it."""
        part = self.path.with_name("copy.db")
        with closing(sqlite3.connect(self.path)) as raw, closing(sqlite3.connect(part)) as copy:
            raw.backup(copy)
        beside = self.path.with_name(f"{self.path.name}.origin")
        image = {self.path: part.read_bytes(), beside: beside.read_bytes()}
        part.unlink()
        return image

    def roll_back(self, image: dict[Path, bytes], *, whole: bool) -> None:
        """Die, and come back with an older file; ``whole`` takes what stands beside it back too."""
        self.die()
        for path, data in image.items():
            if whole or path == self.path:
                path.write_bytes(data)
        for tail in ("-wal", "-shm"):
            self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
        self.start()

    def _know_what_is_kept(self) -> None:
        """What a group knew that was not kept, nobody has to sort after."""
        with closing(sqlite3.connect(self.path)) as raw:
            (self._known_hlc,) = raw.execute("SELECT coalesce(max(hlc), 0) FROM event").fetchone()

    def die(self) -> None:
        """End the process without a word; one in four leaves its write-ahead log behind."""
        self.seen["crashes"] += 1
        image = self._image() if self.chance.random() < 0.25 else None
        self.log.close()
        self.journal._drop()
        assert self.journal._on_close is not None
        self.journal._on_close()
        if image is not None:
            for path, data in image.items():
                # In place: the file must stay the very same one, or it counts as a copy.
                path.write_bytes(data)
            self.path.with_name(f"{self.path.name}-shm").unlink(missing_ok=True)
        self.committer = None
        self._fails_in = None

    @property
    def flushes(self) -> int:
        """SQLite's ``synchronous`` of the connection that writes."""
        level: int = self.journal._connected().execute("PRAGMA synchronous").fetchone()[0]
        return level

    def crash(self) -> None:
        """Die and start anew."""
        self.die()
        self.start()

    def close(self) -> None:
        """End as an engine does."""
        self.log.close()
        self.journal.close()

    def _image(self) -> dict[Path, bytes]:
        paths = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return {path: path.read_bytes() for path in paths if path.exists()}

    def fail_at(self, statement: int, how: type[BaseException] = Died) -> None:
        """Let that statement of the next group fail so."""
        self._fails_in = (statement, how)

    def fails_no_more(self) -> None:
        """Whatever was to fail and was not reached does not."""
        self._fails_in = None

    # -- commands ----------------------------------------------------------------------------

    def ask(self, *commands: Command, actor: str = "Klára Langová") -> list[Reply]:
        """Submit commands together, let the committer do its work, and book what it answered."""
        assert self.committer is not None
        replies: list[Any] = [self.committer.submit(command, actor) for command in commands]
        try:
            with self.within():
                self._drive()
        finally:
            # The dead have answered what they have answered.
            failing, self._fails_in = self._fails_in, None
            for command, reply in zip(commands, replies, strict=True):
                self._book(command, reply, failing)
            self._made.clear()
        return replies

    def _drive(self) -> None:
        assert self.committer is not None
        jobs = self.committer._queue
        if self._fails_in is not None:
            raw = self.journal._connected()
            at, how = self._fails_in
            self.journal._connection = FailingConnection(raw, at, how)  # type: ignore[assignment]
        try:
            while not jobs.empty():
                job = jobs.get_nowait()
                assert job is not None
                self._bench = self.committer._commit_group(job, self._bench)
                if self._bench is None:
                    self._know_what_is_kept()
        finally:
            if isinstance(self.journal._connection, FailingConnection):
                self.journal._connection = self.journal._connection._raw

    def _book(
        self, command: Command, reply: Reply, failing: tuple[int, type[BaseException]] | None
    ) -> None:
        if not reply.answered:
            if failing is None:
                raise Unkept(f"{type(command).__name__} was never answered")
        elif reply.error is None:
            made = self._made.pop(id(command), [])
            for sealed in made:
                self.books.acknowledged[content(sealed.event, sealed.body)] = self.name
        elif isinstance(reply.error, DomainError):
            self.seen["refused commands"] += 1
        elif isinstance(reply.error, StoreFailed) and failing is not None:
            self.seen["commands told that the disk failed"] += 1
            denied = self._made.pop(id(command), [])
            self.books.denied |= {content(s.event, s.body) for s in denied}
        else:
            raise Unkept(f"{type(command).__name__}: {reply.error}") from reply.error

    def _handlers(self) -> dict[type[Command], Any]:
        self._made: dict[int, list[Sealed]] = {}
        return {kind: self._watched(handler) for kind, handler in (HANDLERS | self._extra).items()}

    def _watched(self, handler: Any) -> Any:
        """The handler, with a note of all that it made, and whether that sorts after its causes."""

        def watched(command: Command, bench: Workbench) -> Any:
            before = len(bench.sealed)
            result = handler(command, bench)
            made = bench.sealed[before:]
            if isinstance(command, Absorb):
                self._known_hlc = max(self._known_hlc, *(s.event.hlc for s in made), 0)
                return result
            for sealed in made:
                self._note(sealed)
            self._made[id(command)] = list(made)
            return result

        return watched

    def _note(self, sealed: Sealed) -> None:
        event = sealed.event
        self.books.tried.add(content(event, sealed.body))
        self.books.replies += 1
        if event.hlc <= self._known_hlc:
            self.books.early.append(f"{self.name} {event.seq} {event.kind}")
        self._known_hlc = max(self._known_hlc, event.hlc)
        self.kinds[event.kind] += 1

    # -- the exchange ------------------------------------------------------------------------

    def exchange(self, hub: Hub, beside: Sequence[Command] = (), stop_after: int = 0) -> bool:
        """Exchange once; False when the hub was away. ``beside`` goes into the group of an absorb.

        ``stop_after`` breaks off at that question for leave (0: never).
        """
        self._beside = list(beside)
        self._hub = hub
        asked = 0

        def stop() -> bool:
            nonlocal asked
            asked += 1
            return 0 < stop_after <= asked

        try:
            with self.within():
                self.last = Exchange(self.log, hub, self._describe, stop).run()
        except (HubAway, StoreFailed):
            self.seen["exchanges broken off"] += 1
            return False
        self.seen["exchanges"] += 1
        if self.last.fleet is not None and self.committer is not None:
            self.committer.hub_offset_ms = self.last.fleet.hub_now_ms - self.clock.now_ms()
        return True

    def hand_over(self, hub: Hub) -> None:
        """Only push what was written here since the last exchange."""
        try:
            Exchange(self.log, hub).push_own(self.last)
        except HubAway:
            self.seen["exchanges broken off"] += 1

    def _absorb(self, events: Sequence[Stored]) -> Absorbed:
        beside, self._beside = self._beside, []
        # In one or two pieces, among this station's own commands: all of them one group.
        half = self.chance.choice((0, len(events) // 2))
        parts = [Absorb(events=part) for part in (events[:half], events[half:]) if part]
        orders: list[Command] = [*beside, *parts]
        places = sorted(self.chance.sample(range(len(orders)), len(parts)))
        orders = list(beside)
        for place, part in zip(places, parts, strict=True):
            orders.insert(place, part)
        replies = self.ask(*orders)
        done = [replies[place] for place in places]
        for reply in done:
            if reply.error is not None:
                raise reply.error
        aside: dict[str, str] = {}
        for reply in done:
            aside.update(reply.result.quarantined)
        return Absorbed(events=sum(r.result.events for r in done), quarantined=aside)

    def _leave(self, hub_head: Mark) -> str:
        assert self._hub is not None
        self.seen["origins left"] += 1
        new: str = leave(self._hub, self.log, hub_head, lambda order: self.ask(order)[0].result)
        return new

    def _describe(self, vector: dict[str, int], hlc: int) -> Report:
        return Report(
            station_id=f"S-{self.name}",
            origin=self.origin,
            name=self.name,
            version="1",
            vector=vector,
            hlc=hlc,
            fold_version=FOLD_VERSION,
        )
