"""The evaluator: what collectors bring goes through the rules, what changes becomes alerts.

It runs on the station that has duty and keeps nothing on disk: that a rule fires says its alert,
and whoever takes over goes on from the open ones. What could not be written down is said again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from crisisdesk.domain.detection.leaves import NewDetector
from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import SOURCE, AlertRule, rule_in
from crisisdesk.domain.detection.rule_words import ended_signal, signal_of
from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.command import Submit
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.rule_commands import DeclaredRules, ListRules, NoteFindings

log = logging.getLogger(__name__)

ACTOR = f"source:{SOURCE}"
TICK_S = 1.0
REREAD_MS = 600_000
# An alert that somebody ended while its rule still holds comes back after this long.
CRY_AGAIN_MS = 900_000
# So much waits between two looks at most; what is older goes first.
WAITING_MOST = 200_000
# As much as this is looked at beside the loop.
MUCH = 1_000
SIGNALS_A_COMMAND = 500
_DECLARING = frozenset({"policy.published", "policy.withdrawn"})


class Evaluator:
    """Runs on the engine's loop. ``now`` is the engine's clock (UTC ms); ``new_detector`` makes
    what rules about anomalies need, None where there is no such."""

    def __init__(
        self,
        submit: Submit,
        now: Callable[[], int],
        on_duty: Callable[[], bool],
        new_detector: NewDetector | None = None,
    ) -> None:
        self._submit = submit
        self._now = now
        self._on_duty = on_duty
        self._new_detector = new_detector
        self._samples: deque[Sample] = deque(maxlen=WAITING_MOST)
        self._lines: deque[Line] = deque(maxlen=WAITING_MOST)
        self._lost = 0
        self._machine: Machine | None = None
        self._rules: dict[str, AlertRule] = {}
        self._unsaid: list[Signal] = []
        self._is_stale = True
        self._read_at = 0
        self._cried_at = 0
        self._failed = ""
        self._refused = ""
        self._left_out: list[str] = []
        # When something was last brought, UTC ms.
        self.fed_at = 0

    def on_commit(self, kinds: Mapping[str, int]) -> None:
        """Ask anew when what is declared may have changed."""
        if not _DECLARING.isdisjoint(kinds):
            self._is_stale = True

    def feed(self, samples: Sequence[Sample], lines: Sequence[Line], now: int) -> None:
        """Take what was measured and read; it is looked at within a second. ``now`` is UTC ms."""
        self.fed_at = now
        over = len(self._samples) + len(samples) - WAITING_MOST
        over = max(0, over) + max(0, len(self._lines) + len(lines) - WAITING_MOST)
        self._lost += over
        self._samples.extend(samples)
        self._lines.extend(lines)

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            try:
                await self.look()
                self._failed = ""
            except (StoreFailed, Overloaded, Stopped) as error:
                if not self._failed:
                    log.error("what rules found could not be written down: %s", error)
                self._failed = f"what rules found could not be written down: {error}"
            await asyncio.sleep(TICK_S)

    @property
    def problem(self) -> str:
        """What is not looked at, or not written down, in words; "" when all is well."""
        lost = f"{self._lost} samples came faster than rules could look at" if self._lost else ""
        return "; ".join(
            words for words in (self._failed, self._refused, lost, *self._left_out) if words
        )

    async def look(self) -> None:
        """Look at what came. Raises as `Committer.submit` does; nothing is lost by that."""
        if not self._on_duty():
            # Another station looks; what it leaves open is read when this one takes over.
            self._samples.clear()
            self._lines.clear()
            self._unsaid, self._machine, self._left_out, self._lost = [], None, [], 0
            return
        now = self._now()
        if self._machine is None or self._is_stale or not 0 <= now - self._read_at < REREAD_MS:
            await self._read(now)
        machine = self._machine
        assert machine is not None
        samples, lines = list(self._samples), list(self._lines)
        self._samples.clear()
        self._lines.clear()
        if self._rules:
            if len(samples) + len(lines) > MUCH:
                found = await asyncio.to_thread(machine.step, samples, lines, now)
            else:
                found = machine.step(samples, lines, now)
            self._unsaid += self._signals(found)
            self._unsaid += self._again(machine, now)
            for key in machine.unseen(now):
                why = "its series gives no samples any more"
                self._unsaid.append(ended_signal(rule_in(key), key, why))
        self._left_out = [*machine.problems(), *self._without_detector()]
        await self._say()

    async def _read(self, now: int) -> None:
        """Know what is declared and open now."""
        # What is published from here on is asked for again.
        self._is_stale = False
        try:
            told: DeclaredRules = await self._submit(ListRules(), ACTOR)
        except BaseException:
            self._is_stale = True
            raise
        self._read_at = now
        self._rules = {rule.rule_id: rule for rule in told.found if rule.is_active}
        if self._machine is None:
            self._machine = Machine(told.found, now, tuple(told.told), self._new_detector)
            self._cried_at = now
        else:
            self._machine.replace(told.found, now, tuple(told.told))
        self._unsaid += self._ended(told, self._machine)

    def _ended(self, told: DeclaredRules, machine: Machine) -> Iterable[Signal]:
        """Alerts that are open of rules that do not run any more."""
        declared = {rule.rule_id: rule for rule in told.found}
        for key in told.told:
            rule_id = rule_in(key)
            if rule_id in machine.runs or (rule_id not in declared and told.unreadable):
                continue
            if rule_id not in declared:
                why = "the rule was removed"
            elif not declared[rule_id].is_active:
                why = "the rule was switched off"
            else:
                why = "a rule that it is made of does not run"
            yield ended_signal(rule_id, key, why)

    def _signals(self, found: Iterable[Transition]) -> list[Signal]:
        return [
            signal_of(self._rules[one.rule_id], one) for one in found if one.rule_id in self._rules
        ]

    def _again(self, machine: Machine, now: int) -> list[Signal]:
        """Everything that fires, now and then: what is open already stays as it is."""
        if 0 <= now - self._cried_at < CRY_AGAIN_MS:
            return []
        self._cried_at = now
        firing = machine.firing()
        return self._signals(Transition(rule_id, one, True, now, None) for rule_id, one in firing)

    def _without_detector(self) -> list[str]:
        if self._new_detector is not None:
            return []
        names = [one.name for one in self._rules.values() if one.rule_type == "anomaly"]
        return [f"this station cannot look for anomalies: {names[0]}"] if names else []

    async def _say(self) -> None:
        """Have what was found written down, in its order."""
        while self._unsaid:
            part = self._unsaid[:SIGNALS_A_COMMAND]
            try:
                await self._submit(NoteFindings(signals=part), ACTOR)
            except (StoreFailed, Overloaded, Stopped):
                # Said again at the next look: of each alert only how it stands then.
                self._unsaid = list({signal.key: signal for signal in self._unsaid}.values())
                raise
            except DomainError as error:
                # Saying it again would be refused again, and keep back what comes after.
                self._refused = f"an alert of a rule was refused: {error}"
                log.error("%s", self._refused)
            del self._unsaid[: len(part)]
