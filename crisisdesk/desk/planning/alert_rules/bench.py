"""Tries the open rule, a moment after the last change, and shows what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from crisisdesk.desk.planning.alert_rules.bench_input import FILE, TYPED
from crisisdesk.desk.planning.alert_rules.bench_words import Tried
from crisisdesk.desk.planning.alert_rules.bench_worker import BenchWorker, Job
from crisisdesk.domain.detection.trial_input import needed_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crisisdesk.desk.planning.alert_rules.bench_pane import BenchPane
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.detection.rule import AlertRule

# A day of samples is gone through: not with each letter.
_SETTLE_MS = 500
KEPT_KEY = "planning.alert rules.bench"
UNREADABLE = "Tried once its conditions can be read."
HINTS = {
    FILE: "Choose a CSV file; its first row is at,value or at,line.",
    TYPED: "Type numbers: samples a minute apart, the last one now. Or CSV with at,value.",
}
STOPPED = "Stopped. Press T to try it again."


class Bench(QObject):
    """Keeps the pane up to date with the rule that is open."""

    def __init__(self, desk: Desk, pane: BenchPane, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pane = desk, pane
        self._rule: AlertRule | None = None
        self._known: Sequence[AlertRule] = ()
        self._folder: Path | None = None
        self._number = 0
        self.running = False
        self.worker = BenchWorker(self)
        self.worker.went.connect(self._went)
        self.worker.ended.connect(self._ended)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.run)
        pane.wanted_changed.connect(self._wanted_changed)
        pane.stopped.connect(self.stop)

    def look(self, rule: AlertRule | None, known: Sequence[AlertRule], folder: Path | None) -> None:
        """Try this one; None where it cannot be tried. The same one is not tried anew."""
        self._known, self._folder = known, folder
        if rule is None:
            self._let_go()
            self._rule = None
            self._pane.show_nothing(UNREADABLE)
        elif rule != self._rule:
            self._rule = rule
            self._timer.start()

    def leave(self) -> None:
        """Nothing is open."""
        self._let_go()
        self._rule = None
        self._pane.show_nothing("")

    def _wanted_changed(self) -> None:
        self._desk.remember(KEPT_KEY, self._pane.wanted().key)
        if self._rule is not None:
            self._timer.start()

    def run(self) -> None:
        """Try it now."""
        self._let_go()
        rule, folder = self._rule, self._folder
        if rule is None or folder is None:
            return
        wanted = self._pane.wanted()
        if wanted.key in HINTS and not wanted.text.strip():
            self._pane.show_nothing(HINTS[wanted.key])
            return
        self.running = True
        others = tuple(needed_by(rule, self._known))
        now_ms = self._desk.now_ms()
        self._pane.show_running(0.0)
        self.worker.start(Job(self._number, rule, others, wanted, folder, now_ms))

    def stop(self) -> None:
        """Let go of the trial that is under way."""
        if self.running:
            self._let_go()
            self._pane.show_nothing(STOPPED)

    def _let_go(self) -> None:
        self._timer.stop()
        self._number += 1
        self.running = False
        self.worker.stop()

    def _went(self, number: int, share: float) -> None:
        if number == self._number:
            self._pane.show_running(share)

    def _ended(self, number: int, found: object) -> None:
        if number != self._number:
            return
        self.running = False
        if isinstance(found, Tried):
            self._pane.show_tried(found)
        else:
            self._pane.show_nothing(str(found), bad=True)
