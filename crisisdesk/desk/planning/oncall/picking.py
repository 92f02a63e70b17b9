"""Which shift of a calendar is selected, and where the keys lead from it; without a screen."""

from __future__ import annotations

from typing import NamedTuple

from crisisdesk.desk.planning.oncall.weeks import Band, Calendar


class Spot(NamedTuple):
    """A row, counted from 0 in every week, and a moment (UTC ms) within the shift selected."""

    row: int
    at_ms: int


def week_of(calendar: Calendar, at_ms: int) -> int:
    """The number of the week of a moment; -1 when it lies outside."""
    for number, week in enumerate(calendar.weeks):
        if week.start_ms <= at_ms < week.end_ms:
            return number
    return -1


def band_at(calendar: Calendar, spot: Spot | None) -> Band | None:
    """The band at a spot; None where there is none."""
    if spot is None:
        return None
    number = week_of(calendar, spot.at_ms)
    if number < 0 or not 0 <= spot.row < len(calendar.weeks[number].rows):
        return None
    found = calendar.weeks[number].rows[spot.row].bands
    return next((band for band in found if band.start_ms <= spot.at_ms < band.end_ms), None)


def last_row(calendar: Calendar) -> int:
    """The row that says who is on call."""
    return len(calendar.weeks[0].rows) - 1


def kept(calendar: Calendar, spot: Spot | None, now_ms: int) -> Spot:
    """The same spot where it still holds a shift, else who is on call then, or now, or first."""
    if spot is not None and band_at(calendar, spot) is not None:
        return spot
    row = last_row(calendar)
    for at_ms in (spot.at_ms if spot is not None else now_ms, now_ms):
        if week_of(calendar, at_ms) >= 0:
            return Spot(row, at_ms)
    return Spot(row, calendar.start_ms)


def along(calendar: Calendar, spot: Spot, step: int) -> Spot | None:
    """The next shift of the same row (``step`` 1) or the one before (-1); None outside."""
    starts: list[int] = []
    here = band_at(calendar, spot)
    for week in calendar.weeks:
        for band in week.rows[spot.row].bands:
            # A shift that goes on in the next week is one shift.
            if band is week.rows[spot.row].bands[0] and starts and not band.begins:
                before = _band_before(calendar, spot.row, band.start_ms)
                if before is not None and before.hold == band.hold:
                    continue
            starts.append(band.start_ms)
    anchor = spot.at_ms if here is None else max(here.hold.start_ms, calendar.start_ms)
    if step > 0:
        at = next((start for start in starts if start > anchor), None)
    else:
        at = next((start for start in reversed(starts) if start < anchor), None)
    return None if at is None else Spot(spot.row, at)


def across(calendar: Calendar, spot: Spot, step: int) -> Spot:
    """The row below (``step`` 1) or above (-1) that has a shift, at the same moment if it can be.

    Below the last row comes the first of the next week; the same spot where nothing comes.
    """
    rows = last_row(calendar) + 1
    number = max(0, week_of(calendar, spot.at_ms))
    place = spot.at_ms - calendar.weeks[number].start_ms
    at = number * rows + spot.row + step
    while 0 <= at < rows * len(calendar.weeks):
        week, row = calendar.weeks[at // rows], at % rows
        wanted = week.start_ms + place
        found = week.rows[row].bands
        if found:
            band = min(found, key=lambda b: _distance(b, wanted))
            return Spot(row, min(max(wanted, band.start_ms), band.end_ms - 1))
        at += step
    return spot


def _distance(band: Band, at_ms: int) -> int:
    return max(band.start_ms - at_ms, at_ms - band.end_ms + 1, 0)


def _band_before(calendar: Calendar, row: int, at_ms: int) -> Band | None:
    return band_at(calendar, Spot(row, at_ms - 1))
