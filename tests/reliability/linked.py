"""Three real stations with direct links, whose roads to the hub and to each other can be cut."""

from __future__ import annotations

import http.client
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from crisisdesk.settings.secrets import open_secrets

from tests.comms.receivers import Receiver, Request, answer, receiving
from tests.fleet.stations import Station, stations_on, until
from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import FaultProxy, Mode

RETRY_S = 3.0


@dataclass
class Provider:
    """Takes every page and notes when; those whose title it was told to refuse get 503."""

    receiver: Receiver | None = None
    refused: set[str] = field(default_factory=set)
    taken: list[tuple[float, str, str]] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def manner(self, request: Request) -> bytes:
        told = request.json()
        title = told["title"]
        with self.lock:
            self.tries[_name(title)] += 1
            if any(one in title for one in self.refused):
                return answer(503, "not now")
            self.taken.append((monotonic(), _name(title), told["key"]))
        return answer(200, "ok")

    def pages(self, name: str) -> list[float]:
        """When pages about the alert of this name were taken."""
        with self.lock:
            return [at for at, title, _key in self.taken if title == name]

    def repeats(self) -> int:
        """How often a page was taken again."""
        with self.lock:
            return sum(n - 1 for n in Counter(key for _at, _title, key in self.taken).values())


@dataclass
class Linked:
    """The stations, and for each its road to the hub and the road on which others call it."""

    stations: list[Station]
    hub_roads: list[FaultProxy]
    peer_roads: list[FaultProxy]
    provider: Provider

    def start(self) -> None:
        for station in self.stations:
            station.start()
            station.ask("PUT", "/crisis/station/", {"name": station.name, "operator": "Ann"})
        for station in self.stations:
            until(partial(self._knows_all, station))

    def share_address(self) -> None:
        """Enter the provider at the first station; back when all stations have its address."""
        assert self.provider.receiver is not None
        url = f"webhook://{self.provider.receiver.host}/page"
        card = self.stations[0].ask(
            "POST", "/crisis/contacts/", {"name": "Ann", "methods": [{"url": url}]}
        )
        [method] = card["methods"]
        name = f"method:{method['method_id']}"
        for station in self.stations:
            until(partial(self._can_page, station, name))

    def hears(self, station: Station) -> int:
        """How many others a station hears directly."""
        assert station.door is not None
        wire = http.client.HTTPConnection(station.door.host, station.door.port, timeout=10)
        try:
            wire.request(
                "GET", "/metrics", headers={"Authorization": f"Bearer {station.door.token}"}
            )
            text = wire.getresponse().read().decode()
        finally:
            wire.close()
        lines = [line for line in text.splitlines() if line.startswith("crisisdesk_peers_heard ")]
        return round(float(lines[0].split()[1]))

    def all_hear_all(self) -> None:
        for station in self.stations:
            until(partial(self._hears_all, station))

    def hub(self, mode: Mode, *which: int) -> None:
        for number in which or range(len(self.hub_roads)):
            self.hub_roads[number].mode = mode

    def peers(self, mode: Mode) -> None:
        for road in self.peer_roads:
            road.mode = mode

    def duty(self, number: int) -> str:
        kind: str = self.stations[number].fleet()["duty"]["kind"]
        return kind

    def one_holds(self) -> None:
        """Until the hub's lease is held by one station and followed by the others."""
        until(lambda: Counter(self.duty(n) for n in range(len(self.stations)))["holds"] == 1)
        for station in self.stations:
            until(partial(self._sees_hub, station))

    def all_know(self, status: str, *alerts: str) -> None:
        """Until each of these alerts has one page, and every station knows it to stand so."""
        for alert_id in alerts:
            for number in range(len(self.stations)):
                until(partial(self._stands, number, alert_id, status))

    def _stands(self, number: int, alert_id: str, status: str) -> bool:
        return self.statuses(number, alert_id) == [status]

    def _knows_all(self, station: Station) -> bool:
        return len(station.fleet()["stations"]) == len(self.stations)

    def _can_page(self, station: Station, secret: str) -> bool:
        address = open_secrets(station.places, use_keyring=False).get(secret)
        return address is not None and len(station.read(lambda r: r.contacts())) == 1

    def _hears_all(self, station: Station) -> bool:
        return self.hears(station) == len(self.stations) - 1

    def _sees_hub(self, station: Station) -> bool:
        return bool(station.fleet()["hub"]["state"] == "up")

    def fire(self, name: str, *which: int) -> str:
        """The same alert taken in at these stations; its id."""
        about = {"title": name, "key": name, "severity": "critical"}
        told: list[Any] = [
            self.stations[number].ask("POST", "/crisis/alerts/", about) for number in which
        ]
        alert_id: str = told[0]["alert_id"]
        return alert_id

    def statuses(self, number: int, alert_id: str) -> list[str]:
        """How the pages about an alert stand, as this station knows it."""
        found = self.stations[number].read(lambda r: r.deliveries_of(alert_id))
        return [str(d.status) for d in found]

    def is_acknowledged(self, number: int, alert_id: str) -> bool:
        """Whether this station knows that someone has it."""
        found = self.stations[number].read(lambda r: r.alert(alert_id))
        return found is not None and found.status == "acknowledged"

    def acknowledge(self, number: int, alert_id: str) -> None:
        known = self.stations[number].ask("GET", f"/crisis/alerts/{alert_id}/")
        self.stations[number].ask(
            "POST", f"/crisis/alerts/{alert_id}/acknowledge/", {"epoch": known["epoch"]}
        )


def _name(title: str) -> str:
    """What the alert was called: the end of its page's title."""
    return title.rsplit(maxsplit=1)[-1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def linked(
    hub: HubPlace, folder: Path, ranks: dict[str, int | None], *, links: bool = True
) -> Iterator[Linked]:
    """Running stations that have not met trouble yet, each with the provider's address."""
    with ExitStack() as stack:
        provider = Provider()
        provider.receiver = stack.enter_context(receiving(provider.manner))
        hub_roads = [stack.enter_context(FaultProxy(hub.server.port)) for _ in ranks]
        ports = [free_port() for _ in ranks]
        peer_roads = [stack.enter_context(FaultProxy(port)) for port in ports]
        posts = stack.enter_context(stations_on(hub, folder, *ranks))
        for number, post in enumerate(posts):
            retry = f"[delivery]\nbackoff_s = {RETRY_S}\n"
            post.join(port=hub_roads[number].port, duty_rank=ranks[post.name], more=retry)
            text = post.places.settings.read_text().replace("sealed = true\n", "")
            if links:
                text += f'peer_listen = "127.0.0.1:{ports[number]}"\n'
                text += f'peer_addresses = ["127.0.0.1:{peer_roads[number].port}"]\n'
            post.places.settings.write_text(text)
        made = Linked(posts, hub_roads, peer_roads, provider)
        made.start()
        made.share_address()
        if links:
            made.all_hear_all()
        made.one_holds()
        yield made
