"""A client for whichever engine runs now, for one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.supervisor import Door

DESK = "desk"


class Seat(NamedTuple):
    """The door of the engine that was last seen well, if any, and who sits at the desk."""

    door: Door | None
    operator: str


class Connector:
    """Keeps one client as long as its engine lives; each step of a request has ``timeout_s``."""

    def __init__(self, find_seat: Callable[[], Seat], timeout_s: float = 10.0) -> None:
        self._find, self._timeout_s = find_seat, timeout_s
        self._client: tuple[Door, Client] | None = None

    def __call__(self) -> Client:
        """The client; raises EngineAway while no engine is known."""
        from crisisdesk.api.client import Client, EngineAway

        door, operator = self._find()
        if door is None:
            raise EngineAway("the engine is restarting")
        if self._client is None or self._client[0] != door:
            self.close()
            client = Client(door.url, door.token, operator or DESK, timeout_s=self._timeout_s)
            self._client = (door, client)
        self._client[1].operator = operator or DESK
        return self._client[1]

    def close(self) -> None:
        """Let go of the connection; its thread must not use it any more."""
        if self._client is not None:
            self._client[1].close()
            self._client = None
