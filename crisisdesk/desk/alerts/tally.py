"""Counts over all alerts of the station, kept up row by row: what banner, clocks and rail show."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from crisisdesk.domain.queue_order import Band, band_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.store.queries import AlertRow

_SEVERITIES = (5, 4, 3, 2, 1)
_BULK = 500


class Tally:
    """``unowned`` alerts are those of the band *Nobody has it*; low ones do not count there."""

    def __init__(self) -> None:
        # Every alert that is not over, by its id.
        self._rows: dict[str, AlertRow] = {}
        self._bands: Counter[Band] = Counter()
        self._owners: Counter[str] = Counter()
        self._due: dict[int, list[tuple[int, str]]] = {rank: [] for rank in _SEVERITIES}

    def learn(self, rows: Sequence[AlertRow]) -> None:
        """Take newer rows."""
        known = self._rows
        fresh: list[tuple[AlertRow, Band]] = []
        for row in rows:
            name, band = row.alert_id, band_of(row)
            before = known.get(name)
            if before is not None:
                if (
                    before.status == row.status
                    and before.owner == row.owner
                    and before.severity == row.severity
                    and before.sla_deadline == row.sla_deadline
                ):
                    known[name] = row
                    continue
                self._count(before, band_of(before), -1)
                del known[name]
            if band is not Band.RESOLVED:
                known[name] = row
                fresh.append((row, band))
        if len(fresh) < _BULK:
            for row, band in fresh:
                self._count(row, band, 1)
        else:
            self._count_many(fresh)

    def forget(self) -> None:
        """Begin anew."""
        self._rows.clear()
        self._bands.clear()
        self._owners.clear()
        for due in self._due.values():
            due.clear()

    def _count_many(self, fresh: list[tuple[AlertRow, Band]]) -> None:
        for row, band in fresh:
            if band is Band.IN_HAND:
                self._owners[row.owner] += 1
            else:
                self._due[row.severity].append((row.sla_deadline, row.alert_id))
        self._bands.update(Counter([band for _, band in fresh]))
        for due in self._due.values():
            due.sort()

    def _count(self, row: AlertRow, band: Band, sign: int) -> None:
        self._bands[band] += sign
        if band is Band.IN_HAND:
            self._owners[row.owner] += sign
            return
        due, entry = self._due[row.severity], (row.sla_deadline, row.alert_id)
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
