"""Plays the open policy ahead, off the Qt thread, a moment after the last change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from crisisdesk.desk.planning.policies.fields import field_words
from crisisdesk.desk.planning.policies.plan_rows import finding_rows, plan_rows
from crisisdesk.desk.planning.policies.reading import Played, play
from crisisdesk.desk.planning.policies.shelf import count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.planning.policies.form import PolicyForm
    from crisisdesk.desk.planning.policies.simulator import Simulator, Wanted
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.errors import DomainError
    from crisisdesk.domain.escalation.policy import EscalationPolicy

_SETTLE_MS = 120
_AGAIN_MS = 30_000
# A store that cannot be read leaves a question unanswered: it is asked again after so long.
_LOST_MS = 10_000
CLEAN = (
    "Nothing found: whoever it names can be paged now, and no schedule it names has a gap within "
    "30 days."
)


class Player(QObject):
    """One question at a time: a change while one is under way is played after its answer."""

    def __init__(self, desk: Desk, simulator: Simulator, form: PolicyForm, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._simulator, self._form = desk, simulator, form
        self._policy: EscalationPolicy | None = None
        self._faults: Sequence[DomainError] = ()
        # What is wanted now; an answer to what was wanted before is not shown.
        self._number = 0
        self._asking = self._again = False
        self._played_ms = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        simulator.changed.connect(self._soon)

    def play(self, policy: EscalationPolicy | None, faults: Sequence[DomainError]) -> None:
        """Play this one; None when it cannot be run. ``faults`` say why it cannot be published."""
        self._policy, self._faults = policy, faults
        self._soon()
        if policy is None:
            self._timer.stop()
            self._show_faults()

    def _soon(self) -> None:
        self._number += 1
        self._timer.start()

    def tick(self, now_ms: int) -> None:
        """Play what begins now again from time to time, as now goes on."""
        late = now_ms - self._played_ms >= _AGAIN_MS
        if late and self._policy is not None and self._simulator.is_now():
            self._ask()

    def _show_faults(self) -> None:
        if self._faults:
            fault = self._faults[-1]
            words = f"Nothing is played yet. {field_words(fault.field)}: {fault.problem}."
            self._simulator.show_unplayed(words)
        self._simulator.show_findings(finding_rows(self._faults, []), CLEAN)
        self._form.show_fits("Not counted while it cannot be played.")

    def _ask(self) -> None:
        policy = self._policy
        if policy is None:
            return
        now_ms = self._desk.now_ms()
        if self._asking and now_ms - self._played_ms < _LOST_MS:
            self._again = True
            return
        number, faults, wanted = self._number, self._faults, self._simulator.wanted(now_ms)
        if wanted is None:
            self._simulator.show_unplayed("Nothing is played: see what is marked above.")
            return
        self._asking, self._again, self._played_ms = True, False, now_ms

        def answer(played: Played) -> None:
            self._asking = False
            if number == self._number:
                self._show(policy, wanted, played, faults)
            if self._again:
                self._ask()

        self._desk.ask(
            lambda reader: play(reader, policy, wanted.severity, wanted.start_ms, wanted.hours),
            answer,
        )

    def _show(
        self,
        policy: EscalationPolicy,
        wanted: Wanted,
        played: Played,
        faults: Sequence[DomainError],
    ) -> None:
        rows = plan_rows(
            played.rehearsal.explained(), policy, played.contacts, wanted.severity, wanted.start_ms
        )
        self._simulator.show_plan(rows)
        self._simulator.show_findings(finding_rows(faults, played.rehearsal.findings), CLEAN)
        matched = count_of(played.fits, "open alert")
        self._form.show_fits(f"Fits {matched} now.")
