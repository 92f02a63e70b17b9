"""Where the columns of the channel map stand, and which of them are in view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Pixels at 100 %.
NAME_WIDTH = 344
NARROW_NAME_WIDTH = 232
NARROW_BELOW = 700
LEAST, MOST, PADDING = 78, 150, 26


@dataclass(frozen=True, slots=True)
class Columns:
    """The dependency columns of a map: widths as painted, and the first one in view.

    The name column has ``fixed`` pixels and never scrolls; ``width`` is that of the whole table.
    """

    fixed: int
    widths: tuple[int, ...]
    width: int
    first: int = 0

    def spans(self) -> list[tuple[int, int, int]]:
        """(index, left edge, width) of each column that is at least partly in view."""
        found, x = [], self.fixed
        for index in range(self.first, len(self.widths)):
            if x >= self.width:
                break
            found.append((index, x, self.widths[index]))
            x += self.widths[index]
        return found

    def whole(self) -> int:
        """How many columns from the first on are wholly in view; one at least, where there is
        any."""
        shown = sum(x + wide <= self.width for _index, x, wide in self.spans())
        return max(shown, min(1, len(self.widths) - self.first))

    def last_first(self) -> int:
        """The first column when the table is scrolled to its end."""
        room, first = self.width - self.fixed, len(self.widths)
        while first > 0 and room >= self.widths[first - 1]:
            first -= 1
            room -= self.widths[first]
        return min(first, max(0, len(self.widths) - 1))

    def scrolled_to(self, index: int) -> Columns:
        """The same with this column in view, moved no further than needed."""
        first = min(self.first, self.last_first())
        first = min(first, index)
        moved = Columns(self.fixed, self.widths, self.width, first)
        while index >= moved.first + moved.whole():
            moved = Columns(self.fixed, self.widths, self.width, moved.first + 1)
        return moved

    def at(self, x: float) -> int:
        """The column at a place, -1 for none."""
        for index, left, wide in self.spans():
            if left <= x < left + wide:
                return index
        return -1


def fitting(text_widths: Sequence[float], zoom: float, width: int, first: int = 0) -> Columns:
    """Columns wide enough for their names within bounds; ``zoom`` is 1.0 at 100 %."""
    narrow = width / zoom < NARROW_BELOW
    fixed = round((NARROW_NAME_WIDTH if narrow else NAME_WIDTH) * zoom)
    widths = tuple(
        round(min(max(wide + PADDING * zoom, LEAST * zoom), MOST * zoom)) for wide in text_widths
    )
    columns = Columns(fixed, widths, width, max(0, min(first, len(widths) - 1)))
    return Columns(fixed, widths, width, min(columns.first, columns.last_first()))
