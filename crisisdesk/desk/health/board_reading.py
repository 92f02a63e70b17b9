"""What the board reads, on the reader's thread: services, sources, small lines, alerts of one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.health.sparkline import Spark
from crisisdesk.desk.health.words import HOUR_MS, MINUTE_MS
from crisisdesk.domain.service_board.judging import Board, ServiceLine
from crisisdesk.domain.service_board.of_service import main_series

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from crisisdesk.domain.detection.series import Series
    from crisisdesk.domain.service_board.watching import SourceLine
    from crisisdesk.store.queries import AlertRow, StationReader

SPARK_MS = HOUR_MS
# A small line is read again after this long; it shows minutes.
SPARK_EVERY_MS = 15_000
ALERTS_MOST = 50


class BoardFound(NamedTuple):
    """The board, every source, the series by service, and why the samples cannot be read ("" where
    they can)."""

    board: Board = Board()
    sources: tuple[SourceLine, ...] = ()
    series: Mapping[str, Sequence[Series]] = MappingProxyType({})
    problem: str = ""


class BoardReading:
    """Keeps lines and small lines between two questions; to be used on the reader's thread only."""

    def __init__(self) -> None:
        self._lines: dict[str, ServiceLine] = {}
        self._series: Mapping[str, Sequence[Series]] = {}
        self._sparks: dict[str, tuple[int, Spark]] = {}

    def board(self, now_ms: int, *, on_duty: bool) -> Callable[[StationReader], BoardFound]:
        """The question for the board at ``now_ms``; ``on_duty``: this station looks at sources."""

        def answer(reader: StationReader) -> BoardFound:
            looked = reader.source_lines(now_ms, on_duty=on_duty)
            board = reader.service_board(now_ms, on_duty=on_duty, looked=looked)
            # Lines that are as they were stay the same things: the window need not compare them.
            lines = tuple(_kept(self._lines.get(one.name), one) for one in board.lines)
            self._lines = {one.name: one for one in lines}
            self._series = looked.by_service
            sources = tuple(looked.lines)
            return BoardFound(
                board._replace(lines=lines), sources, looked.by_service, looked.problem
            )

        return answer

    def sparks(
        self, now_ms: int, names: Collection[str]
    ) -> Callable[[StationReader], dict[str, Spark]]:
        """The question for the small lines of these services; those without samples are left out.

        Whose series they are says the last board.
        """
        return lambda reader: self._drawn(reader, now_ms, names)

    def _drawn(
        self, reader: StationReader, now_ms: int, names: Collection[str]
    ) -> dict[str, Spark]:
        from crisisdesk.store.queries.samples import SamplesUnreadable

        measured = reader.measured()
        if measured is None:
            return {}
        kept = {}
        for name in names:
            before = self._sparks.get(name)
            if before is None or not 0 <= now_ms - before[0] < SPARK_EVERY_MS:
                one = main_series(self._series.get(name, ()))
                since, until = now_ms - SPARK_MS, now_ms + 1
                try:
                    found = [] if one is None else measured.between(one, since, until, MINUTE_MS)
                except SamplesUnreadable:
                    # The board says so; it needs no sample itself.
                    break
                points = tuple((bucket.at, bucket.last) for bucket in found)
                before = (now_ms, Spark(points, since, until))
            kept[name] = before
        self._sparks = kept
        return {name: spark for name, (_, spark) in kept.items() if spark.points}


def asked_alerts(name: str) -> Callable[[StationReader], list[AlertRow]]:
    """The question for the open alerts of a service, the worst first."""
    return lambda reader: reader.alerts_of_service(name, ALERTS_MOST)


def _kept(before: ServiceLine | None, now: ServiceLine) -> ServiceLine:
    return now if before is None or before != now else before
