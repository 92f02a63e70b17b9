"""A question about the incident in view, asked again and again while it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.room import Desk
    from crisisdesk.store.queries import StationReader

ANSWER_WITHIN_MS = 5_000
T = TypeVar("T")


class IncidentAsking(Generic[T]):
    """Asks at most once at a time, and for an incident anew when another is shown.

    ``question`` takes the reader, the incident's id, who sits here and the moment (UTC ms);
    ``answer`` takes what is found, ``clear`` is called when another incident is shown.
    """

    def __init__(
        self,
        desk: Desk,
        every_ms: int,
        question: Callable[[StationReader, str, str, int], T],
        answer: Callable[[T], None],
        clear: Callable[[], None],
    ) -> None:
        self._desk, self._every_ms = desk, every_ms
        self._question, self._answer, self._clear = question, answer, clear
        self._incident = ""
        self._asked_at = self._read_at = 0
        self._asking = False

    def show(self, incident_id: str) -> None:
        """Look at this incident; "" for none."""
        if incident_id != self._incident:
            self._incident, self._read_at, self._asking = incident_id, 0, False
            self._clear()
        self.tick(self._desk.now_ms())

    def again(self) -> None:
        """What was found is not true any more: ask at the next tick."""
        self._read_at = 0

    def tick(self, now_ms: int) -> None:
        """Ask again when it is time."""
        waiting = self._asking and now_ms - self._asked_at < ANSWER_WITHIN_MS
        if not self._incident or waiting or now_ms - self._read_at < self._every_ms:
            return
        self._asking, self._asked_at = True, now_ms
        wanted, viewer = self._incident, self._desk.operator()

        def answer(found: T) -> None:
            if wanted == self._incident:
                self._asking, self._read_at = False, now_ms
                self._answer(found)

        self._desk.ask(lambda reader: self._question(reader, wanted, viewer, now_ms), answer)
