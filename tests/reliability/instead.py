"""What stands in a simulated station where the real one has the machine: time, loop and disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Died(BaseException):
    """The station's process was ended here; nothing catches it but the simulation."""


class Unkept(Exception):
    """A group of commands was answered with a failure although nothing was broken."""


class SimClock:
    """A station's wall clock: the simulation's time, set wrong by ``off_ms``, or standing still."""

    def __init__(self, true_ms: Callable[[], int]) -> None:
        self._true_ms = true_ms
        self.off_ms = 0
        self.stands_at: int | None = None

    def now_ms(self) -> int:
        """What this station takes for the time."""
        return self._true_ms() + self.off_ms if self.stands_at is None else self.stands_at

    def boottime(self) -> float:
        """Seconds that never jump."""
        return self._true_ms() / 1000


@dataclass(slots=True)
class Reply:
    """Stands for the future of a command: nothing until it was answered."""

    answered: bool = False
    result: Any = None
    error: BaseException | None = None

    def cancelled(self) -> bool:
        """Nobody gives up waiting here."""
        return False

    def set_result(self, result: Any) -> None:
        """The command was kept."""
        self.answered, self.result = True, result

    def set_exception(self, error: BaseException) -> None:
        """The command was refused, or not kept."""
        self.answered, self.error = True, error


class NowLoop:
    """Stands for the engine's loop: what is to be called soon is called now."""

    def create_future(self) -> Reply:
        return Reply()

    def call_soon_threadsafe(self, call: Callable[..., None], *given: Any) -> None:
        call(*given)


class FailingConnection:
    """A connection to the file on which the nth statement does not end well.

    ``how`` is `Died` for the end of the process, before the statement or after a COMMIT, or
    sqlite3.OperationalError for a disk that is full.
    """

    def __init__(self, raw: sqlite3.Connection, statements: int, how: type[BaseException]) -> None:
        self._raw = raw
        self._left = statements
        self._how = how

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise self._how("database or disk is full")

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """As sqlite3's, until it fails."""
        if sql == "COMMIT" and self._left == 2 and self._how is Died:
            self._raw.execute(sql)
            raise Died
        self._step()
        return self._raw.execute(sql, *given)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """As sqlite3's, until it fails."""
        self._step()
        return self._raw.executemany(sql, rows)

    def rollback(self) -> None:
        """The dead roll nothing back; the file does it when it is opened."""
        if self._how is not Died:
            self._raw.rollback()

    def close(self) -> None:
        """As sqlite3's."""
        self._raw.close()
