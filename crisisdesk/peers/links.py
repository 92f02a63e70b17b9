"""Links: the one who keeps couriers, listener and book as log and hub say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.station import Station
from crisisdesk.engine.commands import TellReachable
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.duty.threads import OwnThread
from crisisdesk.engine.exchange.peers import PeerRoom
from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.engine.ports import Secrets, StoreFailed
from crisisdesk.peers.book import Book
from crisisdesk.peers.courier import Courier
from crisisdesk.peers.link_key import link_key
from crisisdesk.peers.listener import Listener

log = logging.getLogger(__name__)

REFRESH_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkParts:
    """What links are made of; `bootstrap` puts the concrete ones in.

    ``listen`` is "host:port" or empty, ``addresses`` what others shall call instead of it.
    ``stations`` reads all stations' states from the log. ``recall`` gives who was registered when
    the hub was last asked, in this run or an earlier one; ``remember`` keeps it.
    """

    station_id: str
    listen: str
    addresses: tuple[str, ...]
    secrets: Secrets
    stations: Callable[[], Sequence[Station]]
    recall: Callable[[], Mapping[str, str]]
    remember: Callable[[Mapping[str, str]], None]


class Links:
    """Implements `engine.exchange.peers.PeerLinks`."""

    def __init__(self, parts: LinkParts) -> None:
        self._parts = parts
        self._thread = OwnThread("peers")
        self._stop = threading.Event()
        self._listener: Listener | None = None
        self._couriers: dict[str, Courier] = {}
        self._registered: dict[str, str] = {}
        self._told: tuple[str, tuple[str, ...]] | None = None
        self.problem = ""

    def on_commit(self) -> None:
        """Something was written here; on the engine's loop."""
        for courier in list(self._couriers.values()):
            courier.wake()

    async def run(self, room: PeerRoom) -> None:
        """Serve until cancelled; every link is down when this ends."""
        self._stop.clear()
        await self._thread.run(lambda: self.serve(room), self._end_soon)

    def _end_soon(self) -> None:
        self._stop.set()
        for courier in list(self._couriers.values()):
            courier.break_off()

    # -- on the links' own thread --------------------------------------------------------------

    def serve(self, room: PeerRoom) -> None:
        """Blocking: keep at it until told to stop. Raises LinkKeyUnreadable."""
        book = Book(link_key(self._parts.secrets, self._parts.station_id), self._parts.station_id)
        self._registered = dict(self._parts.recall())
        self._told = None
        try:
            while not self._stop.is_set():
                self._refresh(book, room)
                self._stop.wait(REFRESH_S)
        finally:
            self._close()

    def _refresh(self, book: Book, room: PeerRoom) -> None:
        self._note_registered(room.registered())
        try:
            changed = book.refresh(self._parts.stations(), self._registered)
        except StoreFailed as error:
            log.error("who may be called directly could not be read: %s", error)
            return
        self._listen(book, room)
        if changed:
            self._send_couriers(book, room)
            if self._listener is not None:
                self._listener.drop_untrusted()
        self._tell(book, room)

    def _note_registered(self, registered: Mapping[str, str]) -> None:
        if registered and dict(registered) != self._registered:
            self._registered = dict(registered)
            self._parts.remember(self._registered)

    def _listen(self, book: Book, room: PeerRoom) -> None:
        if not self._parts.listen or self._listener is not None:
            return
        try:
            self._listener = Listener(self._parts.listen, book, room)
        except OSError as error:
            problem = f"other stations cannot call {self._parts.listen}: {error.strerror or error}"
            if problem != self.problem:
                log.error("%s", problem)
            self.problem = problem
            return
        self.problem = ""
        log.info("other stations may call port %d", self._listener.port)

    def _send_couriers(self, book: Book, room: PeerRoom) -> None:
        wanted = {f.station_id: f for f in book.friends.values() if f.addresses}
        couriers = self._couriers
        over = [c for s, c in couriers.items() if wanted.get(s) != c.friend]
        for courier in over:
            courier.break_off()
        for courier in over:
            courier.end()
        # Another value rather than a change: the loop may be walking through it.
        kept = {s: c for s, c in couriers.items() if c not in over}
        new = {s: Courier(f, book, room) for s, f in wanted.items() if s not in kept}
        self._couriers = kept | new
        for courier in new.values():
            if not self._stop.is_set():
                courier.start()

    def _tell(self, book: Book, room: PeerRoom) -> None:
        """Make certificate and addresses known, once there is anyone to have a link with."""
        own = room.own()
        addresses = self._addresses()
        wanted = self._listener is not None or any(f.addresses for f in book.friends.values())
        if not wanted or self._told == (own, addresses):
            return
        if self._registered.get(self._parts.station_id) != own:
            return
        try:
            room.ask(TellReachable(certificate=book.key.certificate, addresses=addresses))
        except (StoreFailed, Overloaded, HubAway, DomainError) as error:
            log.warning("how to call this station could not be told yet: %s", error)
            return
        except Stopped:
            return
        self._told = (own, addresses)

    def _addresses(self) -> tuple[str, ...]:
        if self._listener is None:
            return ()
        if self._parts.addresses:
            return self._parts.addresses
        host = self._parts.listen.rpartition(":")[0]
        return (f"{host}:{self._listener.port}",)

    def _close(self) -> None:
        for courier in self._couriers.values():
            courier.break_off()
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for courier in self._couriers.values():
            courier.end()
        self._couriers = {}
