"""What the signs in the charts mean: only those that are drawn somewhere in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.health.over import Over


class Entry(NamedTuple):
    """One sign (dashed, dotted, band, begins, ends) and its meaning."""

    sign: str
    words: str


_ENTRIES = (
    Entry("dashed", "limit of a rule, coloured once crossed"),
    Entry("dotted", "its alert ends"),
    Entry("band", "usual range, 9 values of 10"),
    Entry("begins", "alert began"),
    Entry("ends", "alert ended"),
)


def legend(shown: Iterable[Over]) -> list[Entry]:
    """The entries for what is drawn over these lines, always in the same order."""
    signs: set[str] = set()
    for over in shown:
        if over.watchers.limits:
            signs.add("dashed")
        if any(one.clear != one.value for one in over.watchers.limits):
            signs.add("dotted")
        if over.band is not None:
            signs.add("band")
        if any(one.since is not None for one in over.spells):
            signs.add("begins")
        if any(one.until is not None for one in over.spells):
            signs.add("ends")
    return [entry for entry in _ENTRIES if entry.sign in signs]
