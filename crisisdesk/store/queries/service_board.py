"""The facts that the service board is judged of, read from the station's files.

Open alerts are counted by SQLite; single ones are read only where their own service says nothing
and the catalogue's tables may. What is measured is read at most every `SERIES_MS`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.source import ALERT_SOURCE, KIND, Source, sources
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.service_board.judging import AlertTally, Board, Facts, service_board
from crisisdesk.domain.service_board.of_service import series_by_service
from crisisdesk.domain.service_board.watching import (
    LOOK,
    LastLook,
    Looker,
    SourceLine,
    Told,
    source_lines,
)
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.silence import Silence
from crisisdesk.engine.context_ports import SamplesUnreadable
from crisisdesk.store.queries.context import ContextQueries
from crisisdesk.store.queries.quieting import Quieting
from crisisdesk.store.queries.rows import ALERT_ROW_COLUMNS, AlertRow
from crisisdesk.store.states import decode

SERIES_MS = 15_000
LATELY_MS = 86_400_000
# Of alerts whose service is not known so many are read for what their labels mean.
READ_MOST = 2_000
_AT_ONCE = 500
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
_LOOK = f"json_extract(CAST(state AS TEXT), '$.technical_details.{LOOK}')"
_IS_BLIND = (
    f"CASE WHEN source = '{ALERT_SOURCE}' THEN coalesce({_LOOK} = '{Told.SILENT}', 0) ELSE 0 END"
)


class Looked(NamedTuple):
    """How the sources stand, whose series there are, and why the samples cannot be read ("" where
    they can)."""

    lines: list[SourceLine]
    by_service: Mapping[str, Sequence[Series]]
    problem: str = ""


class BoardQueries(ContextQueries):
    """The questions of the service board; whoever inherits them says how rows are read."""

    _declared: tuple[tuple[int, int], list[Source]] | None = None
    # Alerts whose labels say more about their service than they do, as of the last board.
    _by_labels: dict[str, str] | None = None
    _of_services: tuple[int, Services, list[Source], dict[str, list[Series]]] | None = None

    @abstractmethod
    def quieting(self) -> Quieting:
        """See `StationReader.quieting`."""

    @abstractmethod
    def silences(self, now_ms: int) -> list[Silence]:
        """See `StationReader.silences`."""

    def declared_sources(self) -> list[Source]:
        """Every declared source, by name; read anew when something was published since."""
        ((newest,),) = self._rows("SELECT coalesce(max(pos), 0) FROM policy")
        mark = (self.data_version() >> 40, newest)
        if self._declared is None or self._declared[0] != mark:
            rows = self._rows(
                "SELECT state FROM policy "
                "WHERE json_extract(CAST(state AS TEXT), '$.content.kind') = ?",
                (KIND,),
            )
            self._declared = (mark, sources([decode(PolicyVersion, data) for (data,) in rows]))
        return self._declared[1]

    def source_lines(self, now_ms: int, *, on_duty: bool, only_looks: bool = False) -> Looked:
        """How each declared source stands at ``now_ms``; ``on_duty`` says whether it is this
        station that looks at those which one station looks at. With ``only_looks`` no series are
        gathered."""
        declared, problem = self.declared_sources(), ""
        looks: dict[str, LastLook] | None = None
        by_service: dict[str, list[Series]] = {}
        if not declared and only_looks:
            return Looked([], by_service)
        try:
            looks = self._last_looks()
            if not only_looks:
                by_service = self._series_by_service(declared, now_ms)
        except SamplesUnreadable as error:
            problem = str(error)
        looker = Looker(self._own_station(), on_duty)
        return Looked(
            source_lines(declared, looks, self._told(), looker, now_ms), by_service, problem
        )

    def service_board(self, now_ms: int, *, on_duty: bool, looked: Looked | None = None) -> Board:
        """Every service as it stands at ``now_ms``; ``looked`` where it was asked for already."""
        services = self.services()
        if looked is None:
            looked = self.source_lines(now_ms, on_duty=on_duty)
        tallies, placed = self._tallies(services)
        self._by_labels = placed
        quiet: Counter[str] = Counter()
        for kept in self.quieting().kept(now_ms):
            quiet[placed.get(kept.alert_id, kept.service)] += 1
        rows = self._rows(
            "SELECT DISTINCT service FROM alert WHERE detected_at >= ?", (now_ms - LATELY_MS,)
        )
        facts = Facts(
            services=services,
            alerts=tallies,
            sources=looked.lines,
            watched_by={
                name: {one.source_id for one in series}
                for name, series in looked.by_service.items()
            },
            silences=self.silences(now_ms),
            quiet=quiet,
            lately=[name for (name,) in rows],
        )
        return service_board(facts, now_ms)

    def alerts_of_service(self, name: str, limit: int) -> list[AlertRow]:
        """The open alerts that count for a service on the board, the worst and longest first."""
        if self._by_labels is None:
            self._by_labels = self._tallies(self.services())[1]
        placed = [alert_id for alert_id, service in self._by_labels.items() if service == name]
        found: dict[str, AlertRow] = {}
        for start in range(0, max(1, len(placed)), _AT_ONCE):
            part = placed[start : start + _AT_ONCE]
            sql = (
                f"SELECT {ALERT_ROW_COLUMNS} FROM alert WHERE status IN ({_OPEN}) "  # noqa: S608
                f"AND (service = ? OR agg IN ({','.join('?' * len(part))})) "
                "ORDER BY severity DESC, detected_at LIMIT ?"
            )
            for row in self._rows(sql, (name, *part, limit)):
                found[row[0]] = AlertRow._make(row)
        rows = (row for row in found.values() if self._by_labels.get(row.alert_id, name) == name)
        return sorted(rows, key=lambda row: (-row.severity, row.detected_at, row.alert_id))[:limit]

    # -- parts -------------------------------------------------------------------------------

    def _own_station(self) -> str:
        rows = self._rows("SELECT value FROM meta WHERE name = 'station_id'")
        return rows[0][0] if rows else ""

    def _last_looks(self) -> dict[str, LastLook]:
        self.measured()
        return {} if self._samples is None else self._samples.last_looks()

    def _series_by_service(self, declared: list[Source], now_ms: int) -> dict[str, list[Series]]:
        reader, services = self.measured(), self.services()
        if reader is None:
            return {}
        kept = self._of_services
        is_new = kept is None or kept[1] is not services or kept[2] is not declared
        if kept is None or is_new or not 0 <= now_ms - kept[0] < SERIES_MS:
            about = {one.source_id: one.service for one in declared}
            found = series_by_service(reader.known(), services, about)
            kept = self._of_services = (now_ms, services, declared, found)
        return kept[3]

    def _told(self) -> dict[str, Told]:
        """By the key of each open alert of a look what it says; one of an older program is down."""
        sql = (
            f"SELECT json_extract(CAST(state AS TEXT), '$.key'), {_LOOK} FROM alert "  # noqa: S608
            f"WHERE status IN ({_OPEN}) AND source = ?"
        )
        return {
            key: Told.SILENT if look == Told.SILENT else Told.DOWN
            for key, look in self._rows(sql, (ALERT_SOURCE,))
        }

    def _tallies(self, services: Services) -> tuple[list[AlertTally], dict[str, str]]:
        """The open alerts by service and severity, and of those whose labels say more about their
        service than they do the service by id."""
        rows = self._rows(
            f"SELECT service, severity, count(*), sum(owner = ''), min(detected_at), {_IS_BLIND} "  # noqa: S608
            f"FROM alert WHERE status IN ({_OPEN}) GROUP BY 1, 2, 6"
        )
        tallies = [AlertTally._make((*row[:5], bool(row[5]))) for row in rows]
        if not services.catalogue.tables:
            return tallies, {}
        strange = {one.service for one in tallies if not services.knows(one.service)}
        return self._placed(services, tallies, sorted(strange))

    def _placed(
        self, services: Services, tallies: list[AlertTally], strange: list[str]
    ) -> tuple[list[AlertTally], dict[str, str]]:
        """The same with the alerts of services that nobody described where their labels mean."""
        placed: dict[str, str] = {}
        moved: list[AlertTally] = []
        left: Counter[tuple[str, int, bool]] = Counter()
        free: Counter[tuple[str, int, bool]] = Counter()
        for one in self._alerts_of(strange):
            found = services.of(one)
            name = found[0] if found else ""
            if name == one.service:
                continue
            placed[one.alert_id] = name
            is_blind = one.source == ALERT_SOURCE and one.technical_details.get(LOOK) == Told.SILENT
            severity, unowned = SEVERITY_RANK[one.severity], int(not one.owner)
            key = (one.service, severity, is_blind)
            left[key] += 1
            free[key] += unowned
            moved.append(AlertTally(name, severity, 1, unowned, one.detected_at, is_blind))
        for tally in tallies:
            key = (tally.service, tally.severity, tally.is_blind)
            rest = tally._replace(count=tally.count - left[key], unowned=tally.unowned - free[key])
            if rest.count > 0:
                moved.append(rest)
        return moved, placed

    def _alerts_of(self, names: list[str]) -> list[Alert]:
        found: list[Alert] = []
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            sql = (
                f"SELECT state FROM alert WHERE status IN ({_OPEN}) "  # noqa: S608
                f"AND service IN ({','.join('?' * len(part))}) ORDER BY severity DESC, agg LIMIT ?"
            )
            rows = self._rows(sql, (*part, READ_MOST - len(found)))
            found += [decode(Alert, data) for (data,) in rows]
            if len(found) >= READ_MOST:
                break
        return found
