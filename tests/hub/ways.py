"""Ways to a hub for tests: addresses as a station has them, and hubs that are let go at the end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from time import sleep

from psycopg.conninfo import conninfo_to_dict

from crisisdesk.hub.address import HubAddress, hub_address
from crisisdesk.hub.duty import PgDuty
from crisisdesk.hub.log import PgHub

from tests.postgres.fixtures import HubPlace


def address(dsn: str) -> HubAddress:
    """A station's settings and password for a login, as `HubSettings` has them."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"
    return hub_address(url, "", parts["password"])


class PgFactory:
    """Hubs and duties over one database: a `contract.HubFactory` and `contract.DutyFactory`."""

    def __init__(self, place: HubPlace, stack: ExitStack) -> None:
        self._place = place
        self._stack = stack
        self._hubs: dict[str, PgHub] = {}
        self._duties: dict[str, PgDuty] = {}

    def hub(self, station: str) -> PgHub:
        """That station's, with a login of its own."""
        if station not in self._hubs:
            hub = PgHub(address(self._place.login(station)))
            self._hubs[station] = hub
            self._stack.callback(hub.close)
        return self._hubs[station]

    def duty(self, station: str) -> PgDuty:
        """That station's, with a login of its own."""
        if station not in self._duties:
            duty = PgDuty(address(self._place.login(station)))
            self._duties[station] = duty
            self._stack.callback(duty.close)
        return self._duties[station]

    def pass_time(self, ms: int) -> None:
        """On a clock that cannot be turned."""
        sleep(ms / 1000)

    def keep_copy(self) -> Callable[[], None]:
        """The database copied aside; setting back puts the copy in its place."""
        place, server = self._place, self._place.server
        self._let_go()
        kept = server.create_database(place.database)
        self._stack.callback(server.drop_database, kept)

        def set_back() -> None:
            self._let_go()
            server.drop_database(place.database)
            server.copy_database(kept, place.database)

        return set_back

    def _let_go(self) -> None:
        for hub in self._hubs.values():
            hub.close()
        for duty in self._duties.values():
            duty.close()
        self._hubs.clear()
        self._duties.clear()
