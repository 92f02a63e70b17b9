"""The station's reader: typed questions to the file, with no snapshot held between two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.event import Event, unseal
from crisisdesk.domain.filters import AlertFilter
from crisisdesk.domain.flapping import Damping
from crisisdesk.domain.policy_version import DECLARED_KINDS, PolicyVersion
from crisisdesk.domain.reached import Verdict
from crisisdesk.domain.response_times import Response
from crisisdesk.domain.split import Split, SplitView
from crisisdesk.domain.station import NAMELESS, Station
from crisisdesk.store.positions import LAST_POS
from crisisdesk.store.queries import reached, responses
from crisisdesk.store.queries.alike import AlikeQueries
from crisisdesk.store.queries.archived import older_entries
from crisisdesk.store.queries.candidates import CandidateQueries
from crisisdesk.store.queries.connection import ReadingConnection, StoreUnavailable
from crisisdesk.store.queries.counting import count_station
from crisisdesk.store.queries.deliveries import DeliveryQueries
from crisisdesk.store.queries.images import FOLLOWED_BODY, ImageQueries
from crisisdesk.store.queries.incidents import IncidentQueries
from crisisdesk.store.queries.paging import (
    ALERT_SORTS,
    Page,
    Sort,
    Where,
    alert_where,
    check_limit,
    page_of,
)
from crisisdesk.store.queries.quieting import Quieting
from crisisdesk.store.queries.rows import (
    ALERT_ROW_COLUMNS,
    AlertRow,
    DashboardCounts,
    FeedRow,
    LogEntry,
)
from crisisdesk.store.queries.rules import RuleQueries
from crisisdesk.store.queries.runs import RunQueries
from crisisdesk.store.queries.service_board import BoardQueries
from crisisdesk.store.queries.silences import SilenceQueries
from crisisdesk.store.queries.splits import load_split, splits_of
from crisisdesk.store.queries.whole import WholeQueries
from crisisdesk.store.states import decode

__all__ = ["StationReader", "StoreUnavailable"]

T = TypeVar("T")
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
_NO_LIMIT = -1


class StationReader(
    CandidateQueries,
    DeliveryQueries,
    ImageQueries,
    IncidentQueries,
    RuleQueries,
    RunQueries,
    SilenceQueries,
    BoardQueries,
    WholeQueries,
    AlikeQueries,
):
    """Reads the station's file; opened on first use and bound to that thread.

    Every method raises `StoreUnavailable` in words when the file is missing, locked, damaged or of
    another version; the next call tries again.
    """

    def __init__(self, path: Path, damping: Callable[[], Damping] = Damping) -> None:
        self._path, self._damping = path, damping
        self._file = ReadingConnection(path)

    def close(self) -> None:
        """Let go of the file; to be called on the thread that reads. The next question opens it."""
        self._file.close()
        self._close_samples()

    @property
    def folder(self) -> Path:
        """Where the station's files lie."""
        return self._path.parent

    # -- change ------------------------------------------------------------------------------

    def data_version(self) -> int:
        """A number that differs from the last one when anything was written since, by anyone."""
        return self._file.data_version()

    def head_pos(self) -> int:
        """The last local log position; 0 when the log is empty."""
        pos: int = self._rows(LAST_POS)[0][0]
        return pos

    def events_after(self, pos: int, limit: int = 500) -> list[FeedRow]:
        """Stored events behind a position, oldest first; those of images without their body."""
        sql = f"SELECT pos, raw, {FOLLOWED_BODY} FROM event WHERE pos > ? ORDER BY pos LIMIT ?"  # noqa: S608
        return [FeedRow._make(row) for row in self._rows(sql, (pos, check_limit(limit)))]

    # -- one thing ---------------------------------------------------------------------------

    def station(self) -> Station:
        """This station; without name and operator before the first run is through."""
        for (own,) in self._rows("SELECT value FROM meta WHERE name = 'station_id'"):
            if (found := self._state(Station, "station", own)) is not None:
                return found
        return self._state(Station, "station", NAMELESS) or Station()

    def stations(self) -> list[Station]:
        """Every station whose events are here, this one among them, by name."""
        found = self._states(Station, "SELECT state FROM station WHERE agg <> ?", (NAMELESS,))
        return sorted(found, key=lambda s: (s.name, s.station_id))

    def splits(self) -> list[Split]:
        """The last times this station was cut off and came back, newest first."""
        return splits_of(self.station())

    def split(self, split: Split) -> SplitView:
        """What both sides did in one of `splits`, and what stands now."""
        return load_split(self._rows, split)

    def contacts(self) -> list[Contact]:
        """All contacts that were not removed, by name."""
        found = self._states(Contact, "SELECT state FROM contact WHERE removed = 0")
        return sorted(found, key=lambda c: (c.name, c.contact_id))

    def alert(self, alert_id: str) -> Alert | None:
        """One alert's whole state."""
        return self._state(Alert, "alert", alert_id)

    def history(
        self, aggregates: Sequence[str], limit: int = 500, before_pos: int | None = None
    ) -> list[Event]:
        """The newest events of these aggregates together, newest last."""
        return [entry.event for entry in self.log_entries(aggregates, limit, before_pos)]

    def log_entries(
        self,
        aggregates: Sequence[str],
        limit: int = 500,
        before_pos: int | None = None,
        without_kind: str = "",
    ) -> list[LogEntry]:
        """As `history`, with the positions; the smallest is the next ``before_pos``.

        Events ``without_kind`` are left out, such as the repeats that fill a noisy alert's log.
        Those that have left the log come from the archive, at position 0: nothing is before them.
        """
        if not aggregates:
            return []
        marks = ",".join("?" * len(aggregates))
        before = "" if before_pos is None else "AND pos < ?"
        sql = (
            f"SELECT pos, raw, body FROM event WHERE agg IN ({marks}) AND kind <> ? {before} "  # noqa: S608
            "ORDER BY pos DESC LIMIT ?"
        )
        bound = () if before_pos is None else (before_pos,)
        values = (*aggregates, without_kind, *bound, check_limit(limit))
        entries = [LogEntry(pos, unseal(raw, body)) for pos, raw, body in self._rows(sql, values)]
        entries.sort(key=lambda entry: entry.event.order)
        if before_pos == 0 or len(entries) >= limit:
            return entries
        left = limit - len(entries)
        return older_entries(self._rows, self._path, aggregates, left, without_kind) + entries

    # -- alerts ------------------------------------------------------------------------------

    def iter_alert_rows(
        self, since_pos: int = 0, *, resolved_since_ms: int | None = None, chunk: int = 5_000
    ) -> Iterator[list[AlertRow]]:
        """Rows whose position is past ``since_pos``, by position, a chunk at a time.

        With ``resolved_since_ms`` only open ones and those resolved since then. Nothing is held
        open between chunks; a row that changes meanwhile comes again at the end with its newer
        state.
        """
        wanted = ""
        values: tuple[int, ...] = ()
        if resolved_since_ms is not None:
            wanted = f"AND (status IN ({_OPEN}) OR resolved_at >= ?)"
            values = (resolved_since_ms,)
        sql = (
            f"SELECT {ALERT_ROW_COLUMNS} FROM alert WHERE pos > ? {wanted} "  # noqa: S608
            "ORDER BY pos LIMIT ?"
        )
        pos = since_pos
        while rows := list(map(AlertRow._make, self._rows(sql, (pos, *values, chunk)))):
            yield rows
            pos = rows[-1].pos
            if len(rows) < chunk:
                return

    def alert_rows(
        self, since_pos: int = 0, *, resolved_since_ms: int | None = None, limit: int = _NO_LIMIT
    ) -> list[AlertRow]:
        """All the chunks of `iter_alert_rows` in one list; at most ``limit`` rows if given."""
        if limit >= 0:
            chunks = self.iter_alert_rows(
                since_pos, resolved_since_ms=resolved_since_ms, chunk=max(1, limit)
            )
            return next(chunks, [])[:limit]
        found: list[AlertRow] = []
        for rows in self.iter_alert_rows(since_pos, resolved_since_ms=resolved_since_ms):
            found.extend(rows)
        return found

    def alerts_of_incident(self, incident_id: str) -> list[AlertRow]:
        """The alerts that were escalated into this incident, oldest first."""
        sql = (
            f"SELECT {ALERT_ROW_COLUMNS} FROM alert WHERE incident_id = ? "  # noqa: S608
            "AND incident_id != '' ORDER BY detected_at, agg"
        )
        return [AlertRow._make(row) for row in self._rows(sql, (incident_id,))]

    def page_alerts(
        self,
        asked: AlertFilter | None = None,
        sort: str = "-detected_at",
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Alert]:
        """A page of alerts. ``sort`` is one of `ALERT_SORTS`, "-" in front for descending.

        Raises Malformed naming ``after``, ``sort``, ``limit``, ``status`` or ``severity``.
        """
        where = alert_where(asked or AlertFilter())
        return self._page(Alert, "alert", where, Sort.parse(sort, ALERT_SORTS), after, limit)

    # -- policies and escalations -------------------------------------------------------------

    def policies(self, *, declared: bool = False) -> list[PolicyVersion]:
        """Every published version, withdrawn ones too, the oldest first: of policies, schedules and
        overrides, or of what is ``declared`` (heartbeats, loop tests)."""
        found = self._states(PolicyVersion, "SELECT state FROM policy")
        found = [v for v in found if (v.content.get("kind") in DECLARED_KINDS) is declared]
        return sorted(found, key=lambda v: (v.published_at, v.version_id))

    def escalations_of(self, alert_id: str) -> list[Escalation]:
        """The escalations of one alert, the newest first."""
        sql = "SELECT state FROM escalation WHERE alert_id = ?"
        found = self._states(Escalation, sql, (alert_id,))
        return sorted(found, key=lambda e: (-e.started_at, e.escalation_id))

    # -- what pages nobody ----------------------------------------------------------------------

    def quieting(self) -> Quieting:
        """The questions of what is kept quiet, by whatever it is."""
        return Quieting(self._rows, self._damping)

    def unreached(self, now_ms: int) -> Verdict:
        """The alerts nobody has been reached about at ``now_ms``, worst first."""
        return reached.unreached(self._rows, now_ms)

    # -- figures -----------------------------------------------------------------------------

    def responses(self, since_ms: int, until_ms: int) -> list[Response]:
        """The alerts taken in hand in that time, oldest first (see `responses.responses`)."""
        return responses.responses(self._rows, since_ms, until_ms)

    def counts(self, now_ms: int) -> DashboardCounts:
        """How the station stands at ``now_ms`` (UTC ms; the response times look back from it)."""
        return count_station(self._rows, now_ms)

    # -- how ---------------------------------------------------------------------------------

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._file.rows(sql, values)

    def _states(self, kind: type[T], sql: str, values: Sequence[Any] = ()) -> list[T]:
        return [decode(kind, data) for (data,) in self._rows(sql, values)]

    def _state(self, kind: type[T], table: str, aggregate: str) -> T | None:
        sql = f"SELECT state FROM {table} WHERE agg = ?"  # noqa: S608
        found = self._states(kind, sql, (aggregate,))
        return found[0] if found else None

    def _page(
        self, kind: type[T], table: str, where: Where, sort: Sort, after: str | None, limit: int
    ) -> Page[T]:
        return page_of(self._rows, kind, table, where, sort, after, limit)
