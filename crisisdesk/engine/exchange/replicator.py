"""The replicator: keeps the exchange going on a thread of its own, and says how it stands.

It wakes at an own commit (and hands over at once), when the hub's bell rings, and every two seconds
whatever happened. Nothing waits for it: a hub that hangs holds this thread and nobody else.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.event import Stored
from crisisdesk.domain.frontier import Standing
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.commands import Absorb, Command, NoteRejoin
from crisisdesk.engine.committer import Committer, Overloaded, Stopped
from crisisdesk.engine.exchange.absorbing import absorb_in_pieces
from crisisdesk.engine.exchange.ears import Ears
from crisisdesk.engine.exchange.exchange import Exchange, Outcome
from crisisdesk.engine.exchange.leaving import leave
from crisisdesk.engine.exchange.parts import (
    Chore,
    ClosableHub,
    ClosableLog,
    Errand,
    ExchangeParts,
)
from crisisdesk.engine.exchange.ports import (
    Absorbed,
    Digest,
    HubAway,
    HubRefused,
    Mark,
    Marks,
    Report,
)
from crisisdesk.engine.exchange.standing import (
    SUSPECT_MS,
    compare_digests,
    durability,
    hub_down,
    hub_up,
    stations,
    vector_of,
)
from crisisdesk.engine.fleet import FleetStatus, HubStatus
from crisisdesk.engine.ports import Clock, StoreFailed

log = logging.getLogger(__name__)

POLL_S = 2.0
AFTER_AWAY_S = 0.5
LONGEST_PAUSE_S = 4.0  # soon after an outage everybody must know everything
JITTER = 0.2
REPORT_EVERY_S = 1.0
DIGEST_EVERY_S = 30.0
# Clocks of one room differ by this much without anybody noticing; no reason to shift them.
OFFSET_STEP_MS = 500
SPLIT_MS = 5_000


class Replicator:
    """Runs on the engine's loop with two threads: one exchanges, one listens for the bell."""

    def __init__(self, parts: ExchangeParts, committer: Committer, clock: Clock) -> None:
        self._parts = parts
        self._committer = committer
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake, self._rang = asyncio.Event(), asyncio.Event()
        self._full = False
        self._stop = threading.Event()
        self._hub: ClosableHub | None = None
        self._ears = Ears(lambda: parts.open_bell(self._own), self._ask_full)
        self._log: ClosableLog | None = None
        self._errand: Errand | None = None
        self._begun = False
        self._chores: Sequence[Chore] = ()
        self._last = Outcome()
        self._heard: dict[str, int] = {}
        self._digest: Digest | None = None
        self._digests: dict[str, bool] = {}
        self._next_report = 0.0
        self._next_digest = 0.0
        self._away_since_ms: int | None = clock.now_ms()
        self._completed = float("-inf")
        self._failures = 0
        self._pause = random.Random()  # noqa: S311 - spreads the load, keeps no secret
        self._troubles: dict[str, str] = {}
        self.status = FleetStatus(
            hub=HubStatus(
                state="away", where=parts.where, since_ms=clock.now_ms(), words="not reached yet"
            )
        )
        self.pushed = 0
        self.pulled = 0

    # -- on the loop -------------------------------------------------------------------------

    def on_commit(self, _kinds: dict[str, int]) -> None:
        """Something was written here: hand it over without waiting for the next round."""
        self._wake.set()

    @property
    def problems(self) -> tuple[str, ...]:
        """What an operator should know, in sentences."""
        errand = self._errand
        told = [] if errand is None else [words for ask in errand.notices for words in ask()]
        return (*self._troubles.values(), *told)

    def shared(self) -> dict[str, int]:
        """How much of each origin's log the hub had when it last answered.

        Also while its events are only being taken in: what comes from there others know as well,
        and whoever acts without the hub must not page for it as if it were alone.
        """
        known = vector_of(self._last.hub)
        for origin, seq in self._heard.items():
            known[origin] = max(seq, known.get(origin, 0))
        return known

    def caught_up(self, since: float) -> bool:
        """Whether an exchange that began after this moment (boottime) went through."""
        return self._completed >= since

    def others(self) -> list[Standing] | None:
        """The other registered stations' last reports; None while the hub has not told them."""
        if self._last.fleet is None:
            return None
        return [
            Standing(origin=r.origin, vector=r.vector, hlc=r.hlc)
            for r in self._last.fleet.reports
            if r.origin != self._own()
        ]

    async def run(self) -> None:
        """Serve until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._stop.clear()
        # One thread each: a connection to the station's file belongs to the thread that opened it.
        with ThreadPoolExecutor(1, "exchange") as threads, ThreadPoolExecutor(1, "bell") as ears:
            listener = self._loop.run_in_executor(ears, self._ears.listen, self._stop)
            try:
                while not self._stop.is_set():
                    self._wake.clear()
                    self._rang.clear()
                    full, self._full = self._full, False
                    # Shielded: what is under way is broken off below and comes to its end.
                    await asyncio.shield(self._loop.run_in_executor(threads, self._exchange, full))
                    await self._rest()
            finally:
                self._stop.set()
                self._break_off()
                await asyncio.shield(self._let_go(threads, listener))

    async def _rest(self) -> None:
        """Until it is time, or the bell rings; a write ends it unless the last round failed."""
        base = POLL_S
        if self._failures:
            base = min(AFTER_AWAY_S * 2 ** (self._failures - 1), LONGEST_PAUSE_S)
        pause = base * self._pause.uniform(1 - JITTER, 1 + JITTER)
        try:
            async with asyncio.timeout(pause):
                await asyncio.sleep(AFTER_AWAY_S if self._failures else 0)
                await (self._rang if self._failures else self._wake).wait()
        except TimeoutError:
            self._full = True

    async def _let_go(self, threads: ThreadPoolExecutor, listener: asyncio.Future[None]) -> None:
        assert self._loop is not None
        await listener
        await self._loop.run_in_executor(threads, self._close)

    def _break_off(self) -> None:
        lines = [] if self._errand is None else self._errand.lines
        for line in (self._hub, self._ears, *lines):
            if line is not None:
                line.close()

    def _ask_full(self) -> None:
        def ask() -> None:
            self._full = True
            self._wake.set()
            self._rang.set()

        assert self._loop is not None
        self._loop.call_soon_threadsafe(ask)

    # -- on the exchange's thread ------------------------------------------------------------

    def _exchange(self, full: bool) -> None:
        try:
            if self._hub is None or self._log is None:
                self._open()
                full = True
            self._begin()
            self._round(full or bool(self._failures))
            self._failures = 0
            self._troubles.pop("hub", None)
        except HubAway as error:
            self._down("away", str(error))
        except HubRefused as error:
            self._down("refused", str(error))
            self._troubles["hub"] = f"the hub refuses this station: {error}"
        except (StoreFailed, Overloaded, DomainError) as error:
            self._failures += 1
            log.error("events could not be exchanged, trying again: %s", error)
        except Stopped:
            self._stop.set()

    def _open(self) -> None:
        self._hub = self._parts.open_hub()
        self._log = self._parts.open_log(self._own, self._absorb, self._leave)
        self._errand = Errand(hub=self._hub, log=self._log, ask=self._ask, stop=self._stop.is_set)
        self._chores = self._parts.chores(self._errand)

    def _begin(self) -> None:
        if not self._begun:
            assert self._errand is not None
            self._parts.begin(self._errand)
            self._begun = not self._stop.is_set()

    def _close(self) -> None:
        files = [] if self._errand is None else self._errand.files
        for part in (self._hub, self._log, *files):
            if part is not None:
                part.close()
        self._hub, self._log, self._errand, self._chores = None, None, None, ()

    def _round(self, full: bool) -> None:
        assert self._hub is not None
        assert self._log is not None
        reporting = full and self._clock.boottime() >= self._next_report
        exchange = Exchange(
            self._log,
            self._hub,
            self._report if reporting else None,
            self._stop.is_set,
            self._hear,
        )
        if not full:
            before = self._last.pushed
            exchange.push_own(self._last)
            self._last.here = self._log.marks()
            self._ring(self._last.pushed - before)
            self._show()
            return
        asked, asked_ms = self._clock.boottime(), self._clock.now_ms()
        outcome = exchange.run()
        if outcome.fleet is None:
            outcome.fleet = self._last.fleet
        else:
            self._next_report = self._clock.boottime() + REPORT_EVERY_S
            self._set_clock(outcome.fleet.hub_now_ms, asked_ms)
        self.pulled += outcome.pulled
        self._last = outcome
        self._completed = asked
        self._ring(outcome.pushed)
        self._note_return(outcome)
        self._compare_states()
        self._do_chores(outcome)
        self._show()

    def _hear(self, marks: Marks) -> None:
        self._heard = vector_of(marks)

    def _ring(self, pushed: int) -> None:
        self.pushed += pushed
        if pushed:
            self._ears.ring()

    def _do_chores(self, outcome: Outcome) -> None:
        for chore in self._chores:
            if self._stop.is_set():
                return
            try:
                chore.run(outcome)
                self._troubles.pop(chore.name, None)
            except (HubAway, Stopped):
                raise
            except Exception as error:  # noqa: BLE001 - shown to the operator; the exchange goes on
                log.error("%s failed: %s", chore.name, error)
                self._troubles[chore.name] = f"{chore.name} failed: {error}"

    # -- what it tells and hears -------------------------------------------------------------

    def _now_ms(self) -> int:
        """The hub's clock, as far as it is known: the one that all stations show."""
        return self._clock.now_ms() + self._committer.hub_offset_ms

    def _own(self) -> str:
        return self._committer.origin

    def _report(self, vector: dict[str, int], hlc: int) -> Report:
        mine = self._digest
        digest = mine.digest if mine is not None and mine.vector == vector else b""
        return self._parts.describe(self._own(), vector, hlc, digest)

    def _set_clock(self, hub_now_ms: int, asked_ms: int) -> None:
        answered_ms = self._clock.now_ms()
        if not 0 <= answered_ms - asked_ms < 2 * OFFSET_STEP_MS:
            return
        offset = hub_now_ms - answered_ms
        if abs(offset - self._committer.hub_offset_ms) > OFFSET_STEP_MS:
            log.warning("this clock and the hub's are %d ms apart; the hub's is used", offset)
            self._committer.hub_offset_ms = 0 if abs(offset) <= OFFSET_STEP_MS else offset
        hub = replace(self.status.hub, offset_ms=offset, clock_suspect=abs(offset) > SUSPECT_MS)
        self.status = replace(self.status, hub=hub)

    def _note_return(self, outcome: Outcome) -> None:
        """Back after having been cut off: leave a fact of it where both sides had gone on."""
        since, self._away_since_ms = self._away_since_ms, None
        now = self._now_ms()
        if since is None or outcome.ahead is None or not outcome.behind:
            return
        if now - since < SPLIT_MS or outcome.new_origin:
            return
        first, last = outcome.ahead
        self._ask(
            NoteRejoin(
                since_ms=since,
                until_ms=now,
                origin=self._own(),
                first_seq=first,
                last_seq=last,
                others={o: [a, b] for o, (a, b) in sorted(outcome.behind.items())},
            )
        )

    def _compare_states(self) -> None:
        if self._clock.boottime() < self._next_digest:
            return
        assert self._log is not None
        self._next_digest = self._clock.boottime() + DIGEST_EVERY_S
        self._digest = self._log.digest()
        self._digests = compare_digests(self._digest, self._last)
        wrong = sorted(o[:8] for o, same in self._digests.items() if not same)
        if wrong:
            words = f"the same events gave other states here than at {', '.join(wrong)}"
            log.error("%s", words)
            self._troubles["states"] = f"{words}; run crisisdesk log verify on both"
        else:
            self._troubles.pop("states", None)

    def _down(self, state: str, words: str) -> None:
        now = self._now_ms()
        if self._away_since_ms is None:
            self._away_since_ms = now
        if not self._failures:
            log.warning("the hub is %s: %s", state, words)
        self._failures += 1
        waiting = self.status.hub
        if self._log is not None:
            self._last.here = self._log.marks()
            counted = hub_up(waiting, self._last, now)
            waiting = replace(waiting, to_push=counted.to_push, to_pull=counted.to_pull)
        self.status = replace(self.status, hub=hub_down(waiting, state, words, now))

    def _show(self) -> None:
        own = self._own()
        self.status = replace(
            self.status,
            hub=hub_up(self.status.hub, self._last, self._now_ms()),
            stations=stations(own, self._last, self._digests),
            durability=durability(own, self._last),
            quarantined=self._log.quarantined() if self._log is not None else 0,
            held_back=tuple(f"{o[:8]}: {why}" for o, why in sorted(self._last.held_back.items())),
        )

    # -- through the one writer --------------------------------------------------------------

    def _absorb(self, events: Sequence[Stored]) -> Absorbed:
        def absorb(piece: Sequence[Stored]) -> Absorbed:
            absorbed: Absorbed = self._ask(Absorb(events=piece))
            return absorbed

        return absorb_in_pieces(events, absorb, lambda: self._committer.waiting)

    def _leave(self, hub_head: Mark) -> str:
        assert self._hub is not None
        assert self._log is not None
        return leave(self._hub, self._log, hub_head, self._ask)

    def _ask(self, command: Command) -> Any:
        async def ask() -> Any:
            return await self._committer.submit(command, ENGINE)

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result()
