"""The gate of the pager: turns what is known of hub, lease and peers into the right to page."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from crisisdesk.domain.duty import Decision, Knowledge, Peer, Word, decide, speak
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.duty.ports import DutyHub, Granted, Leave, LedgerRow
from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.engine.fleet import DutyStatus
from crisisdesk.engine.ports import Clock

log = logging.getLogger(__name__)
T = TypeVar("T")

TICK_S = 0.25
# Two looks further apart than this: the machine slept or the process was stopped in between.
GAP_S = 2.0
REFUSED_S = 1.0
CLAIM_S = 3.0
SETTLE_AGAIN_S = 1.0
SETTLES_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a station knows of the others, besides lease and hub; each is asked when needed.

    ``peers`` are those heard at a moment (boottime). ``name_of`` names a station by its origin.
    ``shared`` is how much of each origin's log the hub had when it last answered. ``caught_up``
    says whether an exchange with the hub was completed since a moment. ``better_ranked`` says
    whether a station with a lower duty rank is registered.
    """

    peers: Callable[[float], tuple[Peer, ...]] = lambda _now: ()
    name_of: Callable[[str], str] = lambda _origin: ""
    shared: Callable[[], Mapping[str, int]] = dict
    caught_up: Callable[[float], bool] = lambda _since: True
    better_ranked: Callable[[], bool] = lambda: False


class DutyGate:
    """Implements `engine.duty.ports.PagerGate`; lives on the engine's loop.

    ``ledger`` is a connection to the hub of its own, used on one thread beside the keeper's.
    """

    def __init__(
        self,
        keeper: LeaseKeeper,
        ledger: DutyHub,
        clock: Clock,
        origin: Callable[[], str],
        *,
        name: str = "",
        rank: int | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self._keeper = keeper
        self._ledger = ledger
        self._clock = clock
        self._origin = origin
        self._name = name
        self._rank = rank
        self._around = around or Surroundings()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._listeners: list[Callable[[], None]] = []
        self._awake_since = self._looked = clock.boottime()
        self._intent_since: float | None = None
        self._overdue_since: float | None = None
        self._refused: dict[str, float] = {}
        self._ends: deque[tuple[tuple[str, ...], int, str, str]] = deque(maxlen=SETTLES_KEPT)
        self._told = asyncio.Event()
        self._may_page = False
        self._status = DutyStatus(kind="waiting", since_ms=clock.now_ms())
        self._word = Word(origin=origin())

    # -- deciding ----------------------------------------------------------------------------

    def look(self) -> Decision:
        """Decide anew from what is known now."""
        now = self._clock.boottime()
        if now - self._looked > GAP_S:
            self._awake_since, self._intent_since = now, None
        self._looked = now
        knowledge = self._knowledge(now)
        decision = decide(knowledge, now)
        if not decision.acts:
            self._intent_since = None
        elif self._intent_since is None:
            self._intent_since = now
        self._word = speak(knowledge, decision, now)
        self._note(decision)
        return decision

    def _knowledge(self, now: float) -> Knowledge:
        view, around = self._keeper.view, self._around
        return Knowledge(
            hub_configured=True,
            origin=self._origin(),
            name=self._name,
            rank=self._rank,
            awake_since=self._awake_since,
            unanswered=view.unanswered,
            lease=view.lease,
            holder=view.holder,
            holder_name=around.name_of(view.holder) if view.holder else "",
            holder_token=view.holder_token,
            hub_back=view.hub_back,
            caught_up=view.hub_back is None or around.caught_up(view.hub_back),
            peers=around.peers(now),
            better_ranked=around.better_ranked(),
            intent_since=self._intent_since,
            overdue_since=self._overdue_since,
        )

    def _note(self, decision: Decision) -> None:
        """Tell who listens and who looks when it came out otherwise than before."""
        status = self._status
        told = (status.kind, status.holder, status.token, status.words)
        if told != (decision.kind, decision.holder, decision.token, decision.words):
            since = status.since_ms if status.kind == decision.kind else self._clock.now_ms()
            self._status = DutyStatus(
                kind=decision.kind,
                holder=decision.holder,
                holder_name=decision.holder_name,
                token=decision.token,
                since_ms=since,
                words=decision.words,
            )
            if status.kind != decision.kind:
                log.info("duty: %s", decision.words)
        may_page, self._may_page = self._may_page, decision.may_page
        if decision.may_page and not may_page:
            for listener in self._listeners:
                listener()

    def status(self) -> DutyStatus:
        """Who pages, as it is to be shown."""
        return self._status

    def word(self) -> Word:
        """What to tell the peers at the next heartbeat."""
        return self._word

    def overdue(self, is_overdue: bool) -> None:
        """The auditor's word: pages are long due and nobody acts on them (or no longer so)."""
        if not is_overdue:
            self._overdue_since = None
        elif self._overdue_since is None:
            self._overdue_since = self._clock.boottime()

    # -- the pager's questions ---------------------------------------------------------------

    def on_leave(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when this station may page that could not before."""
        self._listeners.append(listener)

    def leave(self) -> Leave | None:
        """The right to page now."""
        decision = self.look()
        if not decision.may_page:
            return None
        return Leave(
            holder=self._origin(),
            token=decision.token,
            asked=self._looked,
            patience_ms=round(decision.patience_s * 1000),
            shared=self._around.shared() if decision.patience_s else {},
        )

    def may_send(self, leave: Leave, within_s: float) -> bool:
        """Whether that right stands at this very moment and is at most ``within_s`` old."""
        now = self._clock.boottime()
        if now - leave.asked > within_s:
            return False
        if leave.token:
            return self._keeper.holds(now) == leave.token
        decision = self.look()
        return decision.may_page and not decision.token

    def apart(self) -> frozenset[str]:
        """Deliveries that were refused less than a second ago."""
        now = self._clock.boottime()
        self._refused = {key: until for key, until in self._refused.items() if until > now}
        return frozenset(self._refused)

    async def claim(self, leave: Leave, keys: Sequence[str], claim_ms: int) -> Granted:
        """Ask the ledger; what it refuses because it was sent is told as such."""
        claim = partial(self._ledger.claim, leave.holder, leave.token, keys, claim_ms)
        try:
            # A claim that is granted after this was given up stands until its deadline.
            async with asyncio.timeout(CLAIM_S):
                attempts = await self._ask(claim)
                refused = [key for key in keys if key not in attempts]
                until = self._clock.boottime() + REFUSED_S
                self._refused |= dict.fromkeys(refused, until)
                rows = await self._ask(partial(self._ledger.look, refused)) if refused else []
        except (HubAway, HubRefused, TimeoutError) as error:
            log.warning("the ledger could not be asked for %d pages: %r", len(keys), error)
            return Granted(attempts={})
        return Granted(attempts=attempts, sent=[row for row in rows if row.state == "sent"])

    def settle(self, leave: Leave, keys: Sequence[str], state: str, provider_id: str = "") -> None:
        """Tell the ledger soon; nothing to tell of what was claimed without it."""
        if leave.token and keys:
            self._ends.append((tuple(keys), leave.token, state, provider_id))
            self._told.set()

    async def rows(self, keys: Sequence[str]) -> list[LedgerRow]:
        """What the ledger says of these; raises HubAway and HubRefused."""
        return await self._ask(partial(self._ledger.look, keys))

    async def _ask(self, question: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, question)

    # -- going on ----------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until cancelled: decide as time passes, and hand ends to the ledger."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._tick(), name="duty-gate")
                both.create_task(self._tell(), name="duty-ends")
        finally:
            # What is being asked comes to its end or to its deadline; nothing new begins.
            await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def _tick(self) -> None:
        while True:
            self._keeper.beat()
            self.look()
            await asyncio.sleep(TICK_S)

    async def _tell(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            while self._ends:
                keys, token, state, provider_id = self._ends[0]
                tell = (
                    partial(self._ledger.settle, keys[0])
                    if len(keys) == 1
                    else partial(self._ledger.settle_all, keys)
                )
                try:
                    await self._ask(partial(tell, token, state, provider_id))
                    self._ends.popleft()
                except HubAway:
                    await asyncio.sleep(SETTLE_AGAIN_S)
                except HubRefused as error:
                    log.warning("the end of page %s is only in the log here: %s", keys[0], error)
                    self._ends.popleft()
