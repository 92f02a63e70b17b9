"""A judge of heartbeats on a station's real file; the test beats and moves the clock."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.event import Sealed, Stored
from crisisdesk.domain.heartbeat import SOURCE, hash_of
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine.command import Command
from crisisdesk.engine.commands import Absorb
from crisisdesk.engine.fleet import FleetStatus
from crisisdesk.engine.heartbeat_commands import DeclareHeartbeat
from crisisdesk.engine.workers.heartbeats import HeartbeatJudge

from tests.store.workload import START, Station

MINUTE = 60_000
HOUR = 60 * MINUTE


class Ward:
    """One station; commands are kept as they are asked, commits are told as the committer does."""

    def __init__(self, folder: Path, now_ms: int = START, seed: int = 1) -> None:
        self.folder = folder
        self.kept: list[Sealed] = []
        self.passed_on = 0
        self.station = self._opened(now_ms, seed)
        self.duty, self.fleet = True, FleetStatus()
        self.refusing: Exception | None = None
        self.judge = self._judge()

    def _opened(self, now_ms: int, seed: int) -> Station:
        station = Station(self.folder, now_ms, seed)
        append = station.journal.append

        def keeping(sealed: list[Sealed], *more: Any) -> int:
            self.kept += sealed
            return append(sealed, *more)

        station.journal.append = keeping  # type: ignore[method-assign,assignment]
        return station

    def _judge(self) -> HeartbeatJudge:
        return HeartbeatJudge(
            self.submit, lambda: self.station.now_ms, lambda: self.duty, lambda: self.fleet
        )

    def restart(self, away_ms: int) -> None:
        """The engine ends, and another one begins on the same file after this long."""
        self.station.close()
        now = self.station.now_ms + away_ms
        self.station = self._opened(now, seed=now % 997)
        self.judge = self._judge()

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        """As the committer: done when it is in the file."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.refusing is not None:
            future.set_exception(self.refusing)
            return future
        before = len(self.kept)
        (result,) = self.station.do(command, actor=actor)
        if isinstance(result, DomainError):
            future.set_exception(result)
        else:
            future.set_result(result)
        if kinds := self.kinds(before):
            self.judge.on_commit(dict.fromkeys(kinds, 1))
        return future

    def kinds(self, after: int = 0) -> list[str]:
        """The kinds of what was kept here, behind the first so many."""
        return [sealed.event.kind for sealed in self.kept[after:]]

    async def tell(self, other: Ward) -> None:
        """Let another station have what was written here and it does not know yet."""
        news = [s for s in self.kept[self.passed_on :] if s.event.origin == self.origin]
        self.passed_on = len(self.kept)
        stored = [
            Stored(
                origin=s.event.origin,
                seq=s.event.seq,
                raw=s.raw,
                body=s.body,
                salt=s.salt,
                hash=s.hash,
            )
            for s in news
        ]
        if stored:
            await other.submit(Absorb(events=stored), "engine")

    @property
    def origin(self) -> str:
        """Under which it writes."""
        return self.station.bench.origin

    async def declare(self, name: str, every_ms: int, **fields: Any) -> tuple[str, str]:
        """(id, secret part of the address) of a new heartbeat."""
        token = f"{name:x<43}"
        command = DeclareHeartbeat(
            name=name, every_ms=every_ms, token_hash=hash_of(token), **fields
        )
        return await self.submit(command, "Ann"), token

    async def wait(self, ms: int, step_ms: int = 1_000) -> None:
        """Let time pass, the judge looking as often as it does."""
        until = self.station.now_ms + ms
        while self.station.now_ms < until:
            self.station.now_ms += min(step_ms, until - self.station.now_ms)
            await self.judge.look()

    def alert(self, heartbeat_id: str) -> Alert | None:
        """The alert of a heartbeat."""
        state = self.station.bench.get(alert_id_of(SOURCE, heartbeat_id))
        return state if isinstance(state, Alert) else None

    def is_crying(self, heartbeat_id: str) -> bool:
        """Whether its alert is open."""
        alert = self.alert(heartbeat_id)
        return alert is not None and alert.is_open

    def close(self) -> None:
        """Let go of the file."""
        self.station.close()
