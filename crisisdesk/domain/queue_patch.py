"""One set of changes on its way into the queue's list, and the edits that tell of it."""

from __future__ import annotations

from bisect import bisect_left, insort

from crisisdesk.domain.queue_index import Index
from crisisdesk.domain.queue_order import BAND_STEP, Band, QueueRow, is_past
from crisisdesk.domain.queue_rows import Child, Edit, Group

BULK = 2_000
MANY_MOVES = 300


class Patch:
    """One set of changes on its way into the list."""

    def __init__(self, index: Index) -> None:
        self.index = index
        # block -> its key in the list when the patch began (None: it did not stand there)
        self.dirty: dict[str, float | None] = {}
        self.rebuilt: set[str] = set()
        self.changed: set[str] = set()
        self.heads: set[Band] = set()

    def put(self, row: QueueRow) -> None:
        """Take the newest row of an alert."""
        q, name = self.index, row.alert_id
        before, placed = q.rows.get(name), q.placed.get(name)
        if name == q.pinned and placed is not None:
            q.learn(row)
            self._in_place(before, row, placed[1])
            return
        past = is_past(row, q.now)
        if not past:
            q.learn(row)
        place = None
        if not past and q.lets(name):
            key = q.keys[name]
            place = (key, q.block_of(row, key))
        if place == placed and place is not None:
            self._in_place(before, row, place[1])
        else:
            if placed is not None and before is not None:
                self._move(before, placed, -1)
            if place is not None:
                self._move(row, place, 1)
                q.placed[name] = place
            else:
                q.placed.pop(name, None)
        if past:
            q.drop(name)

    def _in_place(self, before: QueueRow | None, row: QueueRow, block: str) -> None:
        self._mark(block)
        self.changed.add(row.alert_id)
        group = self.index.groups.get(block)
        if group is not None and before is not None:
            group.weigh(before, -1)
            group.weigh(row, 1)

    def _mark(self, block: str) -> None:
        if block in self.dirty:
            return
        q = self.index
        if q.grouping:
            group = q.groups.get(block)
            self.dirty[block] = group.members[0][0] if group else None
        else:
            placed = q.placed.get(block)
            self.dirty[block] = placed[0] if placed else None

    def _move(self, row: QueueRow, place: tuple[float, str], sign: int) -> None:
        q, (key, block) = self.index, place
        self._mark(block)
        band = Band(int(key // BAND_STEP))
        head = q.heads[band]
        head[0] += sign
        self.heads.add(band)
        if not q.grouping:
            return
        self.rebuilt.add(block)
        group = q.groups.setdefault(block, Group())
        was = len(group.members) > 1
        group.add((key, row.alert_id), row, sign)
        head[1] += (len(group.members) > 1) - was
        if not group.members:
            del q.groups[block]

    def settle(self) -> list[Edit]:
        """Carry the changes into the list; the edits say what was done."""
        q = self.index
        gone: list[tuple[float, str]] = []
        come: list[tuple[float, str]] = []
        still: list[tuple[float, str]] = []
        for block, old in self.dirty.items():
            new = self._key_now(block)
            reshaped = block in self.rebuilt and (block in q.extra or block in q.open)
            if old is not None and (old != new or reshaped):
                gone.append((old, block))
            if new is not None and (old != new or reshaped):
                come.append((new, block))
            elif new is not None:
                still.append((new, block))
        self._sort_heads(gone, come, still)
        if len(gone) + len(come) > MANY_MOVES:
            return self._move_many(gone, come)
        return [*self._remove(gone), *self._insert(come), *self._change(still)]

    def _move_many(
        self, gone: list[tuple[float, str]], come: list[tuple[float, str]]
    ) -> list[Edit]:
        """Moving hundreds one by one costs more than sorting a list that is nearly in order."""
        q = self.index
        leaving = set(gone)
        q.blocks = [place for place in q.blocks if place not in leaving]
        q.blocks.extend(come)
        q.blocks.sort()
        for _, block in gone:
            q.extra.pop(block, None)
        for key, block in come:
            size = len(q.items(block)) if block in q.open else 1
            if size > 1:
                q.extra[block] = (key, size - 1)
        items = q.flat()
        return [Edit("reset", 0, len(items), items)]

    def _sort_heads(
        self,
        gone: list[tuple[float, str]],
        come: list[tuple[float, str]],
        still: list[tuple[float, str]],
    ) -> None:
        q = self.index
        for band in self.heads:
            place = (band * BAND_STEP, f"#{band:d}")
            at = bisect_left(q.blocks, place)
            stands = at < len(q.blocks) and q.blocks[at] == place
            wanted = q.heads[band][0] > 0
            if stands:
                (still if wanted else gone).append(place)
            elif wanted:
                come.append(place)

    def _key_now(self, block: str) -> float | None:
        q = self.index
        if q.grouping:
            group = q.groups.get(block)
            return group.members[0][0] if group else None
        placed = q.placed.get(block)
        return placed[0] if placed else None

    def _remove(self, gone: list[tuple[float, str]]) -> list[Edit]:
        q, edits = self.index, list[Edit]()
        for place in sorted(gone, reverse=True):
            first = q.flat_at(place)
            extra = q.extra.pop(place[1], (0.0, 0))[1]
            del q.blocks[bisect_left(q.blocks, place)]
            count = 1 + extra
            if edits and edits[-1].first == first + count:
                edits[-1] = Edit("remove", first, count + edits[-1].size, ())
            else:
                edits.append(Edit("remove", first, count, ()))
        return edits

    def _insert(self, come: list[tuple[float, str]]) -> list[Edit]:
        q, edits = self.index, list[Edit]()
        for place in sorted(come):
            first = q.flat_at(place)
            insort(q.blocks, place)
            items = q.items(place[1])
            if len(items) > 1:
                q.extra[place[1]] = (place[0], len(items) - 1)
            if edits and edits[-1].first + edits[-1].size == first:
                joined = [*edits[-1].items, *items]
                edits[-1] = Edit("insert", edits[-1].first, len(joined), joined)
            else:
                edits.append(Edit("insert", first, len(items), items))
        return edits

    def _change(self, still: list[tuple[float, str]]) -> list[Edit]:
        q, edits = self.index, list[Edit]()
        for place in still:
            first = q.flat_at(place)
            edits.append(Edit("change", first, 1, [q.item(place[1])]))
            if place[1] in q.extra:
                members = q.groups[place[1]].members
                edits.extend(
                    Edit("change", first + 1 + at, 1, [Child(q.rows[name], place[1])])
                    for at, (_, name) in enumerate(members)
                    if name in self.changed
                )
        return edits
