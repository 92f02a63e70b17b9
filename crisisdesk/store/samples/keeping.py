"""The sample store of a station: takes samples in, writes them out, and never stops the engine."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.engine.detection_ports import Bucket
from crisisdesk.engine.ports import Clock
from crisisdesk.store.samples.file import Unfit, put_aside
from crisisdesk.store.samples.writing import SERIES_KEPT, SampleFile, identity_of

T = TypeVar("T")
log = logging.getLogger(__name__)

BUDGET_MIB = 512
# What a killed process may lose, and how often what was written out is put in order, seconds.
WRITE_OUT_S = 2.0
ORDER_S = 300.0
# What SQLite says of a file that is not what was once written; the statements are always the same,
# so that one it cannot make sense of (SQLITE_ERROR) tells of a torn schema.
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
# With less free than this it is the disk that is full, not the budget.
_DISK_FULL_BYTES = 8 << 20


class StationSamples:
    """Implements `SampleStore`. Opens its file when it is first needed, and never raises for a file
    that is no good: that one is put aside with a line in the log, and a new one is begun.

    What comes in waits in memory up to `WRITE_OUT_S`; a killed process loses that, a power cut some
    seconds more. ``problem`` is one sentence while samples are being dropped, else "".
    """

    def __init__(
        self, path: Path, clock: Clock, budget_mib: int = BUDGET_MIB, *, own_thread: bool = True
    ) -> None:
        self.problem = ""
        self._path, self._clock = path, clock
        self._budget = budget_mib << 20
        self._file: SampleFile | None = None
        self._lock = threading.RLock()
        self._samples: list[Sample] = []
        self._lines: list[Line] = []
        self._written_s = self._ordered_s = clock.boottime()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        if own_thread:
            self._thread = threading.Thread(target=self._run, name="samples", daemon=True)
            self._thread.start()

    # -- what the port says ------------------------------------------------------------------

    def write(self, samples: Sequence[Sample], lines: Sequence[Line] = ()) -> None:
        """See `SampleStore.write`. Raises OSError for what was dropped now because the disk
        refuses; what is asked for in between waits."""
        with self._lock:
            self._samples += samples
            self._lines += lines
            if self._clock.boottime() - self._written_s >= WRITE_OUT_S:
                self.write_out()

    def known(self, source_id: str = "") -> list[Series]:
        """See `SampleStore.known`."""
        return self._asked(lambda file: file.questions.known(source_id))

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """See `SampleStore.between`."""
        return self._asked(lambda file: file.questions.between(series, since, until, step_ms))

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """See `SampleStore.lines`."""
        return self._asked(lambda file: file.questions.lines(since, until, name, limit))

    def close(self) -> None:
        """Write out and let go of the file."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            try:
                self.write_out()
            except OSError:
                # Said and logged by `_refuse` already.
                self._samples, self._lines = [], []
            self._let_go()

    # -- what is done at intervals -----------------------------------------------------------

    def write_out(self) -> None:
        """Put what waits in memory into the file; raises OSError when it is dropped instead."""
        with self._lock:
            samples, self._samples = self._samples, []
            lines, self._lines = self._lines, []
            self._written_s = self._clock.boottime()
            if not samples and not lines:
                return
            refused = self._do(lambda file: self._write(file, samples, lines))
            self._say(_too_much(refused))

    def keep_house(self) -> None:
        """Put in order what was written out, make what is old coarser, keep to the budget; raises
        OSError when the disk refuses."""
        with self._lock:
            self.write_out()
            self._ordered_s = self._clock.boottime()
            if self._path.exists():
                self._do(lambda file: self._with_room(file, self._order))

    def _order(self, file: SampleFile) -> None:
        file.keep_house(self._clock.now_ms())

    def _write(self, file: SampleFile, samples: list[Sample], lines: list[Line]) -> int:
        now_ms = self._clock.now_ms()
        refused = self._with_room(file, lambda one: one.write_out(samples, lines, now_ms))
        if self._opened().crowded:
            self._with_room(self._opened(), self._order)
        return refused

    def _with_room(self, file: SampleFile, work: Callable[[SampleFile], T]) -> T:
        """Work on the file; once more with the oldest let go where the budget is used up."""
        try:
            return work(file)
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_FULL or not self._used_up():
                raise
        file.make_room(self._clock.now_ms())
        self._let_go()
        return work(self._opened())

    def _run(self) -> None:
        while not self._ending.wait(WRITE_OUT_S):
            try:
                with self._lock:
                    now_s = self._clock.boottime()
                    if now_s - self._ordered_s >= ORDER_S:
                        self.keep_house()
                    else:
                        self.write_out()
            except OSError:
                # Said and logged by `_refuse`; the next round tries again.
                continue
            except Exception:
                # A fault of ours must not end the writing of all that comes after.
                log.exception("the samples could not be written out or put in order")

    # -- the file ----------------------------------------------------------------------------

    def _asked(self, question: Callable[[SampleFile], T]) -> T:
        with self._lock:
            try:
                self.write_out()
            except OSError:
                # ``problem`` says so; what was kept before can be read all the same.
                log.debug("asked while samples are dropped")
            return self._do(question)

    def _do(self, work: Callable[[SampleFile], T]) -> T:
        """Work on the file; once more on a new one where it turns out to be damaged."""
        try:
            try:
                return work(self._opened())
            except Unfit as error:
                self._begin_anew(error.why, str(error))
            except sqlite3.DatabaseError as error:
                if _code(error) not in _DAMAGED:
                    raise
                self._begin_anew("damaged", f"it is damaged ({error})")
            return work(self._opened())
        except (sqlite3.Error, Unfit, OSError) as error:
            raise self._refuse(error) from error

    def _opened(self) -> SampleFile:
        """The file, opened anew where another one or none stands at its place."""
        if self._file is not None and not self._stands():
            self._let_go()
        if self._file is None:
            self._file = SampleFile(self._path, self._budget)
        return self._file

    def _stands(self) -> bool:
        try:
            return self._file is not None and identity_of(self._path) == self._file.identity
        except FileNotFoundError:
            return False

    def _begin_anew(self, why: str, words: str) -> None:
        self._let_go()
        aside = put_aside(self._path, why)
        log.warning("the file of samples is begun anew, the old one is %s: %s", aside.name, words)

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    # -- what goes wrong ---------------------------------------------------------------------

    def _refuse(self, error: Exception) -> OSError:
        """Let go of the file and say why, once."""
        if _code(error) == sqlite3.SQLITE_FULL and self._used_up():
            count = self._file.series if self._file is not None else 0
            words = (
                f"{count} series are too many for the {self._budget >> 20} MiB they may take; "
                "look at fewer things, or less often"
            )
        else:
            words = f"{_reason(error)}; make room on it, or give this user the right to write"
        self._let_go()
        self._say(f"Samples are dropped: {words}.")
        return OSError(self.problem)

    def _used_up(self) -> bool:
        """Whether it is the budget that is used up, and not the disk."""
        try:
            free = shutil.disk_usage(self._path.parent).free
            return self._file is not None and self._file.full and free > _DISK_FULL_BYTES
        except (sqlite3.Error, OSError):
            return False

    def _say(self, problem: str) -> None:
        """Keep the sentence; log it when it is another one."""
        if problem != self.problem:
            self.problem = problem
            if problem:
                log.warning("%s", problem)
            else:
                log.info("samples are kept again")


def _too_much(refused: int) -> str:
    if not refused:
        return ""
    return (
        f"Samples are dropped: they are more than an hour ahead of this station's clock, or of "
        f"more than {SERIES_KEPT} series; set the clocks, or leave changing labels out."
    )


def _reason(error: Exception) -> str:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return "the disk is full"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return "the file of samples cannot be written"
    return f"the disk refuses ({error})"


def _code(error: Exception) -> int:
    """SQLite's primary code; 0 for an error that is not SQLite's own."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
