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
        self._number = 0
        self._played_ms = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        simulator.changed.connect(self._timer.start)

    def play(self, policy: EscalationPolicy | None, faults: Sequence[DomainError]) -> None:
        """Play this one; None when it cannot be run. ``faults`` say why it cannot be published."""
        self._policy, self._faults = policy, faults
        if policy is None:
            self._timer.stop()
            self._number += 1
            self._show_faults()
        else:
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
        self._number, self._played_ms = self._number + 1, now_ms
        faults = self._faults
        number, wanted = self._number, self._simulator.wanted(now_ms)
        if wanted is None:
            self._simulator.show_unplayed("Nothing is played: the start is no time.")
            return

        def answer(played: Played) -> None:
            if number == self._number:
                self._show(policy, wanted, played, faults)

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
            played.rehearsal.taken, policy, played.contacts, wanted.severity, wanted.start_ms
        )
        self._simulator.show_plan(rows)
        self._simulator.show_findings(finding_rows(faults, played.rehearsal.findings), CLEAN)
        matched = count_of(played.fits, "open alert")
        self._form.show_fits(f"Fits {matched} now.")
