"""A rule made of others: for each combination of the labels that must be equal, how many hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from crisisdesk.domain.detection.conditions import ALL, AT_LEAST, NONE, Composite
from crisisdesk.domain.detection.leaves import Leaf
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.watching import WATCHES_MOST, Watch, group_of

Labels = tuple[tuple[str, str], ...]
# What was open when this began is not over before its members may have been heard of.
SETTLE_MS = 60_000


class CompositeLeaf(Leaf):
    """Looks at its members each time that time passes; they are turned before it is."""

    def __init__(
        self,
        rule_id: str,
        condition: Composite,
        told: Collection[str],
        members: Sequence[Leaf],
        began: int,
    ) -> None:
        """``members`` in the order of the condition's."""
        super().__init__(rule_id, told)
        self.condition = condition
        self._members = members
        self._settles_at = began + SETTLE_MS
        self._watches: dict[Labels, Watch] = {}
        self._adopted: set[Labels] = set()
        # Only where none may hold one must know of what there is besides what fires.
        self._all: dict[Labels, None] = {}
        self._held: frozenset[Labels] = frozenset()

    def listen(self) -> None:
        """Hear of the series of its members from now on, and of those that they have."""
        for member in self._members:
            member.known.append(self._note)
            for series in member.seen():
                self._note(series)

    def seen(self) -> Iterable[Series]:
        """The combinations that it keeps something of."""
        return [Series("", "", labels) for labels in {**self._watches, **self._all}]

    def firing(self) -> Iterable[Series]:
        """The combinations for which it holds now, as series without a metric."""
        return [Series("", "", labels) for labels, w in self._watches.items() if w.firing]

    def _note(self, series: Series) -> None:
        labels = self._labels(series)
        if labels is None:
            return
        one = Series("", "", labels)
        if self.is_told(one):
            self._watches[labels] = Watch(self._settles_at - SETTLE_MS, firing=True)
            self._adopted.add(labels)
        if self.condition.mode == NONE and labels not in self._all:
            if len(self._all) >= WATCHES_MOST:
                self.overfull = True
            else:
                self._all[labels] = None

    def _labels(self, series: Series) -> Labels | None:
        labels = group_of(series, self.condition.equal)
        return labels if len(labels) == len(self.condition.equal) else None

    def turn(self, now: int, _awake_from: int) -> None:
        """Begin and end by what holds of the members now."""
        c = self.condition
        for labels in self._holding():
            if labels in self._watches:
                continue
            if len(self._watches) >= WATCHES_MOST:
                self.overfull = True
                break
            one = Series("", "", labels)
            self._watches[labels] = Watch(now, firing=self.is_told(one))
            if self._watches[labels].firing:
                self._adopted.add(labels)
            for tell in self.known:
                tell(one)
        held = self._held
        for labels, watch in list(self._watches.items()):
            holds = labels in held
            # What it is made of is known at every moment: nothing of it goes stale.
            watch.newest = now
            still = holds or (now < self._settles_at and labels in self._adopted)
            if watch.take(now, holds=holds, still=still, for_ms=c.for_ms, clear_ms=c.clear_ms):
                self._tell(Series("", "", labels), now, None, fires=watch.firing)
            if watch.is_idle:
                del self._watches[labels]

    def _holding(self) -> list[Labels]:
        counts: Counter[Labels] = Counter()
        for member in self._members:
            found = {self._labels(series) for series in member.firing()}
            counts.update(labels for labels in found if labels is not None)
        if self.condition.mode == NONE:
            holding = [labels for labels in self._all if labels not in counts]
        else:
            least = {ALL: len(self._members), AT_LEAST: self.condition.least}
            needed = least.get(self.condition.mode, 1)
            holding = [labels for labels, count in counts.items() if count >= needed]
        self._held = frozenset(holding)
        return holding
