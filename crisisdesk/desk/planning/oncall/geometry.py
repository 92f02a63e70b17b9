"""Where days, rows and bands of a calendar stand on the screen; pixels in, pixels out, no Qt."""

from __future__ import annotations

from typing import NamedTuple

from crisisdesk.desk.planning.oncall.picking import Spot, band_at
from crisisdesk.desk.planning.oncall.weeks import Band, Calendar, Week, moment_at, place

_LEAST_BAND = 3.0


class Measures(NamedTuple):
    """Sizes in pixels as painted: the column of row names, a week's head, its rows, what parts
    weeks, and the least and most that a row may have."""

    gutter: float
    head: float
    row_least: float
    row_most: float
    gap: float


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


class Sheet(NamedTuple):
    """A calendar spread over a width; ``row`` is how tall its rows are."""

    calendar: Calendar
    width: float
    row: float
    measures: Measures

    @property
    def column(self) -> float:
        """How wide a day is."""
        return max(1.0, (self.width - self.measures.gutter) / 7)

    @property
    def week_height(self) -> float:
        """How tall a week is with what parts it from the next."""
        rows = len(self.calendar.weeks[0].rows)
        return self.measures.head + rows * self.row + self.measures.gap

    @property
    def height(self) -> float:
        """How tall all of it is."""
        return self.week_height * len(self.calendar.weeks)

    def week_top(self, week: int) -> float:
        """Where a week begins."""
        return week * self.week_height

    def row_box(self, week: int, row: int) -> Box:
        """A row from the gutter's left to the right end."""
        top = self.week_top(week) + self.measures.head + row * self.row
        return Box(0.0, top, self.width, self.row)

    def x_of(self, week: Week, at_ms: int) -> float:
        """Where a moment stands within its week."""
        return self.measures.gutter + place(week, at_ms) * self.column

    def band_box(self, week: int, row: int, band: Band) -> Box:
        """A band; one too short to be seen is widened."""
        line, shown = self.row_box(week, row), self.calendar.weeks[week]
        left, right = self.x_of(shown, band.start_ms), self.x_of(shown, band.end_ms)
        return Box(left, line.y + 1, max(_LEAST_BAND, right - left), line.height - 2)

    def spot_at(self, x: float, y: float) -> Spot | None:
        """The shift under a point; None where there is none."""
        week = int(y // self.week_height)
        below = y - self.week_top(week) - self.measures.head
        row = int(below // self.row)
        inside = 0 <= week < len(self.calendar.weeks) and x >= self.measures.gutter and below >= 0
        if not inside or row >= len(self.calendar.weeks[0].rows):
            return None
        shown = self.calendar.weeks[week]
        at = moment_at(shown, (x - self.measures.gutter) / self.column)
        spot = Spot(row, min(at, shown.end_ms - 1))
        return spot if band_at(self.calendar, spot) is not None else None


def spread(calendar: Calendar, width: float, height: float, measures: Measures) -> Sheet:
    """The calendar on a page: rows share the height that is there, within what a row may have."""
    weeks = len(calendar.weeks)
    rows = weeks * len(calendar.weeks[0].rows)
    free = height - weeks * (measures.head + measures.gap)
    row = float(int(min(measures.row_most, max(measures.row_least, free / rows))))
    return Sheet(calendar, width, row, measures)
