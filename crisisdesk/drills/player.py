"""The player: a scenario's past on a clock it moves by hand, its live part on the real one."""

from __future__ import annotations

import heapq
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.contact import PHONES
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import DomainError
from crisisdesk.drills.actions import Report, Step
from crisisdesk.drills.entry import ScenarioError
from crisisdesk.drills.orders import Named, Order, orders_of
from crisisdesk.drills.scenario import Scenario
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import (
    ChangeOperator,
    ClaimDeliveries,
    Command,
    MindDueAlerts,
    NameStation,
    SaveContact,
    SettleBundled,
    SettleDelivery,
    TakeIn,
)
from crisisdesk.engine.escalation_commands import MindEscalations, PublishPolicy
from crisisdesk.engine.paging_commands import NoteConfirmation
from crisisdesk.engine.ports import Confirmation, Outcome
from crisisdesk.engine.recovery_commands import MindRuns, PublishProcedure
from crisisdesk.engine.rule_commands import DeclareRule
from crisisdesk.engine.task_commands import MindTasks
from crisisdesk.engine.workers.messages import Message, grouped

log = logging.getLogger(__name__)

Wait = Callable[[int], Awaitable[None]]
# How often the clocks of alerts are looked at while a past is played.
TICK_MS = 15_000
MIND_LIMIT = 200


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was played: names of alerts, incidents and runs with the ids they got, and counts.
    ``ended_ms`` is when its past ended, UTC ms."""

    alerts: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    commands: int = 0
    reports: int = 0
    minded: int = 0
    pages_sent: int = 0
    pages_failed: int = 0
    ended_ms: int = 0
    refused: list[str] = field(default_factory=list)


async def play(scenario: Scenario, submit: Submit, clock: ManualClock, until_ms: int) -> Tally:
    """Play the past so that it ends at ``until_ms`` (UTC ms), moving ``clock`` through it.

    ``submit`` is a committer's on that clock; nobody else may act on its deliveries meanwhile. The
    clock must not stand later than the first step. Pages are answered as the scenario says, so
    nothing leaves the machine. Raises ScenarioError naming the entry when a step is refused.
    """
    start_ms = until_ms - scenario.length_ms
    if clock.now_ms() > start_ms:
        late_s = (clock.now_ms() - start_ms) // 1000
        raise ScenarioError(
            scenario.file, "", "clock", f"stands {late_s} s after the start", "set it earlier"
        )
    return await _Playback(scenario, submit, clock, until_ms).run()


class _Playback:
    """One run through the past: a heap of moments, each with what is to be done."""

    def __init__(
        self, scenario: Scenario, submit: Submit, clock: ManualClock, until_ms: int
    ) -> None:
        self._scenario = scenario
        self._submit = submit
        self._clock = clock
        self._until_ms = until_ms
        self._answers = scenario.answers()
        self._tally = Tally()
        self._busy: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._retries = 0
        self._settling: list[tuple[int, str, Message, Outcome]] = []

    async def run(self) -> Tally:
        """Set the station up, then go from moment to moment until the end."""
        start_ms = self._until_ms - self._scenario.length_ms
        self._move_to(start_ms)
        await self._set_up()
        steps, at = self._scenario.past, 0
        tick_ms = start_ms + TICK_MS
        while True:
            step_ms = self._until_ms + steps[at].at_ms if at < len(steps) else self._until_ms
            settle_ms = self._settling[0][0] if self._settling else self._until_ms
            now_ms = min(step_ms, settle_ms, tick_ms, self._until_ms)
            self._move_to(now_ms)
            ticked = tick_ms <= now_ms
            if ticked:
                tick_ms += TICK_MS
                await self._mind()
            while self._settling and self._settling[0][0] <= now_ms:
                await self._settle()
            first = at
            while at < len(steps) and self._until_ms + steps[at].at_ms <= now_ms:
                at += 1
            await self._take(steps[first:at])
            # At each tick as well: what was throttled has room again by the clock.
            if at > first or self._retries or ticked:
                await self._claim()
            if at == len(steps) and now_ms >= self._until_ms:
                return await self._finish()

    async def _finish(self) -> Tally:
        """At the end: clocks that are due now, and what is still on its way is answered."""
        await self._mind()
        while self._settling:
            await self._settle()
        return self._tally

    def _move_to(self, now_ms: int) -> None:
        self._clock.advance(max(0, now_ms - self._clock.now_ms()))

    async def _ask(self, command: Command, actor: str, entry: str) -> Any:
        self._tally.commands += 1
        try:
            return await self._submit(command, actor)
        except DomainError as error:
            raise ScenarioError(
                self._scenario.file, entry, error.field, error.problem, error.remedy
            ) from error

    async def _set_up(self) -> None:
        scenario = self._scenario
        await self._ask(NameStation(name=scenario.station), scenario.operator, "")
        await self._ask(ChangeOperator(operator=scenario.operator), scenario.operator, "")
        for person in scenario.people:
            methods = [
                {
                    "method_id": way.method_id,
                    "channel": way.channel,
                    "label": way.label,
                    "masked": way.masked,
                    "min_severity": way.min_severity,
                }
                for way in person.ways
            ]
            more = {"emergency": {PHONES: list(person.phones)}} if person.phones else {}
            card = SaveContact(name=person.name, role=person.role, methods=methods, more=more)
            saved = await self._ask(card, scenario.operator, "people")
            self._tally.contacts[person.name] = saved
        for one in scenario.published:
            content = one.with_ids(self._tally.contacts)
            publish = PublishPolicy(name=one.name, content=content)
            await self._ask(publish, scenario.operator, "published")
        for name, written in scenario.rules:
            declare = DeclareRule(name=name, written=written)
            await self._ask(declare, scenario.operator, "rules")
        for name, steps in scenario.procedures:
            made = PublishProcedure(name=name, content=steps)
            await self._ask(made, scenario.operator, "procedures")

    async def _take(self, due: Sequence[Step]) -> None:
        """Do the steps of one moment in their order; reports of one source go in together."""
        index = 0
        while index < len(due):
            step = due[index]
            if isinstance(step.action, Report):
                run = _reports_from(due, index)
                await self._report(run)
                index += len(run)
                continue
            named = _named(self._tally)
            for order in orders_of(step, named, self._scenario.file, self._clock.now_ms()):
                result = await self._ask(order.command, step.actor, step.entry)
                _name(self._tally, order, result)
            index += 1

    async def _report(self, run: list[Step]) -> None:
        reports = [step.action for step in run if isinstance(step.action, Report)]
        command = TakeIn(signals=[report.signal for report in reports])
        ids = await self._ask(command, run[0].actor, run[0].entry)
        self._tally.reports += len(reports)
        for report, alert_id in zip(reports, ids, strict=True):
            if alert_id:
                self._tally.alerts[report.name] = alert_id

    async def _mind(self) -> None:
        """Do what the clocks ask for."""
        while True:
            alerts: int = await self._ask(MindDueAlerts(limit=MIND_LIMIT), ENGINE, "")
            paging: int = await self._ask(MindEscalations(limit=MIND_LIMIT), ENGINE, "")
            tasks: int = await self._ask(MindTasks(limit=MIND_LIMIT), ENGINE, "")
            await self._ask(MindRuns(), ENGINE, "")
            self._tally.minded += alerts
            if max(alerts, paging, tasks) < MIND_LIMIT:
                return

    # -- pages -------------------------------------------------------------------------------

    async def _claim(self) -> None:
        """Claim what is due and note when each provider will have answered."""
        claimed = await self._ask(ClaimDeliveries(busy=dict(self._busy)), ENGINE, "")
        for message in grouped(claimed):
            delivery = message.carrier
            self._busy[delivery.method_id] += 1
            outcome, after_ms = self._answer(delivery)
            if delivery.attempt > 1:
                self._retries -= 1
            when_ms = self._clock.now_ms() + after_ms
            heapq.heappush(self._settling, (when_ms, delivery.delivery_id, message, outcome))

    def _answer(self, delivery: Delivery) -> tuple[Outcome, int]:
        answer = self._answers[delivery.method_id]
        if answer.refuses:
            return Outcome(ok=False, words=answer.words, retryable=False), answer.after_ms
        if delivery.attempt == 1:
            self._pages[delivery.method_id] += 1
            every = answer.stumble_every
            if every and self._pages[delivery.method_id] % every == 0:
                return Outcome(ok=False, words=answer.stumble_words), answer.after_ms
        return Outcome(ok=True, words=answer.words), answer.after_ms

    async def _settle(self) -> None:
        when_ms, _, message, outcome = heapq.heappop(self._settling)
        delivery = message.carrier
        self._move_to(min(when_ms, self._until_ms))
        self._busy[delivery.method_id] -= 1
        command = SettleDelivery(
            delivery_id=delivery.delivery_id,
            attempt=delivery.attempt,
            outcome=outcome,
            carried=message.carried_keys,
        )
        left = await self._ask(command, ENGINE, "")
        while left:
            more = SettleBundled(delivery_id=delivery.delivery_id, outcome=outcome, carried=left)
            left = await self._ask(more, ENGINE, "")
        await self._confirm(delivery, outcome)
        self._tally.pages_sent += outcome.ok
        self._tally.pages_failed += not outcome.ok
        self._retries += not outcome.ok and outcome.retryable
        await self._claim()

    async def _confirm(self, delivery: Delivery, outcome: Outcome) -> None:
        """Let the provider say what became of a message it took, where it does."""
        receipt = self._answers[delivery.method_id].receipt
        if outcome.ok and receipt:
            told = Confirmation(state=receipt, words=outcome.words)
            command = NoteConfirmation(
                delivery_id=delivery.delivery_id, provider_id="", confirmation=told
            )
            await self._ask(command, ENGINE, "")


def _reports_from(due: Sequence[Step], start: int) -> list[Step]:
    """The run of reports of one actor that begins at ``start``."""
    end = start
    while (
        end < len(due)
        and isinstance(due[end].action, Report)
        and due[end].actor == due[start].actor
    ):
        end += 1
    return list(due[start:end])


async def play_live(
    scenario: Scenario, submit: Submit, wait: Wait, played: Tally, clock_ms: Callable[[], int]
) -> Tally:
    """Play the live part on a running engine; ends after its last step, or when cancelled.

    ``wait(offset_ms)`` returns when that much time has passed since the scenario's end; ``played``
    is what `play` gave back. The people at the desk act too, so a step that no longer fits (they
    resolved that alert) is refused: it is noted in ``refused`` and the next one is played.
    """
    tally = Tally(
        alerts=dict(played.alerts), incidents=dict(played.incidents), runs=dict(played.runs)
    )
    for step in scenario.live:
        await wait(step.at_ms)
        try:
            await _play_one(scenario, submit, step, tally, clock_ms())
        except DomainError as refused:
            tally.refused.append(f"{step.entry}: {refused}")
            log.info("%s of %s no longer fits: %s", step.entry, scenario.file, refused)
    return tally


async def _play_one(
    scenario: Scenario, submit: Submit, step: Step, tally: Tally, now_ms: int
) -> None:
    if isinstance(step.action, Report):
        [alert_id] = await submit(TakeIn(signals=[step.action.signal]), step.actor)
        tally.reports += 1
        tally.commands += 1
        if alert_id:
            tally.alerts[step.action.name] = alert_id
        return
    for order in orders_of(step, _named(tally), scenario.file, now_ms):
        result = await submit(order.command, step.actor)
        tally.commands += 1
        _name(tally, order, result)


def _named(tally: Tally) -> Named:
    return Named(alerts=tally.alerts, incidents=tally.incidents, runs=tally.runs)


def _name(tally: Tally, order: Order, result: Any) -> None:
    """Keep the id that a command gave to something which the scenario calls by a name."""
    if order.names:
        tally.incidents[order.names] = result
    if order.names_run:
        tally.runs[order.names_run] = result
