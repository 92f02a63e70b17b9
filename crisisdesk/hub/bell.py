"""The bell: Postgres' NOTIFY as a hint that there is something new.

It is a hint only. Rings are lost while nobody is connected, and when an answer is lost; therefore
the first wait after every connection rings by itself (LISTEN comes first, then whoever waits
compares heads), and the exchange looks every two seconds anyway.

A NOTIFY holds a lock of the whole server while it commits. So it is a statement of its own, after
the push, and at most four a second come from one station; the last of a burst is not lost but sent
when its time comes.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import psycopg

from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.connection import BoundedConnection, connect, shut_down
from crisisdesk.hub.refusals import at_work

CHANNEL = "crisisdesk"
RING_EVERY_S = 0.25
ANSWER_S = 5.0


class PgBell:
    """Implements `engine.exchange.ports.Bell`: one thread waits, any may ring or close.

    ``origin`` says who rings: a station does not wake itself. A ring goes out at once when nobody
    waits here or as soon as the waiting thread is woken; it never blocks behind a wait.
    """

    def __init__(self, address: HubAddress, origin: Callable[[], str]) -> None:
        self._address = address
        self._origin = origin
        self._connection: BoundedConnection | None = None
        self._using = threading.Lock()
        self._closed = False
        self._fresh = False
        self._to_ring = False
        self._next_ring = 0.0
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)

    def wait(self, timeout_s: float) -> bool:
        """True when it rang, or when it was just connected; False when the time was up."""
        deadline = monotonic() + timeout_s
        with self._using:
            try:
                self._open()
                fresh, self._fresh = self._fresh, False
                return fresh or self._hear(deadline)
            except (psycopg.Error, OSError, ValueError) as error:
                raise self._failed(error) from error
            finally:
                if self._closed:
                    self._let_go()

    def ring(self) -> None:
        """Wake the others, soon. Raises HubAway when this very thread had to ring and could not."""
        self._to_ring = True
        if not self._using.acquire(blocking=False):
            # Full means that it will wake anyway.
            with suppress(BlockingIOError, OSError):
                self._wake.send(b"!")
            return
        try:
            self._open()
            self._ring_if_due()
        except psycopg.Error as error:
            raise self._failed(error) from error
        finally:
            if self._closed:
                self._let_go()
            self._using.release()

    def close(self) -> None:
        """Wake who waits and let go; may be repeated."""
        self._closed = True
        if self._using.acquire(blocking=False):
            try:
                self._let_go()
            finally:
                self._using.release()
        elif (connection := self._connection) is not None:
            shut_down(connection)

    # -- with the connection in hand -----------------------------------------------------------

    def _open(self) -> None:
        """Connect when need be; it listens before anyone looks for what is new."""
        if self._closed:
            raise HubAway("the bell was closed")
        if self._connection is not None:
            return
        connection = connect(self._address, "bell", ANSWER_S)
        try:
            connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            connection.close()
            raise at_work(error) from error
        self._connection = connection
        self._fresh = True

    def _hear(self, deadline: float) -> bool:
        connection = self._connection
        assert connection is not None
        while True:
            self._ring_if_due()
            # What came together with the last answer is in the client already, not in the socket.
            if any(self._is_foreign(note) for note in connection.notifies(timeout=0)):
                return True
            now = monotonic()
            until = min(deadline, self._next_ring) if self._to_ring else deadline
            if now >= deadline:
                return False
            select.select(
                [connection.fileno(), self._woken.fileno()], [], [], max(0.0, until - now)
            )
            with suppress(BlockingIOError):
                self._woken.recv(4096)
            if self._closed:
                raise HubAway("the bell was closed")

    def _ring_if_due(self) -> None:
        if self._to_ring and self._connection is not None and monotonic() >= self._next_ring:
            # First: a ring that comes meanwhile is another one.
            self._to_ring = False
            self._next_ring = monotonic() + RING_EVERY_S
            self._connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, self._origin()))

    def _is_foreign(self, note: psycopg.Notify) -> bool:
        return note.payload != self._origin()

    def _failed(self, error: Exception) -> Exception:
        self._drop()
        if isinstance(error, psycopg.Error):
            return at_work(error)
        return HubAway("the bell's connection broke off")

    def _drop(self) -> None:
        if self._connection is not None:
            connection: psycopg.Connection[Any] = self._connection
            self._connection = None
            connection.close()

    def _let_go(self) -> None:
        self._drop()
        self._woken.close()
        self._wake.close()
