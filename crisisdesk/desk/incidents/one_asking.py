"""A question to the store that is asked when something changed, and never twice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.room import Desk
    from crisisdesk.store.queries import StationReader

ANSWER_WITHIN_MS = 3_000
T = TypeVar("T")


class OneAsking(Generic[T]):
    """``question`` takes the reader and the operator who sits here when it is asked.

    Set ``stale`` when something changed, and call `read`, then and at every tick: an answer that
    does not come in time never comes, because the store could not be read then.
    """

    def __init__(
        self,
        desk: Desk,
        question: Callable[[StationReader, str], T],
        answer: Callable[[T], None],
    ) -> None:
        self._desk, self._question, self._answer = desk, question, answer
        self._asked_at_ms: int | None = None
        self.stale = False

    def read(self) -> None:
        """Ask if something changed and nothing is being asked."""
        now_ms, asked_at = self._desk.now_ms(), self._asked_at_ms
        if asked_at is not None and now_ms - asked_at > ANSWER_WITHIN_MS:
            self._asked_at_ms, self.stale = None, True
        if not self.stale or self._asked_at_ms is not None:
            return
        self.stale, self._asked_at_ms = False, now_ms
        operator = self._desk.operator()
        self._desk.ask(lambda reader: self._question(reader, operator), self._answered)

    def _answered(self, found: T) -> None:
        self._asked_at_ms = None
        self._answer(found)
