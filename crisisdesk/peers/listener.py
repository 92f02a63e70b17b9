"""The listener: lets registered stations in, one thread for each, and answers them."""

from __future__ import annotations

import logging
import socket
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from time import monotonic

from crisisdesk.engine.exchange.peers import PeerRoom
from crisisdesk.peers.answers import Answers
from crisisdesk.peers.book import Book, Friend
from crisisdesk.peers.frames import Garbled, receive, send
from crisisdesk.peers.line import break_off

log = logging.getLogger(__name__)

HANDSHAKE_S = 3.0
# A station says something every second; one that says nothing for so long has gone.
IDLE_S = 15.0
ANSWER_S = 10.0
# Strangers hold at most so many places, each for one handshake's time.
HANDSHAKES = 32
HANDSHAKES_OF_ONE = 8
# Two are used; two more while those of a broken road are not given up yet.
PLACES_OF_A_STATION = 4
QUESTIONS_PER_S = 50
QUESTIONS_AT_ONCE = 100
_LOOK_S = 0.5


@dataclass(eq=False, slots=True)
class _Guest:
    raw: socket.socket
    thread: threading.Thread | None = None
    friend: Friend | None = None
    came: float = field(default_factory=monotonic)


class Listener:
    """Listens from its making until `close`; raises OSError when it cannot listen there."""

    def __init__(self, listen: str, book: Book, room: PeerRoom) -> None:
        host, _, port = listen.rpartition(":")
        self._book = book
        self._room = room
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._guests: set[_Guest] = set()
        self._strangers: Counter[str] = Counter()
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        self._sock = socket.create_server((host.strip("[]"), int(port)), family=family)
        self._sock.settimeout(_LOOK_S)
        self.port: int = self._sock.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="peer-door")
        self._thread.start()

    def close(self) -> None:
        """Break off every connection; back when all threads have ended."""
        self._stop.set()
        self._thread.join()
        self._sock.close()
        with self._lock:
            guests = list(self._guests)
            for guest in guests:
                break_off(guest.raw)
        for guest in guests:
            if guest.thread is not None:
                guest.thread.join()

    def drop_untrusted(self) -> None:
        """Hang up on stations that are no longer registered, or under another certificate."""
        with self._lock:
            for guest in self._guests:
                if guest.friend is not None and not self._book.is_trusted(guest.friend):
                    break_off(guest.raw)

    # -- letting in --------------------------------------------------------------------------

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                raw, address = self._sock.accept()
            except TimeoutError:
                continue
            except OSError as error:
                # Too many open files, most likely: those that are open go on.
                log.warning("a call could not be taken: %s", error.strerror)
                self._stop.wait(_LOOK_S)
                continue
            self._take(raw, str(address[0]))

    def _take(self, raw: socket.socket, host: str) -> None:
        guest = _Guest(raw)
        with self._lock:
            if self._strangers.total() >= HANDSHAKES or self._strangers[host] >= HANDSHAKES_OF_ONE:
                raw.close()
                return
            self._strangers[host] += 1
            guest.thread = threading.Thread(
                target=self._serve, args=(guest, host), name="peer-guest"
            )
            self._guests.add(guest)
        guest.thread.start()

    def _serve(self, guest: _Guest, host: str) -> None:
        try:
            try:
                friend = self._shake_hands(guest)
            finally:
                with self._lock:
                    self._strangers[host] -= 1
                    self._strangers += Counter()  # forgets whose count is zero
            if friend is not None and self._seat(guest, friend):
                self._answer(guest, friend)
        except (OSError, Garbled) as error:
            # Anyone can call and say anything; only a debugging look wants to know.
            log.debug("a call from %s ended: %r", host, error)
        finally:
            with self._lock:
                self._guests.discard(guest)
                guest.raw.close()

    def _shake_hands(self, guest: _Guest) -> Friend | None:
        """Who it is, by its certificate; raises OSError when it is nobody who is trusted."""
        guest.raw.settimeout(HANDSHAKE_S)
        # Who has gone again is let go of here: wrapping a reset connection would lose it unclosed.
        if not guest.raw.recv(1, socket.MSG_PEEK):
            return None
        sock = self._book.server_context().wrap_socket(
            guest.raw, server_side=True, do_handshake_on_connect=False
        )
        with self._lock:
            guest.raw = sock
        sock.settimeout(HANDSHAKE_S)
        sock.do_handshake()
        return self._book.who_has(sock.getpeercert(binary_form=True))

    def _seat(self, guest: _Guest, friend: Friend) -> bool:
        """Give it a place, the oldest of its own when it has too many; False when this ends."""
        with self._lock:
            guest.friend = friend
            own = [g for g in self._guests if g.friend and g.friend.station_id == friend.station_id]
            if len(own) > PLACES_OF_A_STATION:
                break_off(min(own, key=lambda g: g.came).raw)
            return not self._stop.is_set()

    # -- answering ---------------------------------------------------------------------------

    def _answer(self, guest: _Guest, friend: Friend) -> None:
        answers = Answers(friend, self._book, self._room)
        asked: deque[float] = deque(maxlen=QUESTIONS_AT_ONCE)
        try:
            while not self._stop.is_set() and self._book.is_trusted(friend):
                question = receive(guest.raw, IDLE_S)
                if question is None or not self._book.is_trusted(friend):
                    return
                self._slow_down(asked)
                send(guest.raw, answers.answer(question), ANSWER_S)
                answers.given()
        finally:
            answers.close()

    def _slow_down(self, asked: deque[float]) -> None:
        """Who asks too much waits for its answers; nobody else does."""
        if len(asked) == QUESTIONS_AT_ONCE:
            due = asked[0] + QUESTIONS_AT_ONCE / QUESTIONS_PER_S
            self._stop.wait(max(0.0, due - monotonic()))
        asked.append(monotonic())
