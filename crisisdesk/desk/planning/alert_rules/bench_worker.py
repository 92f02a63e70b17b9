"""Runs trials on a thread of its own: says how far they are, and can be told to stop."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.planning.alert_rules.bench_input import MOST, given_for
from crisisdesk.desk.planning.alert_rules.bench_words import Tried
from crisisdesk.domain.anomaly import new_detector
from crisisdesk.domain.detection.trial import run
from crisisdesk.domain.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from crisisdesk.desk.planning.alert_rules.bench_input import Wanted
    from crisisdesk.domain.detection.rule import AlertRule

# Progress is told in steps of this share: each tells the Qt thread something.
_SHARE = 0.02


class Job(NamedTuple):
    """One trial that is wanted."""

    number: int
    rule: AlertRule
    others: Sequence[AlertRule]
    wanted: Wanted
    folder: Path
    now_ms: int


class Stopped(Exception):
    """The trial is not wanted any more."""


def tried(job: Job, went: Callable[[float], None]) -> Tried:
    """Run it; blocking. Raises DomainError for what cannot be tried, `SamplesUnreadable` where what
    was kept cannot be read, and whatever ``went`` raises."""
    from crisisdesk.store.queries.samples import SampleReader

    store = SampleReader(job.folder)
    try:
        given = given_for(job.wanted, job.rule, job.others, store, job.now_ms)
    finally:
        store.close()
    trial = run(
        job.rule,
        given.samples,
        given.lines,
        others=job.others,
        new_detector=new_detector,
        most=MOST,
        values_most=MOST,
        went=went,
    )
    return Tried(job.rule, given, trial)


class BenchWorker(QObject):
    """One trial at a time; a new one stops the one before. Signals come on the Qt thread:
    ``went`` with number and share, ``ended`` with number and the `Tried`, or a sentence instead."""

    went = Signal(int, float)
    ended = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        # With the window the trial ends; nothing is told to what is gone.
        self.destroyed.connect(self.stop)

    def start(self, job: Job) -> None:
        """Begin; answers of the one before are not told any more."""
        self.stop()
        stop = self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(job, stop), name="desk test bench", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Let go of the one under way; it ends within its next step."""
        self._stop.set()

    def _run(self, job: Job, stop: threading.Event) -> None:
        told = 0.0

        def went(share: float) -> None:
            nonlocal told
            if stop.is_set():
                raise Stopped
            if share - told >= _SHARE:
                told = share
                self._tell(self.went, job.number, share)

        try:
            found = self._tried(job, went)
            if not stop.is_set():
                self._tell(self.ended, job.number, found)
        except Stopped:
            return

    @staticmethod
    def _tell(signal: Any, number: int, what: object) -> None:
        try:
            signal.emit(number, what)
        except RuntimeError as error:
            # The window went away in this very moment, and the signal with it.
            raise Stopped from error

    @staticmethod
    def _tried(job: Job, went: Callable[[float], None]) -> Tried | str:
        from crisisdesk.store.queries.samples import SamplesUnreadable

        try:
            return tried(job, went)
        except DomainError as error:
            return f"Not tried: {error.field} {error.problem}; {error.remedy}."
        except SamplesUnreadable as error:
            return f"Not tried: {error}."
