"""A connection to the hub: opened when something is asked, and again after it broke.

Every question is bounded in time and one statement, committed by itself. When an answer is lost the
question may have been done; the connection is then given up and `HubAway` raised, and whoever asked
asks again: every statement of this room may be repeated.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, LiteralString

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.conninfo import make_conninfo

from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.refusals import at_the_door, at_work
from crisisdesk.hub.schema import check_form

# Longer than the statement timeout: that the server gives up is its own, clearer answer.
ANSWER_S = 12.0


class BoundedConnection(psycopg.Connection[Any]):
    """Never waits longer for a server that does not answer than ``answer_s``."""

    answer_s = ANSWER_S

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's own, with a deadline where none is given."""
        return super().wait(gen, interval, self.answer_s if timeout is None else timeout)


def connect(address: HubAddress, name: str, answer_s: float = ANSWER_S) -> BoundedConnection:
    """A connection that takes writes and whose schema fits. Raises HubAway or HubRefused."""
    try:
        connection = BoundedConnection.connect(
            make_conninfo(**address.parameters),
            password=address.password,
            application_name=f"crisisdesk {name}",
            autocommit=True,
            # Poolers between station and hub may not keep what was prepared.
            prepare_threshold=None,
        )
    except psycopg.Error as error:
        raise at_the_door(error) from error
    connection.answer_s = answer_s
    try:
        check_form(connection)
    except psycopg.Error as error:
        connection.close()
        raise at_work(error) from error
    except HubRefused:
        connection.close()
        raise
    return connection


class HubLink:
    """One connection, used by one thread; any other may close it, which is final.

    ``name`` is what the hub's administrator sees it is for. ``answer_s`` is how long to wait for an
    answer before the hub counts as away.
    """

    def __init__(self, address: HubAddress, name: str, answer_s: float = ANSWER_S) -> None:
        self._address = address
        self._name = name
        self._answer_s = answer_s
        self._connection: BoundedConnection | None = None
        self._closed = False
        self._using = threading.Lock()

    def ask(
        self, question: LiteralString, values: Sequence[Any] = (), *, origin: str = ""
    ) -> list[Any]:
        """The rows of one statement. Raises HubAway, HubRefused, and Forked for ``origin``."""
        with self._using:
            connection = self._open()
            try:
                cursor = connection.execute(question, values, binary=True)
                return cursor.fetchall() if cursor.description is not None else []
            except psycopg.Error as error:
                reason = at_work(error, origin)
                if isinstance(reason, HubAway) or connection.broken:
                    self._let_go()
                raise reason from error

    def close(self) -> None:
        """Break off what is under way and let go; from any thread, and more than once."""
        self._closed = True
        if self._using.acquire(blocking=False):
            try:
                self._let_go()
            finally:
                self._using.release()
        elif (connection := self._connection) is not None:
            shut_down(connection)

    def _open(self) -> BoundedConnection:
        if self._connection is None and not self._closed:
            self._connection = connect(self._address, self._name, self._answer_s)
        if self._connection is None or self._closed:
            self._let_go()
            raise HubAway("the connection to the hub was closed")
        return self._connection

    def _let_go(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


def shut_down(connection: psycopg.Connection[Any]) -> None:
    """Wake the thread that waits on a connection: for it, the server is gone."""
    # Closed meanwhile by that very thread: then there is nothing left to wake.
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
