"""The station's samples as screens read them: beside the engine, never in its way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisisdesk.engine.context_ports import SamplesUnreadable
from crisisdesk.store.files import reading_connection
from crisisdesk.store.samples import FILE
from crisisdesk.store.samples.file import Unfit, check, legible
from crisisdesk.store.samples.looks import LookQuestions
from crisisdesk.store.samples.reading import SampleQuestions

if TYPE_CHECKING:
    from crisisdesk.domain.detection.reading import Line
    from crisisdesk.domain.detection.series import Series
    from crisisdesk.domain.service_board.watching import LastLook
    from crisisdesk.engine.detection_ports import Bucket
    from crisisdesk.store.samples.columns import Points

__all__ = ["SampleReader", "SamplesUnreadable"]


class SampleReader:
    """Reads the file of samples of the station in a folder; bound to the thread that asks first.

    While there is no such file there are no samples. Everything raises `SamplesUnreadable` in words
    for one that cannot be read; the next question tries again. What is asked for is `SampleStore`'s
    (`between`, `known`), and what was written up to a few seconds ago is there.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._raw: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._questions = SampleQuestions(self._rows)
        self._looks = LookQuestions(self._rows, self._questions)

    def known(self, source_id: str = "") -> list[Series]:
        """The series that have samples, of one source or of all, in order."""
        return self._questions.known(source_id) if self._there() else []

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """See `SampleStore.between`."""
        return self.columns(series, since, until, step_ms).buckets()

    def columns(self, series: Series, since: int, until: int, step_ms: int = 0) -> Points:
        """The same in columns, as charts want it."""
        from crisisdesk.store.samples.columns import NONE

        return self._questions.columns(series, since, until, step_ms) if self._there() else NONE

    def newest(self, all_of: Iterable[Series]) -> dict[Series, tuple[int, float]]:
        """When each series was measured last (UTC ms) and what came of it."""
        return self._questions.newest(all_of) if self._there() else {}

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """The newest ``limit`` lines of logs of [since, until), of one log or of all, in order."""
        return self._questions.lines(since, until, name, limit) if self._there() else []

    def last_looks(self) -> dict[str, LastLook]:
        """When each source was last found up or down, by its id."""
        return self._looks.last() if self._there() else {}

    def close(self) -> None:
        """Let go of the file, on the thread that reads; the next question opens it."""
        raw, self._raw = self._raw, None
        self._questions.forget()
        self._looks.forget()
        if raw is not None:
            raw.close()

    def _there(self) -> bool:
        """Whether there is a file; one that took its place is opened instead."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self.close()
            return False
        except OSError as error:
            raise SamplesUnreadable(
                f"{FILE} cannot be read ({error}); look at the rights of its folder"
            ) from error
        identity = (stat.st_dev, stat.st_ino)
        if self._raw is not None and identity != self._identity:
            self.close()
        if self._raw is None:
            return self._open(identity)
        return True

    def _open(self, identity: tuple[int, int]) -> bool:
        try:
            raw = reading_connection(self._path)
            try:
                raw.text_factory = legible
                empty = check(raw)
            except BaseException:
                raw.close()
                raise
        except (sqlite3.Error, Unfit) as error:
            raise _unreadable(error) from error
        if empty:
            # The engine has made the file and not yet set it up.
            raw.close()
            return False
        self._raw, self._identity = raw, identity
        return True

    def _rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        assert self._raw is not None
        try:
            return self._raw.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            self.close()
            raise _unreadable(error) from error


def _unreadable(error: Exception) -> SamplesUnreadable:
    if isinstance(error, Unfit):
        return SamplesUnreadable(f"{FILE} cannot be read: {error}; start the engine")
    return SamplesUnreadable(
        f"{FILE} cannot be read ({error}); the engine begins a damaged one anew by itself"
    )
