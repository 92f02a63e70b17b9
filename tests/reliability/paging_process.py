"""A whole station on a real hub whose provider writes down every page; see its two tests.

The first line of input is a JSON object (`Orders`), every later one a command: ``contact NAMES``,
``fire KEYS``, ``resolve IDS``, ``move`` (stand back from the lease), ``arm FAULT POINT``, ``tell``
(the status of every page), ``contacts`` (how many), ``holds``. Answers are JSON lines.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from crisisdesk import __version__
from crisisdesk.bootstrap.building import page_renderer
from crisisdesk.domain.answering import Offer
from crisisdesk.domain.delivery import RetryPolicy
from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.domain.throttle import UNTHROTTLED
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.commands import ResolveAlert, SaveContact, TakeIn
from crisisdesk.engine.duty.pager_gate import DutyGate
from crisisdesk.engine.duty.ports import Leave
from crisisdesk.engine.exchange.parts import ExchangeParts
from crisisdesk.engine.exchange.ports import Report
from crisisdesk.engine.membership import HubParts
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Outcome, Outgoing
from crisisdesk.engine.runtime import Engine, Parts
from crisisdesk.engine.workers.messages import Message
from crisisdesk.engine.workers.pager import Pager
from crisisdesk.hub.address import hub_address
from crisisdesk.hub.bell import PgBell
from crisisdesk.hub.duty import PgDuty
from crisisdesk.hub.log import PgHub
from crisisdesk.store.backup import BackupKeeper
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.opening import open_station
from crisisdesk.store.queries import StationReader

POINTS = (
    "before the claim",
    "claimed in the hub",
    "claimed here",
    "before the send",
    "accepted",
    "answered",
    "told the hub",
    "written here",
)


@dataclass(frozen=True, kw_only=True)
class Orders:
    """How this station runs. At ``point`` it does ``fault`` (kill, freeze, drop) once."""

    url: str
    password: str
    name: str
    rank: int
    folder: str
    provider: str
    deadline_ms: int
    backoff_ms: int = 200
    max_attempts: int = 6
    latency_s: float = 0.002
    point: str = ""
    fault: str = "kill"
    control: str = ""


class Fault:
    """Strikes once, at its point, each time it is armed."""

    def __init__(self, fault: str, point: str) -> None:
        self.fault, self.point = fault, point

    def at(self, point: str) -> bool:
        """Whether a reply is to be dropped here; a kill does not return."""
        if point != self.point:
            return False
        self.point = ""
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fault == "freeze":
            # As a stopped process: nothing of it runs, least of all the renewal of its lease.
            os.kill(os.getpid(), signal.SIGSTOP)
            return False
        return True


class Provider:
    """Takes every message by writing the keys of its pages into a file that all stations share."""

    def __init__(self, orders: Orders, fault: Fault) -> None:
        self._orders, self._fault = orders, fault
        self.told: dict[str, list[str]] = {}
        self._out = os.open(orders.provider, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def send(self, outgoing: Outgoing) -> Outcome:
        self._fault.at("before the send")
        marked = int(outgoing.possible_repeat)
        keys = self.told.get(outgoing.key, [outgoing.key])
        lines = [f"{key} {self._orders.name} {marked}\n" for key in keys]
        os.write(self._out, "".join(lines).encode())
        if self._fault.at("accepted"):
            return Outcome(ok=False, words="the connection broke before the answer")
        await asyncio.sleep(self._orders.latency_s)
        self._fault.at("answered")
        return Outcome(ok=True, words="200 ok", provider_id=outgoing.key)

    async def aclose(self) -> None:
        os.close(self._out)


class Addresses:
    """Every contact method has one."""

    def get(self, name: str) -> str | None:
        return f"test://{name}"

    def set(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...


class WatchedDuty(PgDuty):
    """Strikes around the ledger."""

    def __init__(self, orders: Orders, fault: Fault) -> None:
        super().__init__(hub_address(orders.url, "", orders.password))
        self._orders, self._fault = orders, fault

    def claim(self, holder: str, token: int, keys: Any, claim_ms: int) -> dict[str, int]:
        self._fault.at("before the claim")
        if self._orders.control == "no claim":
            return dict.fromkeys(keys, 1)
        granted = super().claim(holder, token, keys, claim_ms)
        if granted:
            self._fault.at("claimed in the hub")
        return granted

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        if state == "sent" and self._fault.at("written here"):
            return False
        told = super().settle(key, token, state, provider_id)
        if state == "sent":
            self._fault.at("told the hub")
        return told

    def settle_all(self, keys: Any, token: int, state: str, provider_id: str = "") -> int:
        if state == "sent" and self._fault.at("written here"):
            return 0
        told = super().settle_all(keys, token, state, provider_id)
        if state == "sent":
            self._fault.at("told the hub")
        return told


class WatchedPager(Pager):
    """Strikes between the claim here and the last look before the send; tells the provider which
    deliveries are in a message."""

    fault: Fault
    provider: Provider

    async def _is_wanted(self, message: Message, leave: Leave | None) -> bool:
        self.fault.at("claimed here")
        return await super()._is_wanted(message, leave)

    def _outgoing(self, message: Message, url: str, offer: Offer | None) -> Outgoing:
        self.provider.told[message.carrier.delivery_id] = message.keys
        return super()._outgoing(message, url, offer)


class Station:
    """One engine and what it is told by its tests."""

    def __init__(self, orders: Orders) -> None:
        self.orders, self.fault = orders, Fault(orders.fault, orders.point)
        self.store = Path(orders.folder) / "station.sqlite3"

    async def start(self) -> None:
        orders = self.orders
        opened = open_station(self.store)
        address = hub_address(orders.url, "", orders.password)
        clock = SystemClock()

        def describe(own: str, vector: dict[str, int], hlc: int, digest: bytes) -> Report:
            return Report(
                station_id=opened.station_id,
                origin=own,
                name=orders.name,
                version=__version__,
                vector=vector,
                hlc=hlc,
                fold_version=FOLD_VERSION,
                digest=digest,
                duty_rank=orders.rank,
            )

        hub = HubParts(
            exchange=ExchangeParts(
                where="test",
                open_hub=partial(PgHub, address),
                open_bell=partial(PgBell, address),
                open_log=lambda own, absorb, leave: ExchangeLog(
                    self.store, own=own, absorb=absorb, leave=leave
                ),
                describe=describe,
            ),
            open_duty=lambda: WatchedDuty(orders, self.fault),
            duty_rank=orders.rank,
        )
        retry = RetryPolicy(
            max_attempts=orders.max_attempts,
            deadline_ms=orders.deadline_ms,
            backoff_ms=orders.backoff_ms,
        )
        provider = Provider(orders, self.fault)
        parts = Parts(
            journal=opened.journal,
            clock=clock,
            # What is tried here is who sends, not how often a person is disturbed.
            policy=Policy(retry=retry, throttle=UNTHROTTLED),
            sender=provider,
            secrets=Addresses(),
            render=page_renderer(lambda: orders.name),
            keeper=BackupKeeper(self.store, Path(orders.folder) / "backups", clock),
            backup_interval_ms=3_600_000,
            hub=hub,
        )
        self.engine = Engine(parts, orders.name)
        self.engine._pager.__class__ = WatchedPager
        self.engine._pager.fault = self.fault  # type: ignore[attr-defined]
        self.engine._pager.provider = provider  # type: ignore[attr-defined]
        if orders.control == "no lease check":
            DutyGate.may_send = lambda *_given: True  # type: ignore[method-assign]
        await self.engine.start()

    async def answer(self, line: str) -> Any:
        verb, _, rest = line.partition(" ")
        if verb == "contact":
            for name in rest.split():
                method = {"method_id": f"m-{name}", "channel": "test", "masked": "***"}
                await self.engine.submit(SaveContact(name=name, methods=[method]), "Ann")
        elif verb == "fire":
            signals = [
                Signal(
                    source="test",
                    key=key,
                    action=SignalAction.FIRE,
                    severity=Severity.CRITICAL,
                    title=f"Trouble with {key}",
                )
                for key in rest.split()
            ]
            return await self.engine.submit(TakeIn(signals=signals), "source:test")
        elif verb == "resolve":
            for alert_id in rest.split():
                await self.engine.submit(ResolveAlert(alert_id=alert_id), "Ann")
        elif verb == "move":
            membership = self.engine._membership
            assert membership is not None
            membership.keeper.stand_back()
        elif verb == "arm":
            self.fault.fault, _, self.fault.point = rest.partition(" ")
        elif verb == "holds":
            return self.engine.fleet().duty.kind == "holds"
        elif verb == "contacts":
            return await asyncio.to_thread(self._read, "contact")
        elif verb == "tell":
            return await asyncio.to_thread(self._read, "delivery")
        return None

    def _read(self, what: str) -> Any:
        reader = StationReader(self.store)
        try:
            if what == "contact":
                return len(reader.contacts())
            sql = "SELECT agg, status FROM delivery"
            return dict(reader._rows(sql))
        finally:
            reader.close()


async def serve() -> None:
    orders = Orders(**json.loads(sys.stdin.readline()))
    station = Station(orders)
    await station.start()
    print(json.dumps("up"), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await station.answer(line.strip())), flush=True)
    await station.engine.stop()


if __name__ == "__main__":
    asyncio.run(serve())
