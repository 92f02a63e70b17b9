"""Stations that call each other in tests: real TLS on loopback, logs in memory."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from crisisdesk.domain.duty import Word
from crisisdesk.domain.event import Stored
from crisisdesk.domain.station import Station
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.commands import TellReachable
from crisisdesk.engine.exchange.parts import ClosableLog, Leaver
from crisisdesk.engine.exchange.peers import PeerRoom
from crisisdesk.peers.book import Book
from crisisdesk.peers.frames import Message, receive, send
from crisisdesk.peers.link_key import link_key
from crisisdesk.peers.listener import Listener

from tests.engine.foreign import chain, event
from tests.engine.workers.live import MemorySecrets
from tests.reliability.small_checks import ListLog

WITHIN_S = 20.0
A, B, C = "a" * 32, "b" * 32, "c" * 32


def log_of(origin: str, count: int, title: str = "t") -> list[Stored]:
    """So many events of one origin."""
    kind = {"kind": "alert.noted", "body": {"text": title, "epoch": "n1"}}
    return chain(*(event(n, origin=origin, **kind) for n in range(1, count + 1)))


class PlaceLog(ListLog):
    """A log in memory that can be let go; ``leave`` is how it was told to leave its origin."""

    leave: Leaver | None = None

    def close(self) -> None:
        """Nothing is open."""

    def quarantined(self) -> int:
        """None is put aside."""
        return 0


class Place:
    """One station: key, book, log, what it says, and what it heard."""

    def __init__(self, origin: str, *logs: list[Stored]) -> None:
        self.origin, self.station_id = origin, f"S-{origin[0].upper()}"
        self.log = PlaceLog(origin, *logs)
        self.secrets = MemorySecrets()
        self.key = link_key(self.secrets, self.station_id)
        self.book = Book(self.key, self.station_id)
        self.said = Word(origin=origin, name=self.station_id)
        self.heard: list[Word] = []
        self.desks: list[dict[str, Any]] = []
        self.heard_desks: list[tuple[str, Any]] = []
        self.asked: list[Any] = []
        self.registered: dict[str, str] = {}
        self.addresses: tuple[str, ...] = ()
        self.clock = SystemClock()

    def room(self) -> PeerRoom:
        return PeerRoom(
            own=lambda: self.origin,
            word=lambda: self.said,
            hear=lambda word, _after: self.heard.append(word),
            registered=lambda: self.registered,
            open_log=self.opened,
            ask=self._ask,
            boottime=self.clock.boottime,
            desks=lambda: self.desks,
            hear_desks=lambda station, rows: self.heard_desks.append((station, rows)),
        )

    def opened(self, leave: Leaver) -> ClosableLog:
        self.log.leave = leave
        return self.log

    def _ask(self, command: Any) -> Any:
        self.asked.append(command)
        if isinstance(command, TellReachable):
            self.addresses = command.addresses

    def station(self) -> Station:
        """As it stands in every log."""
        told = {"certificate": self.key.certificate, "addresses": list(self.addresses)}
        return Station(
            station_id=self.station_id,
            name=self.station_id,
            incarnations={self.origin: "11"},
            reachable={self.origin: told},
        )

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        listener = Listener("127.0.0.1:0", self.book, self.room())
        self.addresses = (f"127.0.0.1:{listener.port}",)
        try:
            yield listener
        finally:
            listener.close()


def meet(*places: Place, without: Place | None = None) -> None:
    """Let each know all others as registered; one of them, if named, is no longer."""
    there = [place for place in places if place is not without]
    registered = {place.station_id: place.origin for place in there}
    for place in places:
        place.registered = registered
        place.book.refresh([p.station() for p in places], registered)


def call(caller: Place, callee: Place, port: int) -> ssl.SSLSocket:
    """A connection that has shaken hands, without anything of the product's own on this side."""
    raw = socket.create_connection(("127.0.0.1", port), 5)
    context = caller.key.client_context(ssl.PEM_cert_to_DER_cert(callee.key.certificate))
    try:
        return context.wrap_socket(raw)
    except BaseException:
        raw.close()
        raise


def asks(sock: socket.socket, question: Message) -> Message | None:
    """The answer to one question."""
    send(sock, question, 5)
    return receive(sock, 5)


def is_hung_up(sock: socket.socket) -> bool:
    """Whether the other side lets go of it without another word."""
    try:
        sock.settimeout(WITHIN_S)
        return sock.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def until(question: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
    """The first true answer; fails when none comes in time."""
    end = monotonic() + within_s
    while not (answer := question()):
        assert monotonic() < end, "it did not come to that in time"
        sleep(0.01)
    return answer
