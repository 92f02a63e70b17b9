"""Three real stations on one real Postgres, each with a road of its own to it."""

from __future__ import annotations

import random
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic

from tests.crash.engine_process import PRODUCT
from tests.crash.ledger import Write
from tests.fleet.stations import Station, stations_on, until
from tests.postgres.fixtures import HubPlace, make_hub
from tests.postgres.proxy import FaultProxy, Mode
from tests.postgres.server import PostgresServer
from tests.reliability.fleet_audit import (
    contents_of,
    faults_of_contents,
    faults_of_file,
    faults_of_hub,
    faults_of_states,
    held,
    why_not_equal,
    why_not_shown,
)
from tests.reliability.tiers import ROOT

# How long to look for a moment when all hold the same; it is there several times a second.
AGREE_S = 30.0
NAMES = ("North", "South", "West")
# Below the ports that the system hands out, else a connection may sit on it while Postgres is down.
PORTS = range(20_000, 32_000)


class RealFleet:
    """Stations, each with its own road to the hub."""

    def __init__(self, hub: HubPlace, stations: list[Station], roads: list[FaultProxy]) -> None:
        self.hub, self.stations, self.roads = hub, stations, roads

    @property
    def server(self) -> PostgresServer:
        """The hub's Postgres."""
        return self.hub.server

    def start_all(self, entry: tuple[str, ...] = PRODUCT) -> None:
        """Start those that do not run, all at once, and wait for them."""
        asleep = [station for station in self.stations if station.door is None]
        for station in asleep:
            station.begin(entry)
        for station in asleep:
            station.wait_ready()

    def mend(self) -> None:
        """Faults stop: roads are open, Postgres runs, all stations run."""
        for road in self.roads:
            road.mode = Mode.PASS
        if not self.server.is_running:
            self.server.start()
        self.start_all()

    def become_equal(self, within_s: float = 60.0) -> None:
        """Wait until stations and hub hold the same. Raises NotConverged."""
        self._settle(lambda: why_not_equal(self.stations, self.hub.admin_dsn), within_s)

    def converge(self, since: float) -> tuple[float, float]:
        """Seconds from ``since`` (monotonic) until stations and hub held the same, and until all
        stations said so. Raises NotConverged."""
        self.become_equal()
        equal_s = monotonic() - since
        equal_at = min(held(station.places.store) for station in self.stations)
        self._settle(lambda: why_not_shown(self.stations, equal_at), 60.0)
        return equal_s, monotonic() - since

    def audit(self, writes: list[Write]) -> list[str]:
        """Stop the engines and look everything up."""
        faults = self._faults_of_states(AGREE_S)
        for station in self.stations:
            assert station.engine is not None
            assert station.engine.stop() == 0
            station.door = None
            store = station.places.store
            faults += [f"{station.name}: {fault}" for fault in faults_of_file(store)]
            faults += faults_of_contents(station.name, contents_of(store), writes)
        found: Counter[tuple[str, str]] = Counter()
        faults += faults_of_hub(self.hub.admin_dsn, found)
        return faults + faults_of_contents("the hub", found, writes)

    def _faults_of_states(self, within_s: float) -> list[str]:
        """What differs at a moment when all stations hold the same; that there is one is asked."""
        deadline = monotonic() + within_s
        while (faults := faults_of_states(self.stations)) is None:
            if monotonic() > deadline:
                return [f"at no moment in {within_s:.0f} s did all stations hold the same"]
        return faults

    @staticmethod
    def _settle(question: Callable[[], str], within_s: float) -> None:
        last = [""]

        def settled() -> bool:
            last[0] = question()
            return not last[0]

        try:
            until(settled, within_s, every_s=0.1)
        except AssertionError:
            raise NotConverged(last[0]) from None


class NotConverged(AssertionError):
    """The fleet did not come to one truth in time; says what is still different."""


@contextmanager
def real_fleet(folder: Path, seed: int) -> Iterator[RealFleet]:
    """Three stations that have joined and not started; on a failure their folders are kept."""
    kept = ROOT / "artefacts" / f"real-fleet-{seed}"
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer(fsync=True, port=_port(random.Random(seed))))
        hub = make_hub(server)
        roads = [stack.enter_context(FaultProxy(server.port)) for _ in NAMES]
        stations = stack.enter_context(stations_on(hub, folder, *NAMES))
        for rank, (station, road) in enumerate(zip(stations, roads, strict=True), start=1):
            station.join(port=road.port, duty_rank=rank)
        try:
            yield RealFleet(hub, stations, roads)
        except BaseException:
            for road in roads:
                road.mode = Mode.PASS
            for station in stations:
                station.end()
            shutil.copytree(folder, kept, dirs_exist_ok=True)
            (kept / "postgres.log").write_text(server.log_tail(1_000))
            print(f"the stations' folders are kept in {kept.relative_to(ROOT)}")
            raise


def _port(dice: random.Random) -> int:
    while True:
        port = dice.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
