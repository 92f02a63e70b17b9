"""Reads splits from the station's file: which there were, and one of them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.splits.choices import Choice, choices_of
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.split import Attention, Split, SplitItem, SplitView, split_from

if TYPE_CHECKING:
    from crisisdesk.domain.station import Station
    from crisisdesk.store.queries import StationReader


class CutOff(NamedTuple):
    """A split and the station that was cut off; ``here`` says that it was this one.

    ``there`` is the other side as seen from this desk, within a sentence.
    """

    split: Split
    station: str
    here: bool
    there: str = "elsewhere"

    @property
    def key(self) -> str:
        """What names it for good."""
        return self.split.split_id or f"{self.split.origin}:{self.split.since_ms}"


class Page(NamedTuple):
    """One split whole: its view, and by subject what can be decided."""

    cut: CutOff
    view: SplitView
    choices: dict[str, tuple[Choice, ...]]

    def decisions(self) -> int:
        """How many things wait for somebody."""
        items = (*self.view.both, *self.view.only_mine, *self.view.only_theirs)
        return sum(item.attention == Attention.DECISION for item in items)

    def subjects(self) -> frozenset[str]:
        """Everything whose change makes this page stale."""
        items = (*self.view.both, *self.view.only_mine, *self.view.only_theirs)
        return frozenset(item.subject for item in items)


def read_cuts(reader: StationReader) -> list[CutOff]:
    """Every time a station was cut off that is still known, the newest first."""
    own = reader.station()
    found = []
    for station in reader.stations():
        here = station.station_id == own.station_id
        for split in map(split_from, station.splits):
            there = "elsewhere" if here else _there(split, own)
            found.append(CutOff(split, station.name, here, there))
    return sorted(found, key=lambda cut: (-cut.split.until_ms, not cut.here, cut.key))


def _there(split: Split, own: Station) -> str:
    """Where those worked who stayed with the hub, when this station was among them."""
    others = split.others.keys()
    if others <= own.incarnations.keys():
        return "here"
    return "elsewhere" if others.isdisjoint(own.incarnations) else "here and elsewhere"


def read_page(reader: StationReader, cut: CutOff) -> Page:
    """One of them with what both sides did, what stands now and what can be decided."""
    view = reader.split(cut.split)
    choices = {}
    for item in (*view.both, *view.only_mine, *view.only_theirs):
        if item.findings and (ways := choices_of(item, _state(reader, item))):
            choices[item.subject] = ways
    return Page(cut, view, choices)


def _state(reader: StationReader, item: SplitItem) -> Alert | Incident | None:
    if item.kind == "alert":
        return reader.alert(item.subject)
    return reader.incident(item.subject) if item.kind == "incident" else None
