"""Real stations on one real hub: data folders that have joined, and their engine processes."""

from __future__ import annotations

import secrets as entropy
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

from crisisdesk.bootstrap.fleet import HUB_PASSWORD
from crisisdesk.engine.exchange.vault import FLEET_KEY
from crisisdesk.hub.schema import create_station_login
from crisisdesk.hub.sealing import new_fleet_key
from crisisdesk.settings.places import Places
from crisisdesk.settings.secrets import open_secrets
from crisisdesk.store.queries import StationReader

from tests.crash.engine_process import PRODUCT, Caller, Door, EngineProcess
from tests.postgres.fixtures import HubPlace

WITHIN_S = 60.0
T = TypeVar("T")


class Station:
    """One station over many lives of its engine."""

    def __init__(self, folder: Path, name: str, hub: HubPlace, fleet_key: str) -> None:
        self.name, self.folder = name, folder / name
        self.places = Places(self.folder)
        self._hub = hub
        self._fleet_key = fleet_key
        self.engine: EngineProcess | None = None
        self.door: Door | None = None

    def join(self, *, port: int = 0, duty_rank: int | None = None, more: str = "") -> None:
        """Write settings and secrets as joining does; ``port`` is where the hub is reached."""
        self.places.prepare(allow_shared=True)
        password = entropy.token_hex(16)
        login = f"{self._hub.database}_{self.name.lower()}"
        create_station_login(self._hub.admin_dsn, login, password)
        secrets = open_secrets(self.places)
        secrets.set(HUB_PASSWORD, password)
        secrets.set(FLEET_KEY, self._fleet_key)
        at = f"127.0.0.1:{port or self._hub.server.port}"
        rank = "" if duty_rank is None else f"duty_rank = {duty_rank}\n"
        self.places.settings.write_text(
            f'station_name = "{self.name}"\nsealed = true\n{more}\n[hub]\n'
            f'url = "postgresql://{login}@{at}/{self._hub.database}"\n{rank}',
            encoding="utf-8",
        )
        self.places.settings.chmod(0o600)

    def start(self, entry: tuple[str, ...] = PRODUCT, **variables: str) -> Door:
        """Start its engine and wait until it answers."""
        self.begin(entry, **variables)
        return self.wait_ready()

    def begin(self, entry: tuple[str, ...] = PRODUCT, **variables: str) -> None:
        """Start its engine, and do not wait."""
        alone = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        self.engine = EngineProcess(self.folder, entry, **alone, **variables)

    def wait_ready(self) -> Door:
        """Until the engine that was begun answers."""
        assert self.engine is not None
        self.door = self.engine.wait_ready()
        return self.door

    def kill(self) -> None:
        """``kill -9`` its engine."""
        assert self.engine is not None
        self.engine.kill()
        self.door = None

    def end(self) -> None:
        """Stop its engine if it runs."""
        if self.engine is not None and self.engine.process.poll() is None:
            self.engine.stop()
        self.door = None

    def ask(self, method: str, path: str, body: Any = None, operator: str = "Ann") -> Any:
        """The JSON of an answer that must be a good one."""
        assert self.door is not None
        with closing(Caller(self.door, operator)) as caller:
            status, told = caller.ask(method, path, body)
        assert status < 300, (status, told)
        return told

    def fleet(self) -> Any:
        """What it says of the fleet."""
        return self.ask("GET", "/api/v1/fleet")

    def read(self, question: Callable[[StationReader], T]) -> T:
        """Ask its file."""
        with closing(StationReader(self.places.store)) as reader:
            return question(reader)


@contextmanager
def stations_on(hub: HubPlace, folder: Path, *names: str) -> Iterator[list[Station]]:
    """Stations that have not joined yet; their engines are ended at the end."""
    fleet_key = new_fleet_key()
    made = [Station(folder, name, hub, fleet_key) for name in names]
    try:
        yield made
    finally:
        for station in made:
            station.end()


def until(question: Callable[[], T], within_s: float = WITHIN_S, every_s: float = 0.05) -> T:
    """The first true answer; fails when none comes in time."""
    end = monotonic() + within_s
    while not (answer := question()):
        assert monotonic() < end, "it did not come to that in time"
        sleep(every_s)
    return answer
