"""The queue of alerts: always in order, changed a patch at a time, still while somebody reads.

Every change is answered with edits in terms of the flat rows a view shows (band heads, alerts,
groups and the members of open groups), so that the view's own list follows without starting over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from crisisdesk.domain.queue_index import Index
from crisisdesk.domain.queue_order import (
    SEVERITY_NAME,
    Band,
    Filter,
    Grouping,
    Order,
    QueueRow,
    band_of,
    haystack,
    sort_key,
)
from crisisdesk.domain.queue_patch import BULK, Patch
from crisisdesk.domain.queue_rows import Edit

_WAITS = (Band.NOBODY, Band.WATCHING)


class Queue:
    """See the module. ``now_ms`` (UTC) decides which resolved rows are still shown."""

    def __init__(self, now_ms: int = 0, order: Order = "clock", grouping: Grouping = "") -> None:
        self.filter_text = ""
        self._index = Index(now_ms, order, grouping)
        self._waiting: dict[str, QueueRow] = {}
        self._holding = False

    # -- asking ----------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._index.rows) + len(self._waiting)

    @property
    def order(self) -> Order:
        """How rows are sorted within the bands."""
        return self._index.order

    @property
    def grouping(self) -> Grouping:
        """What rows are grouped by; "" for nothing."""
        return self._index.grouping

    def get(self, alert_id: str) -> QueueRow | None:
        """The newest row of an alert, shown or not."""
        return self._index.rows.get(alert_id) or self._waiting.get(alert_id)

    def rows(self) -> Iterable[QueueRow]:
        """Every row, shown or not, in no order."""
        yield from self._index.rows.values()
        yield from self._waiting.values()

    def shown(self) -> int:
        """How many alerts the filter lets through, those inside closed groups included."""
        return len(self._index.placed)

    def shown_ids(self, bands: tuple[Band, ...] = tuple(Band)) -> list[str]:
        """The alerts in view that stand in these bands."""
        rows = self._index.rows
        return [name for name in self._index.placed if band_of(rows[name]) in bands]

    def band_size(self, band: Band) -> int:
        """How many shown alerts stand in a band."""
        return self._index.heads[band][0]

    def waiting(self) -> dict[str, int]:
        """Held back alerts that the filter would let through: severity to number, worst first."""
        lets = self._index.filter.lets
        counts = Counter(r.severity for r in self._waiting.values() if lets(r, haystack(r)))
        return {
            name: counts[rank] for rank, name in reversed(SEVERITY_NAME.items()) if counts[rank]
        }

    def flat(self) -> list[Any]:
        """Every visible row, top down: rows as given, `Head`, `GroupItem` and `Child`."""
        return self._index.flat()

    def position(self, alert_id: str) -> int | None:
        """The flat row of an alert, or of the closed group that holds it; None when not shown."""
        index = self._index
        placed = index.placed.get(alert_id)
        if placed is None:
            return None
        key, block = placed
        group = index.groups.get(block)
        if group is None:
            return index.flat_at((key, block))
        at = index.flat_at((group.members[0][0], block))
        inside = bisect_left(group.members, (key, alert_id)) + 1
        return at + inside if block in index.extra else at

    def block_position(self, block: str) -> int | None:
        """The flat row of a group; None when it is none any more."""
        group = self._index.groups.get(block)
        if group is None or len(group.members) < 2:
            return None
        return self._index.flat_at((group.members[0][0], block))

    def members(self, block: str) -> list[QueueRow]:
        """The rows of a group, most urgent first."""
        group = self._index.groups.get(block)
        return [self._index.rows[name] for _, name in group.members] if group else []

    # -- changing --------------------------------------------------------------------------

    def apply(self, rows: Sequence[QueueRow]) -> list[Edit]:
        """Take newer rows; new alerts wait while the queue is held, the pinned one stays put."""
        return self._take([row for row in rows if not self._keep_back(row)])

    def hold(self, holding: bool) -> None:
        """Begin or cease to hold new alerts back; what waits goes on waiting until ``release``."""
        self._holding = holding

    def release(self) -> list[Edit]:
        """Let in what waits."""
        rows, self._waiting = list(self._waiting.values()), {}
        return self._take(rows)

    def pin(self, alert_id: str) -> list[Edit]:
        """Keep this alert (or "" for none) where it stands; the one pinned before may now move."""
        before, self._index.pinned = self._index.pinned, alert_id
        if before in ("", alert_id) or before not in self._index.rows:
            return []
        return self._take([self._index.rows[before]])

    def set_now(self, now_ms: int) -> list[Edit]:
        """Let time pass: rows resolved more than an hour ago leave, the pinned one later."""
        self._index.now = now_ms
        pinned = self._index.pinned
        return self._take([row for row in self._index.past() if row.alert_id != pinned])

    def set_filter(self, text: str) -> list[Edit]:
        """Show only what a filter text lets through (see `queue_order.Filter`)."""
        self.filter_text = text
        self._index.filter = Filter.parse(text)
        return self._index.rebuild()

    def set_order(self, order: Order) -> list[Edit]:
        """Sort another way within the bands."""
        index = self._index
        index.order = order
        index.keys = {name: sort_key(row, order) for name, row in index.rows.items()}
        return index.rebuild()

    def set_grouping(self, grouping: Grouping) -> list[Edit]:
        """Group by something else, or "" for no groups."""
        self._index.grouping = grouping
        self._index.open.clear()
        return self._index.rebuild()

    def toggle(self, block: str) -> list[Edit]:
        """Open or close a group; nothing happens for what is none."""
        index = self._index
        group = index.groups.get(block)
        if group is None or len(group.members) < 2:
            return []
        key, size = group.members[0][0], len(group.members)
        at = index.flat_at((key, block))
        if block in index.open:
            index.open.discard(block)
            index.extra.pop(block)
            edit = Edit("remove", at + 1, size, ())
        else:
            index.open.add(block)
            index.extra[block] = (key, size)
            edit = Edit("insert", at + 1, size, index.items(block)[1:])
        return [Edit("change", at, 1, [index.item(block)]), edit]

    def forget(self) -> list[Edit]:
        """Drop every row, before a full load."""
        self._waiting.clear()
        self._index.over.clear()
        for name in list(self._index.rows):
            self._index.drop(name)
        return self._index.rebuild()

    def _take(self, rows: Sequence[QueueRow]) -> list[Edit]:
        if len(rows) > BULK:
            return self._index.take_bulk(rows)
        patch = Patch(self._index)
        for row in rows:
            patch.put(row)
        return patch.settle()

    def _keep_back(self, row: QueueRow) -> bool:
        name = row.alert_id
        if name in self._waiting:
            if band_of(row) in _WAITS:
                self._waiting[name] = row
                return True
            del self._waiting[name]
            return False
        if not self._holding or name in self._index.rows or band_of(row) not in _WAITS:
            return False
        self._waiting[name] = row
        return True
