"""The rows of the delivery board without a screen: newest first, new ones held back while read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_words import EVERYTHING, fits
from crisisdesk.domain.queue_rows import Edit
from crisisdesk.domain.severity import SEVERITY_RANK


def _order(one: Delivery) -> tuple[int, str]:
    return (one.queued_at, one.delivery_id)


class BoardRows:
    """What is loaded of a group and a text. Every change gives the edits that a model follows.

    ``more`` says whether older rows are left in the store. A row that no longer belongs to the
    group keeps its place until the next ``begin``: nothing moves under the hand.
    """

    def __init__(self) -> None:
        self.group, self.text = EVERYTHING, ""
        self.rows: list[Delivery] = []
        self.more = False
        self._held: dict[str, Delivery] = {}

    def choose(self, group: str, text: str) -> None:
        """Want another group or text; the rows follow with ``begin``."""
        self.group, self.text = group, text

    def begin(self, items: Sequence[Delivery], *, more: bool) -> list[Edit]:
        """Become the first page."""
        self.rows, self.more = list(items), more
        self._held.clear()
        return [Edit("reset", 0, len(self.rows), list(self.rows))]

    def extend(self, items: Sequence[Delivery], *, more: bool) -> list[Edit]:
        """Take the next older page in at the end."""
        self.more = more
        last = _order(self.rows[-1]) if self.rows else None
        fresh = [one for one in items if last is None or _order(one) < last]
        if not fresh:
            return []
        at = len(self.rows)
        self.rows += fresh
        return [Edit("insert", at, len(fresh), fresh)]

    def learn(self, states: Iterable[Delivery], *, hold: bool) -> list[Edit]:
        """Take newer states in; with ``hold`` rows that were not there wait for ``release``."""
        edits: list[Edit] = []
        fresh: list[Delivery] = []
        for one in states:
            at = self.find(one.delivery_id, one.queued_at)
            if at >= 0:
                if self.rows[at] != one:
                    self.rows[at] = one
                    edits.append(Edit("change", at, 1, [one]))
            elif not fits(one, self.group, self.text) or self._is_beyond(one):
                self._held.pop(one.delivery_id, None)
            elif hold:
                self._held[one.delivery_id] = one
            else:
                self._held.pop(one.delivery_id, None)
                fresh.append(one)
        return edits + self._let_in(fresh)

    def release(self) -> list[Edit]:
        """Let in what waits."""
        held, self._held = list(self._held.values()), {}
        return self._let_in(held)

    def waiting(self) -> list[tuple[str, int]]:
        """(severity, rows) of what is held back, the worst first."""
        counts = Counter(str(one.severity) for one in self._held.values())
        return sorted(counts.items(), key=lambda entry: -SEVERITY_RANK[entry[0]])

    def find(self, delivery_id: str, queued_at: int) -> int:
        """The place of a delivery; -1 when it is not loaded."""
        at = self._place((queued_at, delivery_id))
        found = at < len(self.rows) and self.rows[at].delivery_id == delivery_id
        return at if found else -1

    def _place(self, order: tuple[int, str]) -> int:
        """Where a delivery of this order stands or would stand."""
        low, high = 0, len(self.rows)
        while low < high:
            middle = (low + high) // 2
            if _order(self.rows[middle]) > order:
                low = middle + 1
            else:
                high = middle
        return low

    def _is_beyond(self, one: Delivery) -> bool:
        """Whether it comes with a later page."""
        return self.more and bool(self.rows) and _order(one) < _order(self.rows[-1])

    def _let_in(self, fresh: list[Delivery]) -> list[Edit]:
        edits: list[Edit] = []
        run: list[Any] = []
        # From the oldest on, so that places found are not moved by what comes above them.
        for one in sorted(fresh, key=_order):
            at = self._place(_order(one))
            if edits and run and edits[-1][1] == at and edits[-1][3] is run:
                run.insert(0, one)
                edits[-1] = Edit("insert", at, len(run), run)
            else:
                run = [one]
                edits.append(Edit("insert", at, 1, run))
            self.rows.insert(at, one)
        return edits
