"""Who is trusted on a link: registered stations, by the very certificate that their log tells."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crisisdesk.domain.station import Station
from crisisdesk.peers.link_key import LinkKey, certificate_der

ADDRESSES_LIMIT = 8
ADDRESS_LIMIT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Friend:
    """A registered station; ``certificate`` is DER, ``addresses`` are "host:port"."""

    station_id: str
    origin: str
    name: str
    certificate: bytes
    addresses: tuple[str, ...]


class Book:
    """The present friends and the contexts made from them.

    Written by one thread, read by all: each reading takes one value that is never changed.
    """

    def __init__(self, key: LinkKey, own_station_id: str) -> None:
        self.key = key
        self._own = own_station_id
        self._server: ssl.SSLContext = key.server_context([])
        self._owners: dict[str, str] = {}
        self.friends: dict[str, Friend] = {}

    def refresh(self, stations: Iterable[Station], registered: Mapping[str, str]) -> bool:
        """Take in what log and hub say now; whether anything is otherwise than before."""
        stations = list(stations)
        friends: dict[str, Friend] = {}
        for station in stations:
            friend = self._friend(station, registered.get(station.station_id, ""))
            if friend is not None:
                friends[station.station_id] = friend
        self._owners = {
            origin: station.station_id for station in stations for origin in station.incarnations
        } | {origin: station_id for station_id, origin in registered.items()}
        if friends == self.friends:
            return False
        trusted = {friend.certificate for friend in friends.values()}
        if trusted != {friend.certificate for friend in self.friends.values()}:
            self._server = self.key.server_context(sorted(trusted))
        self.friends = friends
        return True

    def _friend(self, station: Station, origin: str) -> Friend | None:
        """Only what the registered incarnation itself has told counts."""
        told = station.reachable.get(origin)
        if told is None or station.station_id == self._own:
            return None
        certificate = certificate_der(told["certificate"], station.station_id)
        if certificate is None:
            return None
        addresses = [a for a in told["addresses"] if len(a) <= ADDRESS_LIMIT]
        return Friend(
            station_id=station.station_id,
            origin=origin,
            name=station.name,
            certificate=certificate,
            addresses=tuple(addresses[:ADDRESSES_LIMIT]),
        )

    def server_context(self) -> ssl.SSLContext:
        """For a call that comes in now."""
        return self._server

    def client_context(self, friend: Friend) -> ssl.SSLContext:
        """For calling this one."""
        return self.key.client_context(friend.certificate)

    def is_trusted(self, friend: Friend) -> bool:
        """Whether it still is what it was when its link began."""
        now = self.friends.get(friend.station_id)
        return now is not None and now.certificate == friend.certificate

    def who_has(self, certificate: bytes | None) -> Friend | None:
        """The friend with exactly this certificate."""
        for friend in self.friends.values():
            if friend.certificate == certificate:
                return friend
        return None

    def may_speak_as(self, friend: Friend, origin: str) -> bool:
        """Whether that origin is nobody else's; a station may have begun a new one a moment ago."""
        owner = self._owners.get(origin)
        return owner is None or owner == friend.station_id
