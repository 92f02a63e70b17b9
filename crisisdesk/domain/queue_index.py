"""The sorted list behind the queue: blocks in order, and where each stands among the flat rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

from crisisdesk.domain.queue_order import (
    BAND_STEP,
    RESOLVED_KEPT_MS,
    Band,
    Filter,
    Grouping,
    Order,
    QueueRow,
    group_of,
    haystack,
    is_past,
    sort_key,
)
from crisisdesk.domain.queue_rows import Child, Edit, Group, GroupItem, Head


class Index:
    """Blocks sorted by (key, name): an alert under its id, a group under ``band/name``, the head of
    a band under ``#band``. Only `Queue` and its patches touch it.

    ``over`` is a heap of what was resolved when; an entry may be out of date. ``placed`` says where
    an alert stands now: (key, block); a pinned alert's may be out of date.
    ``extra`` holds the open groups in view: block to (key, number of members).
    """

    def __init__(self, now_ms: int, order: Order, grouping: Grouping) -> None:
        self.now = now_ms
        self.order: Order = order
        self.grouping: Grouping = grouping
        self.filter = Filter()
        self.pinned = ""
        self.rows: dict[str, QueueRow] = {}
        self.hay: dict[str, str] = {}
        self.keys: dict[str, float] = {}
        self.over: list[tuple[int, str]] = []
        self.placed: dict[str, tuple[float, str]] = {}
        self.groups: dict[str, Group] = {}
        self.blocks: list[tuple[float, str]] = []
        self.open: set[str] = set()
        self.extra: dict[str, tuple[float, int]] = {}
        self.heads: dict[Band, list[int]] = {band: [0, 0] for band in Band}

    def flat(self) -> list[Any]:
        """Every visible row, top down."""
        rows = self.rows
        if not self.grouping:
            known = rows.get
            return [known(name) or self.item(name) for _, name in self.blocks]
        return [item for _, name in self.blocks for item in self.items(name)]

    def past(self) -> list[QueueRow]:
        """Rows that have left the time in which resolved ones are shown; each is told once."""
        found: dict[str, QueueRow] = {}
        while self.over and self.over[0][0] <= self.now - RESOLVED_KEPT_MS:
            _, name = heappop(self.over)
            row = self.rows.get(name)
            if row is not None and is_past(row, self.now):
                found[name] = row
        return list(found.values())

    def drop(self, name: str) -> None:
        """Forget a row."""
        self.rows.pop(name, None)
        self.hay.pop(name, None)
        self.keys.pop(name, None)

    def learn(self, row: QueueRow) -> None:
        """Take the newest row of an alert; it is not placed by this."""
        name = row.alert_id
        self.rows[name] = row
        self.hay[name] = haystack(row)
        self.keys[name] = sort_key(row, self.order)
        if row.resolved_at is not None:
            heappush(self.over, (row.resolved_at, name))

    def lets(self, name: str) -> bool:
        """Whether the filter shows it."""
        return not self.filter or self.filter.lets(self.rows[name], self.hay[name])

    def take_bulk(self, rows: Sequence[QueueRow]) -> list[Edit]:
        """Take very many rows at once."""
        rows = list({row.alert_id: row for row in rows}.values())
        now, order = self.now, self.order
        fresh = [row for row in rows if row.resolved_at is None or not is_past(row, now)]
        names = [row.alert_id for row in fresh]
        if len(fresh) < len(rows):
            kept = set(names)
            for row in rows:
                if row.alert_id not in kept:
                    self.drop(row.alert_id)
        self.rows.update(zip(names, fresh, strict=True))
        for row in fresh:
            if row.resolved_at is not None:
                heappush(self.over, (row.resolved_at, row.alert_id))
        self.hay.update(zip(names, map(haystack, fresh), strict=True))
        self.keys.update(zip(names, [sort_key(row, order) for row in fresh], strict=True))
        if self.grouping or not self.placed.keys().isdisjoint(names):
            return self.rebuild()
        self._add_blocks(names)
        items = self.flat()
        return [Edit("reset", 0, len(items), items)]

    def _add_blocks(self, names: list[str]) -> None:
        """Put many new alerts into the ungrouped list; sorting what is mostly in order is cheap."""
        keys = self.keys
        fresh = [(keys[name], name) for name in names if self.lets(name)]
        self.placed.update(zip([name for _, name in fresh], fresh, strict=True))
        for step, number in Counter([key // BAND_STEP for key, _ in fresh]).items():
            head = self.heads[Band(int(step))]
            if not head[0]:
                fresh.append((step * BAND_STEP, f"#{int(step)}"))
            head[0] += number
        fresh.sort()
        self.blocks.extend(fresh)
        self.blocks.sort()

    def block_of(self, row: QueueRow, key: float) -> str:
        """The block it belongs to."""
        if not self.grouping:
            return row.alert_id
        return f"{int(key // BAND_STEP)}/{group_of(row, self.grouping)}"

    def rebuild(self) -> list[Edit]:
        """Put everything in order anew."""
        rows, keys = self.rows, self.keys
        names: Iterable[str] = rows
        if self.filter:
            hay, parsed = self.hay, self.filter
            for word in parsed.words:
                names = [name for name in names if word in hay[name]]
            if parsed.without or parsed.tests:
                names = [name for name in names if parsed.lets(rows[name], hay[name])]
        self.groups.clear()
        self.extra.clear()
        if self.grouping:
            self._rebuild_groups(names)
        else:
            self.blocks = [(keys[name], name) for name in names]
            self.placed = {place[1]: place for place in self.blocks}
            self._count_heads()
        self.blocks.extend((band * BAND_STEP, f"#{band:d}") for band in Band if self.heads[band][0])
        self.blocks.sort()
        items = self.flat()
        return [Edit("reset", 0, len(items), items)]

    def _count_heads(self) -> None:
        counts = Counter([key // BAND_STEP for key, _ in self.placed.values()])
        for band in Band:
            self.heads[band] = [counts[band], 0]

    def _rebuild_groups(self, names: Iterable[str]) -> None:
        rows, keys = self.rows, self.keys
        self.placed = {}
        for name in names:
            key, row = keys[name], rows[name]
            block = self.block_of(row, key)
            self.placed[name] = (key, block)
            group = self.groups.setdefault(block, Group())
            group.members.append((key, name))
            group.weigh(row, 1)
        self._count_heads()
        self.blocks = []
        for block, group in self.groups.items():
            group.members.sort()
            key = group.members[0][0]
            self.blocks.append((key, block))
            if len(group.members) > 1:
                self.heads[Band(int(key // BAND_STEP))][1] += 1
                if block in self.open:
                    self.extra[block] = (key, len(group.members))

    def flat_at(self, place: tuple[float, str]) -> int:
        """The flat row where the block of this place stands or would be put."""
        at = bisect_left(self.blocks, place)
        return at + sum(extra for block, (key, extra) in self.extra.items() if (key, block) < place)

    def item(self, block: str) -> Any:
        """The first row of a block."""
        if block[0] == "#" and block not in self.rows:
            band = Band(int(block[1:]))
            return Head(band, *self.heads[band])
        group = self.groups.get(block)
        if group is None:
            return self.rows[block]
        lead = self.rows[group.members[0][1]]
        if len(group.members) == 1:
            return lead
        places = {self.rows[name].place: None for _, name in group.members[:8]}
        return GroupItem(
            block=block,
            lead=lead,
            size=len(group.members),
            firings=group.count,
            severity=max(rank for rank, number in group.severities.items() if number),
            places=tuple(place for place in places if place),
            open=block in self.open,
        )

    def items(self, block: str) -> list[Any]:
        """Every row of a block."""
        items = [self.item(block)]
        if block in self.open and isinstance(items[0], GroupItem):
            rows = self.rows
            items.extend(Child(rows[name], block) for _, name in self.groups[block].members)
        return items
