"""Looks at every declared source on its interval, and reports what is down, silent or back.

Nothing is kept of a look but its samples; that something is down says its alert, which outlives
this engine. All time is the engine's clock; a gap in it (sleep, stall, leap) is no time in which a
source kept silent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from crisisdesk.domain.detection.reading import Line, Reading, Verdict
from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.detection.source import (
    ALERT_SOURCE,
    EACH,
    SECOND_MS,
    Source,
    is_outside,
    next_look,
)
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.collector_ports import Detection, prober_of
from crisisdesk.engine.command import Submit
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.ports import Secrets, StoreFailed
from crisisdesk.engine.source_commands import DeclaredSources, ListSources, NoteLooks
from crisisdesk.engine.workers.bookmarks import BookmarkKeeper
from crisisdesk.engine.workers.looking import GAP_MS, Looker
from crisisdesk.engine.workers.network_watch import NetworkWatch
from crisisdesk.engine.workers.passing_on import PassingOn
from crisisdesk.engine.workers.sample_writer import SampleWriter
from crisisdesk.engine.workers.side_tasks import SideTasks
from crisisdesk.engine.workers.watched import Standing, Watched

log = logging.getLogger(__name__)

ACTOR = f"source:{ALERT_SOURCE}"
TICK_S = 0.25
# Looks at one time; each is a connection or two. A thousand sources that all hang for 5 s each 10 s
# need five hundred; more would leave too little of the 1,024 files that a process often may open.
AT_ONCE = 512
TROUBLE_SHOWN_MS = 60 * SECOND_MS
REREAD_MS = 10 * 60 * SECOND_MS
_DECLARING = frozenset({"policy.published", "policy.withdrawn"})
_ENDING = frozenset({"alert.resolved", "alert.closed", "alert.reopened"})
Listener = Callable[[Sequence[Sample], Sequence[Line], int], None]


class Collector:
    """Runs on the engine's loop. ``now`` is the engine's clock (UTC ms), ``on_duty`` whether this
    station pages, ``station_name`` what it is called. `problems` are sentences for the operator."""

    def __init__(
        self,
        submit: Submit,
        parts: Detection,
        secrets: Secrets,
        now: Callable[[], int],
        on_duty: Callable[[], bool],
        station_name: str = "",
    ) -> None:
        self._submit = submit
        self._parts = parts
        self._now = now
        self._on_duty = on_duty
        self._name = station_name
        self._looker = Looker(parts.probers, secrets, now)
        self._network = None if parts.network is None else NetworkWatch(parts.network, now)
        self._writer = None if parts.samples is None else SampleWriter(parts.samples)
        self._bookmarks = BookmarkKeeper(parts.bookmarks)
        self._passing = PassingOn(submit)
        self._listeners: list[Listener] = []
        self._watched: dict[str, Watched] = {}
        self._by_key: dict[str, Watched] = {}
        self._told: dict[str, int] = {}
        self._station_id: str | None = None
        self._is_stale = True
        self._reading = 0
        self._read_at = 0
        self._left: int | None = None
        self._had_duty: bool | None = None
        # As of this turn: asking costs too much to be done for each source.
        self._duty = False
        self._tasks = SideTasks(self._trouble)
        self._problem, self._troubled_at = "", 0
        self.looks = 0

    @property
    def problems(self) -> list[str]:
        """What is wrong with looking."""
        found = [self._problem if self._is_troubled() else "", self._bookmarks.problem]
        if self._writer is not None:
            found.append(self._writer.problem)
        if self._network is not None and self._network.words:
            found.append(f"this station's own network does not answer: {self._network.words}")
        return [words for words in found if words]

    def on_commit(self, kinds: dict[str, int]) -> None:
        """Ask anew when what is declared, or whose alert is open, may have changed."""
        if not _DECLARING.isdisjoint(kinds) or (self._told and not _ENDING.isdisjoint(kinds)):
            self._is_stale = True

    def on_samples(self, listener: Listener) -> None:
        """Call ``listener`` with the samples and lines of each look, and when it is (UTC ms)."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            while True:
                try:
                    await self.turn()
                except (StoreFailed, Overloaded, Stopped) as error:
                    self._trouble(error)
                await asyncio.sleep(TICK_S)
        finally:
            await self._tasks.close()

    async def aclose(self) -> None:
        """Write what is not written yet, and close probers and samples."""
        await self._tasks.close()
        if self._network is not None:
            await self._network.close()
        await self._bookmarks.save()
        if self._writer is not None:
            await self._writer.aclose()
        await self._parts.probers.aclose()

    # -- one turn ----------------------------------------------------------------------------

    async def turn(self) -> None:
        """Begin the looks that are due, and report what none has found out for too long.

        Raises as `Committer.submit` does; what was not reported is found again at the next turn.
        """
        try:
            await self._turned(self._now())
        finally:
            self._left = self._now()

    async def settled(self) -> None:
        """Return when every look that has begun is over."""
        await self._tasks.settled()

    async def _turned(self, now: int) -> None:
        duty = self._duty = self._on_duty()
        if self._station_id is None or self._is_stale or not 0 <= now - self._read_at < REREAD_MS:
            await self._read(now)
        if duty != self._had_duty:
            await self._take_over(now, is_first=self._had_duty is None)
            self._had_duty = duty
        if self._left is not None and not 0 <= now - self._left <= GAP_MS:
            for watched in self._watched.values():
                watched.came_back(now)
        self._begin_looks(now)
        if self._network is not None and self._network.is_due(self._told, self._me()):
            self._tasks.start("network:", self._network.check_again)
        if self._writer is not None:
            self._tasks.start("samples:", self._writer.write)
        if self._bookmarks.is_due(now):
            self._tasks.start("bookmarks:", self._bookmarks.save)
        await self._report_quiet(now)

    async def _take_over(self, now: int, *, is_first: bool) -> None:
        """Duty came or went: what another station has seen counts for nothing here."""
        if not is_first:
            await self._read(now)
            for watched in self._watched.values():
                if watched.source.where != EACH:
                    watched.begin(now)

    def _begin_looks(self, now: int) -> None:
        free = AT_ONCE - len(self._tasks)
        due = [
            w
            for w in self._watched.values()
            if w.due <= now and self._is_mine(w.source) and w.source.source_id not in self._tasks
        ]
        # Those that have waited longest first: none starves behind a source that hangs.
        for watched in sorted(due, key=lambda w: w.due)[: max(0, free)]:
            watched.due = next_look(watched.source, now)
            self._tasks.start(watched.source.source_id, partial(self._look, watched))

    # -- looking -----------------------------------------------------------------------------

    async def look_once(self, source: Source) -> Reading:
        """What one look finds, for whoever tries settings out; nothing comes of it.

        Raises Malformed for settings that cannot be used.
        """
        prober_of(self._parts.probers, source.type).check(source.settings)
        return await self._looker.look(source, {})

    def checked(self, type_: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as they are published; raises Malformed."""
        return prober_of(self._parts.probers, type_).check(settings)

    async def _look(self, watched: Watched) -> None:
        source, began = watched.source, self._now()
        reading = await self._looker.look(source, self._bookmarks.of(source.source_id))
        why = ""
        if reading.verdict == Verdict.DOWN and is_outside(source.type, source.settings):
            why = "" if self._network is None else await self._network.why_not(began)
        self.looks += 1
        if self._watched.get(source.source_id) is not watched or not self._is_mine(source):
            return
        if why:
            reading, watched.fresh_from = _doubted(reading, why), self._now()
        self.hand_on(reading.samples, reading.lines, reading.at)
        judged = watched.judge(reading, self._told, self._station())
        if judged.signal is not None:
            await self._note([judged.signal], again=judged.again)
            watched.is_silent_told = False
        await self._passing.pass_on(reading.signals, self._now())
        # Only now: what was read and not reported would be lost otherwise.
        self._bookmarks.put(source.source_id, reading.bookmark)

    def hand_on(self, samples: Sequence[Sample], lines: Sequence[Line], at: int) -> None:
        """Keep what was measured at ``at`` (UTC ms), and tell the listeners."""
        if not (samples or lines):
            return
        if self._writer is not None:
            self._writer.take(samples, lines)
        for listener in self._listeners:
            try:
                listener(samples, lines, at)
            except Exception as error:  # noqa: BLE001 - see below
                # What a listener makes of it is no reason not to tell that something is down.
                self._trouble(error)

    # -- reporting ---------------------------------------------------------------------------

    async def _report_quiet(self, now: int) -> None:
        """What no look says: that there was none, and that this station is cut off."""
        silent: dict[str, Watched] = {}
        signals: list[Signal] = []
        for watched in self._watched.values():
            if not self._is_mine(watched.source):
                continue
            signal = watched.missed(now, self._told, self._station())
            if signal is not None:
                signals.append(signal)
                silent[signal.key] = watched
        own = [] if self._network is None else self._network.signals(self._told, self._station())
        if not signals and not own:
            return
        await self._note([*signals, *own])
        for watched in silent.values():
            watched.is_silent_told = True
        if self._network is not None and any(s.action == SignalAction.FIRE for s in own):
            self._network.cried()

    async def _note(self, signals: Sequence[Signal], *, again: bool = False) -> None:
        await self._submit(NoteLooks(signals=signals, again=again), ACTOR)
        now = self._now()
        for signal in signals:
            if signal.action == SignalAction.FIRE:
                self._told[signal.key] = now
                if signal.key in self._by_key:
                    self._by_key[signal.key].cried_at = now
            else:
                self._told.pop(signal.key, None)
        # An answer that is on its way may be older than this.
        self._is_stale = True

    def _trouble(self, error: BaseException) -> None:
        if not self._is_troubled():
            log.error("looks at sources could not be reported: %r", error, exc_info=error)
        self._problem = f"looks at sources could not be reported: {error}"
        self._troubled_at = self._now()

    def _is_troubled(self) -> bool:
        return bool(self._problem) and 0 <= self._now() - self._troubled_at < TROUBLE_SHOWN_MS

    # -- what is known -----------------------------------------------------------------------

    def standing(self, source_id: str = "") -> list[Standing]:
        """How each source stands here, by name; or the one of this id alone, where it is known."""
        now, me, self._duty = self._now(), self._me(), self._on_duty()
        asked = list(self._watched.values())
        if source_id:
            asked = [self._watched[source_id]] if source_id in self._watched else []
        return [w.standing(now, self._told, me, self._is_here(w.source)) for w in asked]

    async def refresh(self) -> None:
        """Know what was declared or ended until now. Raises as `Committer.submit` does."""
        # One that is being read may have been asked for before what is wanted was declared.
        if self._station_id is None or self._is_stale or self._reading:
            await self._read(self._now())

    def _is_here(self, source: Source) -> bool:
        """Whether it is this station that looks at it."""
        return source.where == EACH or self._duty

    def _is_mine(self, source: Source) -> bool:
        return not source.paused and self._is_here(source)

    def _me(self) -> str:
        return self._station_id or ""

    def _station(self) -> tuple[str, str]:
        return self._me(), self._name

    async def _read(self, now: int) -> None:
        self._is_stale = False
        self._reading += 1
        try:
            declared: DeclaredSources = await self._submit(ListSources(), ACTOR)
        except BaseException:
            self._is_stale = True
            raise
        finally:
            self._reading -= 1
        if self._station_id is None:
            await self._bookmarks.load()
        self._station_id, self._read_at = declared.station_id, now
        self._told = dict(declared.told)
        before, self._watched = self._watched, {}
        for source in declared.found:
            known = before.get(source.source_id)
            if known is None or known.source.version_id != source.version_id:
                known = Watched(source=source, due=now, fresh_from=now)
                known.begin(now)
            self._watched[source.source_id] = known
        self._by_key = {w.key(self._me()): w for w in self._watched.values()}
        self._bookmarks.only(self._watched)


def _doubted(reading: Reading, why: str) -> Reading:
    """It could not be reached because nothing outside can be: that says nothing of it."""
    words = f"this station's own network does not answer ({why}); the look said: {reading.words}"
    own = tuple(s for s in reading.samples if s.series.metric not in ("up", "took_seconds"))
    return replace(reading, verdict=Verdict.UNSURE, words=words[:300], samples=own)
