"""The visible rows of the queue, and the edits that carry a view from one list to the next."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from crisisdesk.domain.queue_order import Band, QueueRow


class Head(NamedTuple):
    """The head of a band: how many alerts stand below it, and in how many groups."""

    band: Band
    rows: int
    groups: int


class GroupItem(NamedTuple):
    """The row of a group; ``lead`` is its most urgent member, ``firings`` all of theirs."""

    block: str
    lead: QueueRow
    size: int
    firings: int
    severity: int
    places: tuple[str, ...]
    open: bool


class Child(NamedTuple):
    """A member's row below its open group."""

    row: QueueRow
    block: str


Item = QueueRow | Head | GroupItem | Child


class Edit(NamedTuple):
    """One step for a list of flat rows; steps are taken in the order given.

    ``remove`` takes ``size`` rows out at ``first``, ``insert`` puts ``items`` in there, ``change``
    puts ``items`` over those that stand there. ``reset`` replaces everything by ``items``; it comes
    for a new filter, order or grouping, and when hundreds of rows move at once.
    """

    kind: Literal["insert", "remove", "change", "reset"]
    first: int
    size: int
    items: Sequence[Any]


class Group:
    """The members of one group within one band."""

    __slots__ = ("count", "members", "severities")

    def __init__(self) -> None:
        self.members: list[tuple[float, str]] = []
        self.count = 0
        self.severities: Counter[int] = Counter()

    def add(self, place: tuple[float, str], row: QueueRow, sign: int) -> None:
        if sign > 0:
            insort(self.members, place)
        else:
            del self.members[bisect_left(self.members, place)]
        self.weigh(row, sign)

    def weigh(self, row: QueueRow, sign: int) -> None:
        self.count += sign * row.count
        self.severities[row.severity] += sign
