"""The context of an alert, read from the station's file at the moment somebody looks.

Nothing of it is stored with the alert: it can be computed from what is there, so it delays neither
the alert nor its page, and says what is true now. Each question is bounded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.alert import OPEN_STATUSES, Alert, AlertStatus
from crisisdesk.domain.context import gathered, similar
from crisisdesk.domain.context.change_mapping import KIND as MAPPING
from crisisdesk.domain.context.change_mapping import ChangeMapping, read_mapping
from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.context.gathered import Context, Near, Neighbour, Read
from crisisdesk.domain.context.host_facts import (
    HostKnown,
    host_known,
    host_series,
    hosts_named,
    may_be_of_host,
)
from crisisdesk.domain.context.measured import AboutWhat, Measured, related_series, thinned
from crisisdesk.domain.context.services import KINDS, Services, services_in
from crisisdesk.domain.context.similar import Past, Trait, trait
from crisisdesk.domain.incident import DONE_STATUSES, Incident
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.engine.context_ports import MeasuredReader, SamplesUnreadable
from crisisdesk.store.samples import FILE as SAMPLES
from crisisdesk.store.states import decode

if TYPE_CHECKING:
    from pathlib import Path

    from crisisdesk.store.queries.samples import SampleReader

HOUR_MS = 3_600_000
# How many of the newest are looked through for similar ones, and how many rows any list reads.
PAST_ALERTS, PAST_INCIDENTS, READ = 300, 100, 20
LISTED = 200
NO_HOST = "no source of type host measures it here"
NO_SERIES = "no series is known for this service"
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
_ENDED = f"'{AlertStatus.RESOLVED.value}','{AlertStatus.CLOSED.value}'"
_DONE = ",".join(f"'{status.value}'" for status in DONE_STATUSES)
_KINDS = ",".join(f"'{kind}'" for kind in KINDS)


class ContextQueries(ABC):
    """The questions about context; whoever inherits them says how rows are read."""

    _services: tuple[tuple[int, int], Services] | None = None
    _samples: SampleReader | None = None

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    @abstractmethod
    def data_version(self) -> int:
        """See `StationReader.data_version`."""

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Where the station's files lie."""

    def measured(self) -> MeasuredReader | None:
        """What reads the station's samples; None where none were ever kept."""
        if self._samples is None and (self.folder / SAMPLES).exists():
            # numpy comes with it, which a station that measures nothing need not load.
            from crisisdesk.store.queries.samples import SampleReader

            self._samples = SampleReader(self.folder)
        return self._samples

    def _close_samples(self) -> None:
        if self._samples is not None:
            self._samples.close()

    def services(self) -> Services:
        """What is published about services; read anew when something was published since."""
        ((newest,),) = self._rows("SELECT coalesce(max(pos), 0) FROM policy")
        # A file that took the place of another may have the same positions.
        mark = (self.data_version() >> 40, newest)
        if self._services is None or self._services[0] != mark:
            rows = self._rows(
                "SELECT state FROM policy "  # noqa: S608  only words of this program go in
                f"WHERE json_extract(CAST(state AS TEXT), '$.content.kind') IN ({_KINDS})"
            )
            versions = [decode(PolicyVersion, data) for (data,) in rows]
            self._services = (mark, services_in(versions))
        return self._services[1]

    def changes(
        self, since: int, until: int, service: str = "", limit: int = LISTED
    ) -> list[RecordedChange]:
        """The changes of [since, until], the newest first."""
        where, values = ("AND service = ?", [service]) if service else ("", [])
        sql = (
            f"SELECT state FROM change WHERE at >= ? AND at <= ? {where} "  # noqa: S608
            "ORDER BY at DESC, agg LIMIT ?"
        )
        return self._changes(sql, [since, until, *values, limit])

    def change(self, change_id: str) -> RecordedChange | None:
        """One change."""
        found = self._changes("SELECT state FROM change WHERE agg = ?", [change_id])
        return found[0] if found else None

    def change_mapping(self, name: str) -> ChangeMapping | None:
        """The mapping of changes of this name that is published now."""
        rows = self._rows(
            "SELECT state FROM policy "
            "WHERE json_extract(CAST(state AS TEXT), '$.content.kind') = ?",
            (MAPPING,),
        )
        versions = current(decode(PolicyVersion, data) for (data,) in rows)
        found = [one for one in versions if one.name == name]
        return read_mapping(found[0].name, found[0].content) if found else None

    def context_of(
        self, alert_id: str, now_ms: int, hours: int = gathered.CHANGE_HOURS
    ) -> Context | None:
        """The context of an alert, with the changes of ``hours`` before it; None for no alert."""
        rows = self._rows("SELECT state FROM alert WHERE agg = ?", (alert_id,))
        if not rows:
            return None
        alert = decode(Alert, rows[0][0])
        services = self.services()
        names = services.of(alert)
        near = gathered.nearby(services, names)
        since = gathered.began(alert) - hours * HOUR_MS
        until = now_ms if alert.resolved_at is None else alert.resolved_at
        own = [*names, *([alert.place] if alert.place else [])]
        measured, words, lines = self._measured_of(alert, names, until)
        host, host_words = self._host_of(alert)
        read = Read(
            own_changes=self._changes_of(own, since, until),
            near_changes=self._changes_of(list(near), since, until),
            neighbours=self._neighbours(alert_id, near),
            similar=self._similar(alert, names),
            measured=measured,
            measured_words=words,
            lines=lines,
            host=host,
            host_words=host_words,
        )
        return gathered.put_together(alert, services, near, read, now_ms, hours)

    # -- parts -------------------------------------------------------------------------------

    def _changes(self, sql: str, values: Sequence[Any]) -> list[RecordedChange]:
        return [decode(RecordedChange, data) for (data,) in self._rows(sql, values)]

    def _changes_of(self, names: Sequence[str], since: int, until: int) -> list[RecordedChange]:
        """The newest of what these services or sources went through."""
        found: dict[str, RecordedChange] = {}
        for column in ("service", "source") if names else ():
            marks = ",".join("?" * len(names))
            sql = (
                f"SELECT state FROM change WHERE {column} IN ({marks}) "  # noqa: S608
                "AND at >= ? AND at <= ? ORDER BY at DESC, agg LIMIT ?"
            )
            for one in self._changes(sql, [*names, since, until, READ]):
                found[one.change_id] = one
        return sorted(found.values(), key=lambda c: (-c.at, c.change_id))[:READ]

    def _neighbours(self, alert_id: str, near: dict[str, Near]) -> list[Neighbour]:
        if not near:
            return []
        marks = ",".join("?" * len(near))
        sql = (
            "SELECT agg, service, severity, title, detected_at FROM alert "  # noqa: S608
            f"WHERE status IN ({_OPEN}) AND agg <> ? AND service IN ({marks}) "
            "ORDER BY severity DESC, detected_at LIMIT ?"
        )
        rows = self._rows(sql, (alert_id, *near, READ))
        return [
            Neighbour(near[service], agg, severity, title, since)
            for agg, service, severity, title, since in rows
        ]

    def _similar(self, alert: Alert, names: Sequence[str]) -> list[similar.Similar]:
        present = trait(names, alert.title, alert.labels)
        past = [*self._past_alerts(alert.alert_id), *self._past_incidents(alert.incident_id)]
        return similar.most_similar(present, past)

    def _past_alerts(self, without: str) -> Iterable[Past]:
        # The plus keeps SQLite from sorting all that ever ended: it walks back from the newest.
        sql = (
            f"SELECT state FROM alert WHERE +status IN ({_ENDED}) AND agg <> ? "  # noqa: S608
            "ORDER BY detected_at DESC, agg LIMIT ?"
        )
        for (data,) in self._rows(sql, (without, PAST_ALERTS)):
            one = decode(Alert, data)
            if one.resolved_at is not None:
                yield Past(
                    subject_id=one.alert_id,
                    title=one.title,
                    trait=trait([one.service], one.title, one.labels),
                    began_at=one.detected_at,
                    span_ms=max(0, one.resolved_at - one.detected_at),
                    by=one.owner or one.resolved_by,
                    words=one.resolution,
                )

    def _past_incidents(self, without: str) -> Iterable[Past]:
        sql = (
            f"SELECT state FROM incident WHERE +status IN ({_DONE}) AND agg <> ? "  # noqa: S608
            # What is for a few is no case to learn from for all.
            "AND knowing = '' ORDER BY created_at DESC, agg LIMIT ?"
        )
        found = [decode(Incident, d) for (d,) in self._rows(sql, (without, PAST_INCIDENTS))]
        traits = self._traits([one.alerts[:READ] for one in found])
        for one in found:
            if one.resolved_at is not None:
                members = [traits[name] for name in one.alerts[:READ] if name in traits]
                yield Past(
                    subject_id=one.incident_id,
                    title=one.title,
                    trait=_together(one.title, members),
                    began_at=one.created_at,
                    span_ms=max(0, one.resolved_at - one.created_at),
                    by=one.commander,
                    words=one.resolution_summary or one.root_cause,
                )

    def _traits(self, members: Sequence[Sequence[str]]) -> dict[str, Trait]:
        names = sorted({name for group in members for name in group})
        found: dict[str, Trait] = {}
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            marks = ",".join("?" * len(part))
            for (data,) in self._rows(f"SELECT state FROM alert WHERE agg IN ({marks})", part):  # noqa: S608
                one = decode(Alert, data)
                found[one.alert_id] = trait([one.service], one.title, one.labels)
        return found

    def _measured_of(
        self, alert: Alert, names: Sequence[str], until: int
    ) -> tuple[list[Measured], str, list[Any]]:
        """The series of the last hour, or in words why there are none; and the last log lines."""
        reader = self.measured()
        if reader is None:
            return [], NO_SERIES, []
        try:
            about = AboutWhat(alert.source, alert.key, names, alert.labels)
            found = []
            for one in related_series(reader.known(), about):
                kept = reader.between(one, until - HOUR_MS, until + 1)
                points = thinned([(bucket.at, bucket.last) for bucket in kept])
                if points:
                    found.append(Measured(str(one), tuple(points)))
            lines = [
                line
                for name in [*names, alert.place]
                if name
                for line in reader.lines(until - HOUR_MS, until + 1, name, gathered.LINES_TOLD)
            ]
        except SamplesUnreadable as error:
            return [], str(error), []
        return found, "" if found else NO_SERIES, sorted(lines, key=lambda line: line.at)

    def _host_of(self, alert: Alert) -> tuple[HostKnown | None, str]:
        """What was measured last of the host that it names, or in words why nothing is told."""
        hosts, reader = hosts_named(alert.labels), self.measured()
        if not may_be_of_host(alert.source, hosts):
            return None, ""
        try:
            if reader is not None:
                found = host_series(reader.known(), alert.source, alert.key, hosts)
                known = host_known(reader.newest(found)) if found else None
                if known is not None:
                    return known, ""
        except SamplesUnreadable:
            # What cannot be read is told once, by what stands beside it.
            return None, ""
        return None, f"nothing is known of {hosts[0]}, {NO_HOST}" if hosts else ""


def _together(title: str, members: Sequence[Trait]) -> Trait:
    """An incident is compared by its own title and all that its alerts are about."""
    shared = [member.labels for member in members]
    labels = frozenset.intersection(*shared) if shared else frozenset()
    own = trait([], title, {})
    services = frozenset(name for member in members for name in member.services)
    return Trait(services=services, words=own.words, labels=labels)
