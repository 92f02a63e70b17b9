"""Runs trials on a thread of its own: says how far they are, and can be told to stop."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

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

log = logging.getLogger(__name__)

# Progress is told in steps of this share: each tells the Qt thread something.
_SHARE = 0.02
# How often what the thread told is fetched, ms.
_FETCH_MS = 30


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
    ``went`` with number and share, ``ended`` with number and the `Tried`, or a sentence instead.

    The thread knows nothing of Qt, since the window may go away under it: what it tells is fetched.
    """

    went = Signal(int, float)
    ended = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._told: queue.SimpleQueue[float | Tried | str] = queue.SimpleQueue()
        stops = self._stops = [threading.Event()]

        def let_go() -> None:
            stops[0].set()

        self.destroyed.connect(let_go)
        self._timer = QTimer(self)
        self._timer.setInterval(_FETCH_MS)
        self._timer.timeout.connect(self._fetch)

    def start(self, job: Job) -> None:
        """Begin; answers of the one before are not told any more."""
        self.stop()
        stop = self._stops[0] = threading.Event()
        self._number, self._told = job.number, queue.SimpleQueue()
        threading.Thread(
            target=_run, args=(job, stop, self._told.put), name="desk test bench", daemon=True
        ).start()
        self._timer.start()

    def stop(self) -> None:
        """Let go of the one under way; it ends within its next step."""
        self._stops[0].set()
        self._timer.stop()

    def _fetch(self) -> None:
        told = self._told
        while self._timer.isActive() and told is self._told and not told.empty():
            one = told.get()
            if isinstance(one, float):
                self.went.emit(self._number, one)
            else:
                self._timer.stop()
                self.ended.emit(self._number, one)


def _run(job: Job, stop: threading.Event, tell: Callable[[float | Tried | str], None]) -> None:
    told = 0.0

    def went(share: float) -> None:
        nonlocal told
        if stop.is_set():
            raise Stopped
        if share - told >= _SHARE:
            told = share
            tell(share)

    try:
        tell(_tried(job, went))
    except Stopped:
        return
    except Exception as error:
        log.exception("a trial of a rule failed")
        tell(
            f"Not tried: the desk itself failed ({type(error).__name__}); the log has the details."
        )


def _tried(job: Job, went: Callable[[float], None]) -> Tried | str:
    from crisisdesk.store.queries.samples import SamplesUnreadable

    try:
        return tried(job, went)
    except DomainError as error:
        return f"Not tried: {error.field} {error.problem}; {error.remedy}."
    except SamplesUnreadable as error:
        return f"Not tried: {error}."
