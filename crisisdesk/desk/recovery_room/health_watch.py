"""Asks how what a run must meet stands now, again and again while its page is in view.

The engine looks, on a thread of the desk's apart from commands; what the station measured is read
on the reader's thread. Nothing here waits.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.recovery_room.health_words import (
    BACK_MS,
    Points,
    head_words,
    health_lines,
    with_look,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.recovery_room.health_pane import HealthPane
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.checklist import Run
    from crisisdesk.store.queries import StationReader

EVERY_MS = 10_000
STEP_MS = 15_000


def read_points(names: frozenset[str], now_ms: int) -> Callable[[StationReader], dict[str, Points]]:
    """The question for what was measured of these sources in the last minutes, by name."""

    def answer(reader: StationReader) -> dict[str, Points]:
        from crisisdesk.domain.detection.source import sources
        from crisisdesk.domain.service_board.of_service import main_series
        from crisisdesk.store.queries.samples import SamplesUnreadable

        measured = reader.measured() if names else None
        if measured is None:
            return {}
        found: dict[str, Points] = {}
        for one in sources(reader.policies(declared=True)):
            if one.name not in names:
                continue
            try:
                main = main_series(measured.known(one.source_id))
                since, until = now_ms - BACK_MS, now_ms + 1
                buckets = [] if main is None else measured.between(main, since, until, STEP_MS)
            except SamplesUnreadable:
                # The Health room says why; the value of the look itself is still shown.
                return found
            found[one.name] = tuple((bucket.at, bucket.last) for bucket in buckets)
        return found

    return answer


class HealthWatch(QObject):
    """``watch`` names the run in view, None for none; ``tick`` asks when it is time."""

    def __init__(self, desk: Desk, pane: HealthPane) -> None:
        super().__init__(pane)
        self._desk, self._pane = desk, pane
        self._run_id, self._asked_ms, self._asking = "", 0, False
        self._forget()

    def _forget(self) -> None:
        self._results: list[dict[str, Any]] = []
        self._looks: dict[str, Points] = {}
        self._sparks: dict[str, Points] = {}
        self._at, self._problem = "", ""

    def watch(self, run: Run | None) -> None:
        """Look at this run from now on; one that has ended has nothing to be looked at."""
        run_id = run.run_id if run is not None and run.ended_at is None else ""
        if run_id == self._run_id:
            return
        self._run_id, self._asked_ms = run_id, 0
        self._forget()
        self._show()

    def tick(self, now_ms: int) -> None:
        """Ask again when it is time; a clock that was set back does not put it off."""
        due = not 0 <= now_ms - self._asked_ms < EVERY_MS
        if not self._run_id or self._asking or not due:
            return
        if self._desk.engine_away():
            self._tell("the engine is away")
            return
        self._asking, self._asked_ms, run_id = True, now_ms, self._run_id
        self._desk.look(
            lambda client: client.run_health(run_id),
            partial(self._heard, run_id),
            partial(self._refused, run_id),
        )

    def _heard(self, run_id: str, told: dict[str, Any]) -> None:
        self._asking = False
        if run_id != self._run_id:
            self._asked_ms = 0
            return
        now_ms = self._desk.now_ms()
        self._results, self._at, self._problem = told["results"], utc_clock(now_ms), ""
        self._looks = with_look(self._looks, self._results, now_ms)
        self._show()
        names = frozenset(one["source"] for one in self._results if one["source"])
        if names:
            self._desk.ask(read_points(names, now_ms), partial(self._measured, run_id))

    def _measured(self, run_id: str, found: dict[str, Points]) -> None:
        if run_id == self._run_id:
            self._sparks = found
            self._show()

    def _refused(self, run_id: str, refusal: Refusal) -> None:
        self._asking = False
        if run_id == self._run_id:
            self._tell(refusal.words)
        else:
            self._asked_ms = 0

    def _tell(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self._show()

    def _show(self) -> None:
        now_ms = self._desk.now_ms()
        lines = health_lines(self._results, self._looks, self._sparks, now_ms)
        self._pane.show_health(lines, head_words(self._at, self._problem), now_ms)
