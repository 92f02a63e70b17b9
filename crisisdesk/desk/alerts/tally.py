"""Counts over all alerts of the station, kept up row by row: what banner, clocks and rail show."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.queue_order import Band, band_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.store.queries import AlertRow

_SEVERITIES = (5, 4, 3, 2, 1)
_DUE = (Band.NOBODY, Band.WATCHING)
_BULK = 500


class _Seen(NamedTuple):
    band: Band
    owner: str
    severity: int
    deadline_ms: int


class Tally:
    """``unowned`` alerts are those of the band *Nobody has it*; low ones do not count there."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._rows: dict[str, AlertRow] = {}
        self._bands: Counter[Band] = Counter()
        self._owners: Counter[str] = Counter()
        self._due: dict[int, list[tuple[int, str]]] = {rank: [] for rank in _SEVERITIES}

    def learn(self, rows: Sequence[AlertRow]) -> None:
        """Take newer rows."""
        fresh: list[tuple[str, _Seen]] = []
        known = self._seen.get
        for row in rows:
            name = row.alert_id
            seen = _Seen(band_of(row), row.owner, row.severity, row.sla_deadline)
            before = known(name)
            if before != seen:
                if before is not None:
                    self._count(name, before, -1)
                fresh.append((name, seen))
                self._seen[name] = seen
            if seen.band in _DUE:
                self._rows[name] = row
            else:
                self._rows.pop(name, None)
        if len(fresh) < _BULK:
            for name, seen in fresh:
                self._count(name, seen, 1)
        else:
            self._count_many(fresh)

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()
        self._rows.clear()
        self._bands.clear()
        self._owners.clear()
        for due in self._due.values():
            due.clear()

    def _count_many(self, fresh: list[tuple[str, _Seen]]) -> None:
        for name, (band, owner, severity, deadline_ms) in fresh:
            self._bands[band] += 1
            if band is Band.IN_HAND:
                self._owners[owner] += 1
            elif band in _DUE:
                self._due[severity].append((deadline_ms, name))
        for due in self._due.values():
            due.sort()

    def _count(self, name: str, seen: _Seen, sign: int) -> None:
        self._bands[seen.band] += sign
        if seen.band is Band.IN_HAND:
            self._owners[seen.owner] += sign
        if seen.band in _DUE:
            due, entry = self._due[seen.severity], (seen.deadline_ms, name)
            if sign > 0:
                insort(due, entry)
            else:
                del due[bisect_left(due, entry)]

    def unowned(self, severity: int | None = None) -> int:
        """Unowned alerts, of one severity rank (2 to 5) or of all."""
        return self._bands[Band.NOBODY] if severity is None else len(self._due[severity])

    def open(self) -> int:
        """Alerts that are not over."""
        bands = self._bands
        return bands[Band.NOBODY] + bands[Band.IN_HAND] + bands[Band.WATCHING]

    def owned_by(self, name: str) -> int:
        """Open alerts in this person's hands."""
        return self._owners[name]

    def worst(self) -> AlertRow | None:
        """Of the worst unowned severity the alert whose clock ends first; low ones never."""
        for rank in _SEVERITIES[:-1]:
            if self._due[rank]:
                return self._rows[self._due[rank][0][1]]
        return None

    def next_due(self, count: int) -> list[AlertRow]:
        """The unowned alerts whose clocks end first, late ones before all."""
        ordered = merge(*(self._due[rank] for rank in _SEVERITIES[:-1]))
        return [self._rows[name] for _, name in islice(ordered, count)]

    def sounding(self, count: int) -> list[AlertRow]:
        """Unowned alerts an alarm is about: of each severity the first and the last ``count``."""
        chosen: dict[str, AlertRow] = {}
        for rank in _SEVERITIES:
            due = self._due[rank]
            for _, name in (*due[:count], *due[-count:]):
                chosen[name] = self._rows[name]
        return list(chosen.values())
