"""Hears heartbeats and misses them: beats stay in mind, only what changes is written.

Which station judges: the one that heard the heartbeat last, by its own ears or by what others told
(``station.heard``). A station that was away itself, stopped, asleep or stalled, waits for a whole
period before it misses anything. When the station that hears some is away, whoever has duty says
so, once for all of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from crisisdesk.domain.heartbeat import (
    HOUR_MS,
    NOTHING,
    SECOND_MS,
    SOURCE,
    Hearing,
    Heartbeat,
    State,
    hash_of,
    missing_at,
    newest_hearer,
    patience,
    state_of,
)
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.command import Submit
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.fleet import FleetStatus
from crisisdesk.engine.heartbeat_commands import Declared, ListHeartbeats, NoteBeats
from crisisdesk.engine.heartbeat_signals import STATION_KEY, away_signal, back, cry, why_missing
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

ACTOR = f"source:{SOURCE}"
TICK_S = 1.0
# Who was kept from looking for longer than this may have been kept from hearing as well.
GAP_MS = 10 * SECOND_MS
# What is heard is written down again after this long.
KEEP_MS = HOUR_MS
# An alert that somebody ended while the heartbeat is still missing comes back after this long.
CRY_AGAIN_MS = 15 * 60 * SECOND_MS
FAIL_AGAIN_MS = 60 * SECOND_MS
REREAD_MS = 10 * 60 * SECOND_MS
# A station that has told the hub nothing for this long is away.
AWAY_MS = 30 * SECOND_MS
# A failing job may say why; that much of it is kept.
WORDS_LIMIT = 500
NOBODY = ("", 0)
_DECLARING = frozenset({"policy.published", "policy.withdrawn", "station.heard"})
_ENDING = frozenset({"alert.fired", "alert.resolved", "alert.closed", "alert.reopened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How one heartbeat stands here. ``beat`` is the last one known, UTC ms, ``by`` the id of the
    station that heard it, ``missing_from`` when this station would miss it."""

    one: Heartbeat
    state: State
    beat: int | None
    by: str
    started: int | None
    missing_from: int | None


class HeartbeatJudge:
    """Runs on the engine's loop. ``now`` is the engine's clock (UTC ms), ``fleet`` how it stands
    towards the others; `problem` says that what it found could not be written down."""

    def __init__(
        self,
        submit: Submit,
        now: Callable[[], int],
        on_duty: Callable[[], bool],
        fleet: Callable[[], FleetStatus],
    ) -> None:
        self._submit = submit
        self._now = now
        self._on_duty = on_duty
        self._fleet = fleet
        self._declared: Declared | None = None
        self._by_hash: dict[str, Heartbeat] = {}
        self._heard: dict[str, Hearing] = {}
        self._newest: dict[str, tuple[str, int]] = {}
        self._cried: dict[str, int] = {}
        self._told: dict[str, int] = {}
        self._is_stale = True
        self._read_at = 0
        self._left: int | None = None
        # Until then nothing can be missed and nothing is to be kept: a beat only puts that off.
        self._next_pass = 0
        self.problem = ""
        self.beats = 0

    def on_commit(self, kinds: dict[str, int]) -> None:
        """Ask anew when what is declared, told or open may have changed."""
        if not _DECLARING.isdisjoint(kinds) or (self._found() and not _ENDING.isdisjoint(kinds)):
            self._is_stale = True

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            try:
                await self.look()
                self.problem = ""
            except (StoreFailed, Overloaded, Stopped) as error:
                if not self.problem:
                    log.error("heartbeats could not be judged: %s", error)
                self.problem = f"heartbeats could not be judged: {error}"
            await asyncio.sleep(TICK_S)

    # -- hearing -----------------------------------------------------------------------------

    async def hear(self, token: str, what: str = "", words: str = "") -> bool:
        """Take a beat, or "start" or "fail" with its reason; False for an address nobody has.

        Returns when what it changes is on disk. Raises as `Committer.submit` does.
        """
        hashed = hash_of(token)
        if hashed not in self._by_hash:
            await self.refresh()
        one = self._by_hash.get(hashed)
        if one is None:
            return False
        self.beats += 1
        now, key = self._now(), one.heartbeat_id
        known = self._heard.get(key, NOTHING)
        if what == "start" or now - (known.beat or 0) >= KEEP_MS // 2:
            self._next_pass = 0
        if what == "start":
            self._heard[key] = Hearing(beat=known.beat, started=now)
        elif what == "fail":
            self._heard[key] = replace(known, started=None)
            await self._fail(one, words, now)
        else:
            self._heard[key] = Hearing(beat=now)
            self._cried.pop(key, None)
            if key in self._told:
                await self._note({key: now}, [back(one)])
        return True

    async def _fail(self, one: Heartbeat, words: str, now: int) -> None:
        last = self._cried.get(one.heartbeat_id)
        is_open = one.heartbeat_id in self._told
        if one.paused or (is_open and last is not None and now - last < FAIL_AGAIN_MS):
            return
        said = " ".join(words.split())[:WORDS_LIMIT]
        text = f"It said so itself: {said}" if said else "It said so itself."
        title = f"Heartbeat {one.name} reports a failure"
        await self._note({}, [cry(one, title, text)], again=True)
        self._cried[one.heartbeat_id] = now

    # -- judging -----------------------------------------------------------------------------

    async def look(self) -> None:
        """Miss what is due to be missed, and write down what is due to be kept.

        Raises as `Committer.submit` does; what was not written is found again at the next look.
        """
        try:
            await self._looked(self._now())
        finally:
            self._left = self._now()

    async def _looked(self, now: int) -> None:
        if self._declared is None or self._is_stale or not 0 <= now - self._read_at < REREAD_MS:
            await self._read()
        if self._left is not None and not 0 <= now - self._left <= GAP_MS:
            self._came_back(self._left, now)
        signals, beats = [*self._returned(), *self._absent(now)], dict[str, int]()
        if now >= self._next_pass:
            signals += self._missing(now)
            beats = self._to_keep(now)
            self._next_pass = self._soonest(now)
        if signals or beats:
            await self._note(beats, signals)
            self._cried |= {s.key: now for s in signals if s.action == SignalAction.FIRE}

    async def refresh(self) -> None:
        """Know what was declared, told or ended until now. Raises as `Committer.submit` does."""
        if self._declared is None or self._is_stale:
            await self._read()

    def standing(self) -> list[Heard]:
        """How each heartbeat stands, by name."""
        now, found = self._now(), self._found()
        told = []
        for one in found:
            heard = self._heard.get(one.heartbeat_id, NOTHING)
            by, at = self._newest.get(one.heartbeat_id, NOBODY)
            mine = self._is_mine(one)
            if not mine:
                heard = Hearing(beat=at)
            is_told = one.heartbeat_id in self._told
            state = state_of(one, heard, now, is_told=is_told)
            if not mine and state in (State.LATE, State.MISSING, State.UNSURE) and not is_told:
                # Another station hears it, and would say if it missed it.
                state = State.WELL
            told.append(
                Heard(
                    one=one,
                    state=state,
                    beat=heard.beat,
                    by=self._me() if mine and heard.beat is not None else by,
                    started=heard.started,
                    missing_from=missing_at(one, heard) if mine else None,
                )
            )
        return told

    def _came_back(self, away_from: int, now: int) -> None:
        """This station could not hear from then until now."""
        self._next_pass = 0
        for one in self._found():
            known = self._heard.get(one.heartbeat_id, NOTHING)
            beat = known.beat if known.beat is None else min(known.beat, now)
            until = max(known.patient_until, patience(one, beat, min(away_from, now), now))
            until = min(until, now + one.every_ms + one.grace_ms)
            begun = known.started if known.started is None else min(known.started, now)
            self._heard[one.heartbeat_id] = Hearing(beat=beat, started=begun, patient_until=until)

    def _missing(self, now: int) -> Iterable[Signal]:
        for one in self._found():
            key = one.heartbeat_id
            heard = self._heard.get(key, NOTHING)
            at = missing_at(one, heard)
            if at is None or now < at or key in self._told or not self._is_mine(one):
                continue
            if now - self._cried.get(key, now - CRY_AGAIN_MS) < CRY_AGAIN_MS:
                continue
            yield cry(one, f"Heartbeat {one.name} is missing", why_missing(one, heard, now))

    def _returned(self) -> Iterable[Signal]:
        """Alerts that are open although this station has heard a beat since they began."""
        if not self._told:
            return
        for one in self._found():
            since = self._told.get(one.heartbeat_id)
            beat = self._heard.get(one.heartbeat_id, NOTHING).beat
            if since is not None and beat is not None and beat > since:
                yield back(one)

    def _to_keep(self, now: int) -> dict[str, int]:
        """What is heard and not written down for long, together with what soon would be."""
        if self._declared is None:
            return {}
        mine = self._declared.hears.get(self._me(), {})
        soon, is_due = dict[str, int](), False
        for one in self._found():
            key, beat = one.heartbeat_id, self._heard.get(one.heartbeat_id, NOTHING).beat
            kept = mine.get(key)
            if beat is None or (kept is not None and beat <= kept):
                continue
            rest = KEEP_MS if kept is None else now - kept
            taken_over = self._hears_more(one) and rest >= _turn_ms(one)
            if rest >= KEEP_MS // 2 or taken_over:
                soon[key] = beat
            is_due = is_due or rest >= KEEP_MS or taken_over
        return soon if is_due else {}

    def _soonest(self, now: int) -> int:
        """The next moment at which something may be to do."""
        kept = {} if self._declared is None else self._declared.hears.get(self._me(), {})
        at = now + KEEP_MS
        for one in self._found():
            key, heard = one.heartbeat_id, self._heard.get(one.heartbeat_id, NOTHING)
            missed = missing_at(one, heard)
            if missed is not None and key not in self._told:
                again = self._cried.get(key, 0)
                at = min(at, max(missed, again + CRY_AGAIN_MS if again else 0))
            told = kept.get(key, 0)
            at = min(at, told + KEEP_MS) if (heard.beat or 0) > told else at
            if not self._is_mine(one) or self._hears_more(one):
                at = min(at, now + SECOND_MS)
        return max(at, now)

    def _hears_more(self, one: Heartbeat) -> bool:
        """Whether it hears what another station told last that it hears."""
        name, at = self._newest.get(one.heartbeat_id, NOBODY)
        beat = self._heard.get(one.heartbeat_id, NOTHING).beat or 0
        return name not in ("", self._me()) and beat > at

    def _absent(self, now: int) -> Iterable[Signal]:
        """Stations that hear heartbeats and are away themselves, told by whoever has duty."""
        fleet = self._fleet()
        if fleet.hub.state != "up" or not self._on_duty() or self._declared is None:
            return
        for station in fleet.stations:
            if station.is_self:
                continue
            key, quiet = STATION_KEY + station.station_id, now - station.seen_ms
            if quiet <= AWAY_MS:
                if key in self._told:
                    yield away_signal(station, SignalAction.RESOLVE, (), "it is back")
                continue
            deaf = [
                one
                for one in self._heard_by(station.station_id)
                if quiet > one.every_ms + one.grace_ms
            ]
            if deaf and key not in self._told and now - self._cried.get(key, 0) >= CRY_AGAIN_MS:
                yield away_signal(station, SignalAction.FIRE, deaf, "")

    def _heard_by(self, station_id: str) -> list[Heartbeat]:
        return [
            one
            for one in self._found()
            if not one.paused
            and not self._is_mine(one)
            and self._newest.get(one.heartbeat_id, NOBODY)[0] == station_id
        ]

    # -- what is known -----------------------------------------------------------------------

    def _found(self) -> Sequence[Heartbeat]:
        return () if self._declared is None else self._declared.found

    def _me(self) -> str:
        return "" if self._declared is None else self._declared.station_id

    def _is_mine(self, one: Heartbeat) -> bool:
        """Whether no other station has told of a later beat than this one heard."""
        name, at = self._newest.get(one.heartbeat_id, NOBODY)
        beat = self._heard.get(one.heartbeat_id, NOTHING).beat or 0
        return name in ("", self._me()) or beat >= at

    async def _read(self) -> None:
        """Ask what is declared, told and open."""
        self._is_stale = False
        others = tuple(s.station_id for s in self._fleet().stations)
        try:
            declared: Declared = await self._submit(ListHeartbeats(stations=others), ACTOR)
        except BaseException:
            self._is_stale = True
            raise
        is_first, now = self._declared is None, self._now()
        self._declared, self._read_at = declared, now
        self._newest = {
            one.heartbeat_id: newest_hearer(declared.hears, one.heartbeat_id)
            for one in declared.found
        }
        self._by_hash = {one.token_hash: one for one in declared.found}
        self._told = dict(declared.told)
        self._next_pass = 0
        kept = declared.hears.get(declared.station_id, {})
        for gone in self._heard.keys() - {one.heartbeat_id for one in declared.found}:
            del self._heard[gone]
        for one in declared.found:
            if one.heartbeat_id not in self._heard:
                beat = kept.get(one.heartbeat_id)
                # Since that beat the engine may have stopped at any time, and has begun only now.
                until = patience(one, beat, beat or 0, now) if is_first else 0
                self._heard[one.heartbeat_id] = Hearing(beat=beat, patient_until=until)

    async def _note(
        self, beats: dict[str, int], signals: Sequence[Signal], *, again: bool = False
    ) -> None:
        now = self._now()
        fired = {s.key for s in signals if s.action == SignalAction.FIRE} - self._told.keys()
        # Before it is on disk: a beat that comes meanwhile has to end it again.
        self._told |= dict.fromkeys(fired, now)
        try:
            await self._submit(NoteBeats(beats=beats, signals=signals, again=again), ACTOR)
        except BaseException:
            for key in fired:
                self._told.pop(key, None)
            self._next_pass = 0
            raise
        for signal in signals:
            if signal.action != SignalAction.FIRE:
                self._told.pop(signal.key, None)
        if beats:
            # The commit says so too, but not before the next look may begin.
            self._is_stale = True


def _turn_ms(one: Heartbeat) -> int:
    """How soon a station tells that it hears what another heard before: within the grace of it."""
    return min(60 * SECOND_MS, one.grace_ms // 2)
