"""Living engines that share a hub in memory, whose line can be cut."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crisisdesk import __version__
from crisisdesk.bootstrap.building import page_renderer
from crisisdesk.comms.senders import SealedSender
from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.commands import Command
from crisisdesk.engine.exchange.parts import Absorber, ExchangeParts, Leaver
from crisisdesk.engine.exchange.ports import HubAway, Mark, Report
from crisisdesk.engine.membership import HubParts
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.runtime import Engine, Parts
from crisisdesk.store.backup import BackupKeeper
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.opening import open_station

from tests.engine.workers.live import MemorySecrets
from tests.reliability.memhub import MemHub

WITHIN_S = 20.0


class Line:
    """One station's connection to the hub; ``cut`` breaks it. Rings all bells of the hub."""

    def __init__(self, hub: MemHub, bells: list[Ear]) -> None:
        self._hub = hub
        self._bells = bells
        self._lock = threading.Lock()
        self.cut = False

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._hub, name)

        def call(*given: Any, **named: Any) -> Any:
            if self.cut:
                raise HubAway("the line is cut")
            with self._lock:
                return method(*given, **named)

        return call

    def heads(self) -> dict[str, Mark]:
        heads: dict[str, Mark] = self.__getattr__("heads")()
        return heads

    def close(self) -> None:
        """Nothing is open."""


class Ear:
    """A bell in memory."""

    def __init__(self, all_ears: list[Ear]) -> None:
        self._all = all_ears
        self._rang = threading.Event()
        all_ears.append(self)

    def wait(self, timeout_s: float) -> bool:
        rang = self._rang.wait(timeout_s)
        self._rang.clear()
        return rang

    def ring(self) -> None:
        for ear in self._all:
            if ear is not self:
                ear._rang.set()

    def close(self) -> None:
        self._rang.set()


class Post:
    """One station with a running engine."""

    def __init__(self, folder: Path, name: str, hub: MemHub, ears: list[Ear]) -> None:
        self.name, self.store = name, folder / name / "station.sqlite3"
        self.clock = SystemClock()
        self.rank: int | None = None
        self.line = Line(hub, ears)
        self._ears = ears
        self._backups = folder / name / "backups"

    async def start(self) -> None:
        opened = open_station(self.store)
        self.station_id = opened.station_id
        exchange = ExchangeParts(
            where="memory",
            open_hub=lambda: self.line,
            open_bell=lambda _own: Ear(self._ears),
            open_log=self._open_log,
            describe=self._describe,
        )
        hub = HubParts(exchange=exchange, open_duty=lambda: self.line, duty_rank=self.rank)
        parts = Parts(
            journal=opened.journal,
            clock=self.clock,
            policy=Policy(),
            sender=SealedSender(),
            secrets=MemorySecrets(),
            render=page_renderer(lambda: self.name),
            keeper=BackupKeeper(self.store, self._backups, self.clock),
            backup_interval_ms=3_600_000,
            hub=hub,
        )
        self.engine = Engine(parts, self.name)
        await self.engine.start()

    async def stop(self) -> None:
        await self.engine.stop()

    def _open_log(self, own: Callable[[], str], absorb: Absorber, leave: Leaver) -> ExchangeLog:
        return ExchangeLog(self.store, own=own, absorb=absorb, leave=leave)

    def _describe(self, own: str, vector: dict[str, int], hlc: int, digest: bytes) -> Report:
        return Report(
            station_id=self.station_id,
            origin=own,
            name=self.name,
            version=__version__,
            vector=vector,
            hlc=hlc,
            fold_version=FOLD_VERSION,
            digest=digest,
        )

    async def do(self, command: Command, actor: str = "Ann") -> Any:
        return await self.engine.submit(command, actor)


async def until(question: Callable[[], Any], posts: Sequence[Post]) -> Any:
    """The first true answer, asked again whenever any engine has kept something."""
    async with asyncio.timeout(WITHIN_S):
        while not (answer := question()):
            pos = posts[0].engine.health().last_pos
            await posts[0].engine.wait_change(pos, 0.05)
        return answer
