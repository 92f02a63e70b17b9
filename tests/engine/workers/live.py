"""A living engine of a test: real store, real senders, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from crisisdesk.bootstrap.building import page_renderer
from crisisdesk.comms.senders import Senders, channel_of, masked
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.audit_week import Weekly
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.commands import ClaimDeliveries, Command, SaveContact, TakeIn
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Beacon, Confirmer, Keeper, Offers, Sender
from crisisdesk.engine.runtime import Engine, Parts
from crisisdesk.engine.workers.pager import secret_name
from crisisdesk.store.backup import BackupKeeper
from crisisdesk.store.opening import open_station
from crisisdesk.store.queries import StationReader

START_MS = 1_800_000_000_000
HOUR_MS = 3_600_000
WITHIN_S = 10.0
T = TypeVar("T")


class MemorySecrets:
    """Secrets of one test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class Live:
    """One station over several lives of its engine; `start`, `stop`, `start` again."""

    def __init__(self, folder: Path) -> None:
        self.store, self.backups = folder / "station.sqlite3", folder / "backups"
        self.clock = ManualClock(START_MS)
        self.secrets = MemorySecrets()
        self.policy = Policy()
        self.keeper: Keeper | None = None
        self.sender: Sender | None = None
        self.confirmer: Confirmer | None = None
        self.beacon: Beacon | None = None
        self.offers: Offers | None = None
        self.weekly: Weekly | None = None
        self.runner = asyncio.Runner()
        self._is_up = False

    # -- its engine --------------------------------------------------------------------------

    def start(self) -> None:
        self.runner.run(self._start())

    async def _start(self) -> None:
        keeper = self.keeper or BackupKeeper(self.store, self.backups, self.clock)
        parts = Parts(
            journal=open_station(self.store).journal,
            clock=self.clock,
            policy=self.policy,
            sender=self.sender or Senders(self.clock),
            secrets=self.secrets,
            render=page_renderer(lambda: "Test station"),
            keeper=keeper,
            backup_interval_ms=HOUR_MS,
            confirmer=self.confirmer,
            beacon=self.beacon,
            offers=self.offers,
            weekly=self.weekly,
        )
        self._threads = ThreadPoolExecutor()
        asyncio.get_running_loop().set_default_executor(self._threads)
        self.engine = Engine(parts, "Test station")
        await self.engine.start()
        self._is_up = True

    def stop(self) -> None:
        if self._is_up:
            self._is_up = False
            self.runner.run(self.engine.stop())
            # As a process does at its end: a copy that is being made comes to its end.
            self._threads.shutdown(wait=True)

    def close(self) -> None:
        self.stop()
        self.runner.close()

    # -- asking it ---------------------------------------------------------------------------

    def do(self, command: Command, actor: str = "Ann") -> Any:
        """Its answer, once what it did is on disk."""

        async def ask() -> Any:
            return await self.engine.submit(command, actor)

        return self.runner.run(ask())

    def fire(self, key: str = "disk", severity: Severity = Severity.CRITICAL, **more: Any) -> str:
        """A report that it fires; the alert's id."""
        signal = Signal(
            source="test",
            key=key,
            action=SignalAction.FIRE,
            severity=severity,
            title=f"Trouble with {key}",
            **more,
        )
        ids: list[str] = self.do(TakeIn(signals=[signal]), "source:test")
        return ids[0]

    def contact(self, name: str, *urls: str, **card: Any) -> str:
        """A contact with these addresses, in their order; its id."""
        methods = []
        for number, url in enumerate(urls):
            method_id = f"{name.lower()}-{number}"
            self.secrets.set(secret_name(method_id), url)
            methods.append(
                {"method_id": method_id, "channel": channel_of(url), "masked": masked(url)}
            )
        contact_id: str = self.do(SaveContact(name=name, methods=methods, **card))
        return contact_id

    def claimable(self) -> list[str]:
        """What the pager would claim now; claims it as well."""
        claimed: list[tuple[Delivery, Alert | None]] = self.do(ClaimDeliveries(), "engine")
        return [delivery.delivery_id for delivery, _alert in claimed]

    # -- looking -----------------------------------------------------------------------------

    def read(self, question: Callable[[StationReader], T]) -> T:
        """Ask the file."""
        reader = StationReader(self.store)
        try:
            return question(reader)
        finally:
            reader.close()

    def alert(self, alert_id: str) -> Alert:
        found = self.read(lambda reader: reader.alert(alert_id))
        assert found is not None
        return found

    def pages(self, alert_id: str) -> list[Delivery]:
        """Its deliveries, by method."""
        found = self.read(lambda reader: reader.deliveries_of(alert_id))
        return sorted(found, key=lambda delivery: delivery.method_id)

    def kinds(self, aggregate: str) -> list[str]:
        """The kinds of its events, oldest first."""
        return [event.kind for event in self.read(lambda reader: reader.history([aggregate]))]

    def until(self, question: Callable[[], T], within_s: float = WITHIN_S) -> T:
        """The first true answer; asked again after every commit. Fails when none comes in time."""

        async def wait() -> T:
            async with asyncio.timeout(within_s):
                while True:
                    pos = self.engine.health().last_pos
                    if answer := question():
                        return answer
                    await self.engine.wait_change(pos, 0.2)

        try:
            return self.runner.run(wait())
        except TimeoutError:
            raise AssertionError("it did not come to that in time") from None

    def until_status(self, alert_id: str, *statuses: str) -> list[Delivery]:
        """Its deliveries, once they stand like this (by method)."""

        def look() -> list[Delivery]:
            found = self.pages(alert_id)
            return found if [d.status for d in found] == list(statuses) else []

        return self.until(look)


class Gate:
    """A receiver's manner that hangs until it is opened, then answers."""

    def __init__(self, answer: bytes) -> None:
        self._open = threading.Event()
        self._answer = answer

    def open(self) -> None:
        self._open.set()

    def __call__(self, _request: Any) -> bytes:
        self._open.wait(30)
        return self._answer
