"""The running engine: committer and workers on one asyncio loop, seen through `EngineDoor`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crisisdesk import __version__
from crisisdesk.domain.audit_week import Weekly
from crisisdesk.domain.detection.leaves import NewDetector
from crisisdesk.domain.frontier import Standing
from crisisdesk.engine.collector_ports import Detection
from crisisdesk.engine.commands import Command
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.door import Health
from crisisdesk.engine.duty.auditor import Auditor
from crisisdesk.engine.duty.step_claims import HubClaims
from crisisdesk.engine.fleet import Durability, FleetStatus
from crisisdesk.engine.membership import HubParts, Membership
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import (
    Beacon,
    Clock,
    Confirmer,
    Inbox,
    Journal,
    Keeper,
    Offers,
    Planner,
    Renderer,
    Secrets,
    Sender,
)
from crisisdesk.engine.presence import PresenceBoard
from crisisdesk.engine.recovery_ports import Claims, Hands
from crisisdesk.engine.workers.collector import Collector
from crisisdesk.engine.workers.compactor import Compactor
from crisisdesk.engine.workers.confirmer import ConfirmingWorker
from crisisdesk.engine.workers.correlator import Correlator
from crisisdesk.engine.workers.evaluator import Evaluator
from crisisdesk.engine.workers.heartbeats import HeartbeatJudge
from crisisdesk.engine.workers.listener import Listener
from crisisdesk.engine.workers.loop_tester import LoopTester
from crisisdesk.engine.workers.name_watch import NameWatch
from crisisdesk.engine.workers.pager import Pager
from crisisdesk.engine.workers.people_auditor import PeopleAuditor
from crisisdesk.engine.workers.reach_watch import ReachWatch
from crisisdesk.engine.workers.runner import Runner
from crisisdesk.engine.workers.space import Reserve, SpaceWatch
from crisisdesk.engine.workers.timers import BackupTimer, DueTimer
from crisisdesk.engine.workers.watchdog import WatchdogBeat

log = logging.getLogger(__name__)

RESTART_S = 1.0
TROUBLE_SHOWN_MS = 60_000

Worker = Callable[[], Coroutine[Any, Any, None]]


class Runs(Protocol):
    """What serves until it is cancelled."""

    async def run(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an engine is made of; `bootstrap` puts the concrete ones in."""

    journal: Journal
    clock: Clock
    policy: Policy
    sender: Sender
    secrets: Secrets
    render: Renderer
    keeper: Keeper
    backup_interval_ms: int
    planner: Planner | None = None
    hub: HubParts | None = None
    reserve: Reserve | None = None
    notices: Callable[[], Sequence[str]] = tuple
    confirmer: Confirmer | None = None
    beacon: Beacon | None = None
    # Whether channels are tested by messages of their own; never where nothing is sent.
    loops: bool = False
    # When people are audited; None for never.
    weekly: Weekly | None = None
    offers: Offers | None = None
    inboxes: Sequence[Inbox] = ()
    detection: Detection | None = None
    new_detector: NewDetector | None = None
    # What does automatic steps of procedures; never where nothing is done for real.
    hands: Hands | None = None


class Engine:
    """One station's engine. `start` and `stop` on the loop that serves it."""

    def __init__(self, parts: Parts, station_name: str) -> None:
        self._parts = parts
        self._committer = Committer(parts.journal, parts.clock, parts.policy, os.urandom)
        self.names = NameWatch(self.submit, station_name)
        self.presence = PresenceBoard(self.now_ms, lambda: self.names.name)
        self._membership = None
        if parts.hub is not None:
            around = (self._committer, parts.clock, self.submit, station_name)
            self._membership = Membership(parts.hub, *around, board=self.presence)
        gate = None if self._membership is None else self._membership.gate
        self._pager = Pager(
            self.submit,
            parts.sender,
            parts.secrets,
            parts.render,
            parts.policy.retry.deadline_ms / 1000,
            gate,
            parts.policy.page_ttl_ms,
            parts.offers,
        )
        self._confirming = (
            None
            if parts.confirmer is None
            else ConfirmingWorker(self.submit, parts.confirmer, parts.secrets, gate)
        )
        # With a hub, the membership's own also sees to it that another station acts.
        self._auditor = Auditor(self.submit, parts.clock) if self._membership is None else None
        self._watchdog = (
            None
            if parts.beacon is None
            else WatchdogBeat(self.submit, parts.beacon, parts.secrets, self._problems)
        )
        self._reach = ReachWatch(self.submit, self._on_duty)
        self._listeners = [Listener(self.submit, box, self._on_duty) for box in parts.inboxes]
        self._due = DueTimer(self.submit, parts.clock, self._on_duty, self.presence.at_desk)
        self._correlator = Correlator(self.submit, self._on_duty)
        self.heartbeats = HeartbeatJudge(self.submit, self.now_ms, self._on_duty, self.fleet)
        self.rules = Evaluator(self.submit, self.now_ms, self._on_duty, parts.new_detector)
        self.collector = None
        if (seen := parts.detection) is not None:
            what = (seen, parts.secrets, self.now_ms, self._on_duty, station_name)
            self.collector = Collector(self.submit, *what)
            self.collector.on_samples(self.rules.feed)
        hands = parts.hands or Hands(executors={})
        self.runner = Runner(self.submit, self.now_ms, hands, self._states, self._claims())
        self._loops = LoopTester(self.submit, self._on_duty) if parts.loops else None
        self._people = (
            None
            if parts.weekly is None
            else PeopleAuditor(self.submit, parts.weekly, self._on_duty)
        )
        self._backups = BackupTimer(parts.keeper, parts.clock, parts.backup_interval_ms)
        self._compactor = (
            None
            if parts.planner is None
            else Compactor(parts.planner, parts.clock, self.submit, self._others)
        )
        self._space = None if parts.reserve is None else SpaceWatch(parts.reserve)
        self._changed = asyncio.Event()
        self._workers: list[asyncio.Task[None]] = []
        self._kept: dict[str, int] = {}
        self._troubles: dict[str, tuple[int, str]] = {}
        self._started_ms = parts.clock.now_ms()

    async def start(self) -> None:
        """Begin to take commands and to act on what is due."""
        self._committer.start()
        self._committer.on_commit(self._note_commit)
        self._committer.on_commit(self._pager.on_commit)
        self.spawn("pager", self._keep_going("pager", self._pager.run))
        self._committer.on_commit(self.names.on_commit)
        self.spawn("names", self._keep_going("names", self.names.run))
        self.spawn("timers", self._keep_going("timers", self._due.run))
        self.spawn("correlator", self._keep_going("correlator", self._correlator.run))
        self._committer.on_commit(self.heartbeats.on_commit)
        self.spawn("heartbeats", self._keep_going("heartbeats", self.heartbeats.run))
        self._committer.on_commit(self.rules.on_commit)
        self.spawn("rules", self._keep_going("rules", self.rules.run))
        self.spawn("reach", self._keep_going("reach", self._reach.run))
        self.spawn("backups", self._keep_going("backups", self._backups.run))
        if self.collector is not None:
            self._committer.on_commit(self.collector.on_commit)
        self._committer.on_commit(self.runner.on_commit)
        self.spawn("runner", self._keep_going("runner", self.runner.run))
        for name, worker in self._optional().items():
            if worker is not None:
                self.spawn(name, self._keep_going(name, worker.run))
        for listener, box in zip(self._listeners, self._parts.inboxes, strict=True):
            self.spawn(box.name, self._keep_going(box.name, listener.run))
        if self._auditor is not None:
            self._committer.on_commit(self._auditor.on_commit)
            self.spawn("auditor", self._keep_going("auditor", self._auditor.run))
        if self._membership is not None:
            self._committer.on_commit(self._membership.on_commit)
            for name, work in self._membership.workers().items():
                self.spawn(name, self._keep_going(name, work))

    def _optional(self) -> dict[str, Runs | None]:
        """What only some engines have, by its name."""
        return {
            "loop tester": self._loops,
            "people auditor": self._people,
            "confirmer": self._confirming,
            "space": self._space,
            "compactor": self._compactor,
            "watchdog": self._watchdog,
            "collector": self.collector,
        }

    async def stop(self) -> None:
        """End the workers, keep what was already submitted, close the file."""
        for task in self._workers:
            task.cancel()
        # One that has failed was told of when it did; the rest must still come to its end.
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._committer.stop()
        if self._membership is not None:
            self._membership.close()
        if self.collector is not None:
            await self.collector.aclose()
        await self.runner.hands.aclose()
        await self._parts.sender.aclose()
        for box in self._parts.inboxes:
            await box.aclose()
        if self._parts.beacon is not None:
            await self._parts.beacon.aclose()

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        """See `Committer.submit`."""
        return self._committer.submit(command, actor)

    def now_ms(self) -> int:
        """The engine's clock: the hub's, as far as this station knows it."""
        return self._parts.clock.now_ms() + self._committer.hub_offset_ms

    def on_broken(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with the reason when only a fresh start can bring the file back."""
        self._committer.on_broken(listener)

    def forget_addresses(self, method_ids: Iterable[str]) -> None:
        """Contact methods whose address has changed elsewhere. From any thread."""
        self._pager.forget(method_ids)

    async def wait_change(self, after_pos: int, timeout_s: float) -> int:
        """The last log position once it is past ``after_pos``, or when the time is up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._committer.last_pos <= after_pos:
                    await self._changed.wait()
        return self._committer.last_pos

    def _others(self) -> Sequence[Standing] | None:
        """The other stations' standings; none where there is no hub, None while it has not told."""
        return () if self._membership is None else self._membership.others()

    def health(self) -> Health:
        """How it is."""
        return Health(
            station=self.names.name,
            version=__version__,
            origin=self._committer.origin,
            started_ms=self._started_ms,
            last_pos=self._committer.last_pos,
            queued_commands=self._committer.waiting,
            deliveries_waiting=self._pager.in_flight,
            last_backup_ms=self._backups.last_backup_ms,
            problems=tuple(self._problems()),
        )

    def _problems(self) -> list[str]:
        """Of the committer, the backups, and workers that failed within the last minute."""
        since = self.now_ms() - TROUBLE_SHOWN_MS
        failed = [words for at, words in self._troubles.values() if at > since]
        fleet = () if self._membership is None else self._membership.problems
        space = "" if self._space is None else self._space.problem
        overdue = "" if self._auditor is None else self._auditor.problem
        beat = "" if self._watchdog is None else self._watchdog.problem
        disk = (self._committer.problem, self._backups.problem, space, *self._parts.notices())
        loops = () if self._loops is None else self._loops.problems
        people = "" if self._people is None else self._people.problem
        deaf = [listener.problem for listener in self._listeners]
        found = [*disk, *loops, people, overdue, self._reach.problem, beat, self.heartbeats.problem]
        found += [self.rules.problem, *fleet, *deaf, *failed]
        found += () if self.collector is None else self.collector.problems
        return [words for words in found if words]

    def _states(self) -> dict[str, str]:
        """How the sources of this station stand, by name."""
        standing = () if self.collector is None else self.collector.standing()
        return {one.source.name: str(one.state) for one in standing}

    def _claims(self) -> Claims | None:
        """Who is asked for exclusive steps; nobody where no other station shares a hub."""
        return None if self._membership is None else HubClaims(self._membership.gate)

    def _on_duty(self) -> bool:
        """Whether this station pages now, as far as it knows."""
        return self.fleet().duty.kind in ("alone", "holds", "acting")

    def weekly(self) -> Weekly | None:
        """When people are audited; None where they are not."""
        return self._parts.weekly

    def fleet(self) -> FleetStatus:
        """How it stands towards the others."""
        if self._membership is not None:
            return self._membership.fleet()
        return FleetStatus(durability=Durability(disk=self._committer.own_seq))

    def counters(self) -> dict[str, float]:
        """Counters since start and gauges of now, by Prometheus name."""
        kept = {
            f'crisisdesk_events_total{{kind="{kind}"}}': float(n) for kind, n in self._kept.items()
        }
        return {
            "crisisdesk_commit_groups_total": float(self._committer.groups),
            "crisisdesk_log_position": float(self._committer.last_pos),
            "crisisdesk_commands_waiting": float(self._committer.waiting),
            "crisisdesk_deliveries_in_flight": float(self._pager.in_flight),
            "crisisdesk_delivery_attempts_sent_total": float(self._pager.sent),
            "crisisdesk_delivery_attempts_failed_total": float(self._pager.failed),
            **self._beats(),
            **({} if self._membership is None else self._membership.counters()),
            **kept,
        }

    def _beats(self) -> dict[str, float]:
        if self._watchdog is None:
            return {}
        return {"crisisdesk_watchdog_beats_total": float(self._watchdog.taken)}

    def _note_commit(self, kinds: dict[str, int]) -> None:
        for kind, n in kinds.items():
            self._kept[kind] = self._kept.get(kind, 0) + n
        self._changed.set()
        self._changed = asyncio.Event()

    def spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Let ``work`` run beside the engine until it ends or the engine stops."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        task.add_done_callback(_report_end)
        self._workers.append(task)

    async def _keep_going(self, name: str, work: Worker) -> None:
        """Run a worker until it is cancelled; one that fails is told of and begins anew."""
        while True:
            try:
                await work()
            except Exception as error:
                log.critical("worker %s failed: %r; it begins anew", name, error, exc_info=error)
                words = f"the {name} failed ({type(error).__name__}) and began anew; see the log"
                self._troubles[name] = (self.now_ms(), words)
            await asyncio.sleep(RESTART_S)


def _report_end(task: asyncio.Task[None]) -> None:
    """A worker ends only by being cancelled; anything else is a bug to be seen."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("worker %s ended: %r", task.get_name(), error, exc_info=error)
