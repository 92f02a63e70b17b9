"""A station without threads for the tests of copies: commands, exchanges, and its file's images."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crisisdesk.domain.event import Event, unseal
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.exchange import Exchange, Outcome
from crisisdesk.engine.exchange.leaving import leave
from crisisdesk.engine.exchange.ports import Hub, Mark
from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.workbench import Entropy, Workbench
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.opening import open_station
from crisisdesk.store.rivals import Compare

from tests.store.workload import START, signal

Said = tuple[str, str, str, str, int, bytes]


def said(event: Event, body: bytes) -> Said:
    """What an event says, whatever its number: by this it is known to be the same."""
    return (event.id, event.agg, event.kind, event.actor, event.wall_ms, body)


class Post:
    """An opened station; ``acked`` is all that it answered for, by content."""

    def __init__(
        self,
        path: Path,
        chance: random.Random,
        *,
        compare: Compare | None = None,
        boot: str = "boot-1",
        blind: bool = False,
    ) -> None:
        self.path = path
        self.chance = chance
        self.blind = blind
        self.opened = open_station(path, compare=compare, boot=boot)
        self.journal = self.opened.journal
        self.now_ms = START
        self.acked: set[Said] = set()
        self.bench = Workbench(self.journal, Policy(), Entropy(chance.randbytes))
        self.log = ExchangeLog(path, own=self._own, absorb=self._absorb, leave=self._leave)
        self.hub: Hub | None = None

    @property
    def origin(self) -> str:
        """The incarnation it writes under now."""
        return self.bench.origin

    def _own(self) -> str:
        return self.origin

    def do(self, *commands: c.Command) -> list[Any]:
        """Decide and keep as one group; what is kept is what it then answers for."""
        results = []
        for command in commands:
            self.now_ms += self.chance.randrange(1, 5_000)
            self.bench.begin("Klára Langová", self.now_ms)
            results.append(HANDLERS[type(command)](command, self.bench))
        if self.bench.sealed:
            pos = self.journal.append(self.bench.sealed, self.bench.touched, self.bench.spoilt)
            self.acked |= {said(s.event, s.body) for s in self.bench.sealed}
            self.bench.settle(pos)
        return results

    def work(self, steps: int) -> None:
        """Some alerts and what people do about them."""
        for _ in range(steps):
            (ids,) = self.do(c.TakeIn(signals=[signal(self.chance.randrange(40))]))
            alert = next((i for i in ids if i), None)
            if alert and self.chance.random() < 0.5:
                self.do(c.NoteAlert(alert_id=alert, text=f"note {self.chance.random()}"))

    def exchange(self, hub: Hub) -> Outcome:
        """Exchange once."""
        self.hub = hub
        return Exchange(self.log, hub).run()

    def _absorb(self, events: Any) -> Any:
        return self.do(c.Absorb(events=events))[0]

    def _leave(self, theirs: Mark) -> str:
        if self.blind:
            return self.origin
        assert self.hub is not None
        return leave(self.hub, self.log, theirs, lambda command: str(self.do(command)[0]))

    def holds(self) -> set[Said]:
        """Every event of the file, by content."""
        return {said(unseal(r, b), b) for r, b in _rows(self.path)}

    def close(self) -> None:
        """End as an engine does."""
        self.log.close()
        self.journal.close()

    def die(self) -> None:
        """End without a word."""
        self.log.close()
        self.journal._drop()
        assert self.journal._on_close is not None
        self.journal._on_close()


def _rows(path: Path) -> list[tuple[bytes, bytes]]:
    raw = sqlite3.connect(path)
    try:
        return raw.execute("SELECT raw, body FROM event").fetchall()
    finally:
        raw.close()


def image(folder: Path) -> dict[str, bytes]:
    """All that stands in a station's folder, but for the lock."""
    return {
        p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and ".lock" not in p.name
    }


def put_back(folder: Path, files: dict[str, bytes], keep: Callable[[str], bool]) -> None:
    """Set files back in place, so that they stay the very same files; others of the name go."""
    for path in list(folder.iterdir()):
        if path.is_file() and keep(path.name) and path.name not in files:
            path.unlink()
    for name, data in files.items():
        if keep(name):
            (folder / name).write_bytes(data)


def twin(folder: Path, other: Path) -> None:
    """Copy a folder as a machine's image is copied: even the file's number stays what it was."""
    shutil.copytree(folder, other)
    beside = other / "station.db.origin"
    old, new = ((f / "station.db").stat().st_ino for f in (folder, other))
    text = beside.read_text()
    assert f'"file": {old}' in text
    beside.write_text(text.replace(f'"file": {old}', f'"file": {new}'))
