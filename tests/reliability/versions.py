"""Stations of three versions in one fleet: the one before, today's, and one that is yet to come.

A version is what the fold's tables hold while its station runs. The coming one has a kind of fact
about alerts, and a type of aggregate, that the others have never heard of; the one before lacks a
kind and a type of today's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from crisisdesk.domain import fold
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.station import Station
from crisisdesk.engine import commands as c
from crisisdesk.engine.workbench import Workbench
from crisisdesk.store import compaction, exchange, opening, projections, rebuild

from tests.reliability.fleet import Fleet
from tests.reliability.instead import SimClock
from tests.reliability.orders import signal
from tests.reliability.station import SimStation

Within = Callable[[], AbstractContextManager[None]]
VERSIONED = (fold, opening, rebuild, projections, exchange, compaction)
# What the version before has not got: a kind of today's alerts and a type of aggregate.
MISSING_KIND, MISSING_TYPE, MISSING_PREFIX = "alert.edited", "update", "U"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAlert(c.Command):
    """An order of the coming version: put a word on an alert."""

    alert_id: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoom(c.Command):
    """An order of the coming version: open a room, an aggregate of a new type."""

    name: str


def _tag(command: TagAlert, bench: Workbench) -> None:
    alert = bench.need(Alert, command.alert_id, "alert_id")
    bench.emit(alert.alert_id, "alert.tagged", {"word": command.word})


def _open_room(command: OpenRoom, bench: Workbench) -> str:
    room = short_id("ROOM", bench.random_bytes(8))
    bench.emit(room, "room.opened", {"name": command.name})
    return room


def _tagged(state: Alert | None, event: Event) -> Alert | None:
    if state is None:
        return None
    return replace(state, impact_scope={**state.impact_scope, event.body["word"]: event.id})


def _room(state: Station | None, event: Event) -> Station:
    return replace(state or Station(station_id=event.agg), name=event.body["name"])


@contextmanager
def _tables(version: int, changes: dict[Any, dict[str, Any]], without: str = "") -> Iterator[None]:
    """The fold's tables with these entries, and without those of one kind and one type."""
    with ExitStack() as stack:
        for table, entries in changes.items():
            stack.enter_context(patch.dict(getattr(fold, table), entries))
        if without:
            _leave_out(stack)
        for module in VERSIONED:
            stack.enter_context(patch.object(module, "FOLD_VERSION", version))
        yield


def _leave_out(stack: ExitStack) -> None:
    steps, kinds, types = dict(fold._STEPS), dict(fold._KINDS), dict(fold._APPLY)
    kinds["alert"] = kinds["alert"] - {MISSING_KIND}
    for kind in (*kinds.pop(MISSING_TYPE, ()), MISSING_KIND):
        steps.pop(kind, None)
    types.pop(MISSING_TYPE, None)
    prefixes = {k: v for k, v in projections.TABLE_OF_PREFIX.items() if k != MISSING_PREFIX}
    for table, entries in (
        (fold._STEPS, steps),
        (fold._KINDS, kinds),
        (fold._APPLY, types),
        (projections.TABLE_OF_PREFIX, prefixes),
    ):
        stack.enter_context(patch.dict(table, entries, clear=True))


def before() -> AbstractContextManager[None]:
    """The version before today's."""
    return _tables(fold.FOLD_VERSION - 1, {}, without=MISSING_KIND)


@contextmanager
def coming() -> Iterator[None]:
    """The version after today's."""
    more: dict[Any, dict[str, Any]] = {
        "_STEPS": {"alert.tagged": _tagged},
        "_APPLY": {"room": _room},
        "TYPES": {"room": Station},
    }
    prefix = {"ROOM": ("station", "station")}
    with _tables(1_000, more), patch.dict(projections.TABLE_OF_PREFIX, prefix):
        yield


VERSIONS: tuple[Within, ...] = (before, nullcontext, coming)


class MixedFleet(Fleet):
    """The first station is of the version before, the last of the coming one."""

    def _station(self, disk: Path, number: int) -> SimStation:
        clock = SimClock(lambda: self.now_ms)
        chance = random.Random(self.chance.getrandbits(64))
        return SimStation(
            self.folder,
            disk / "template.db",
            f"st{number}",
            chance,
            clock,
            within=VERSIONS[number],
            handlers={TagAlert: _tag, OpenRoom: _open_room} if number == 2 else {},
        )

    def draw(self, station: SimStation) -> c.Command:
        """Nobody gives an order that the station's version does not know."""
        order = super().draw(station)
        if station.within is before and isinstance(
            order, c.EditAlert | c.PostUpdate | c.EditUpdate
        ):
            return c.TakeIn(signals=[signal(self.chance, self.chance.randrange(9))])
        if station.within is coming and self.chance.random() < 0.3:
            return self._of_the_coming_version()
        return order

    def _of_the_coming_version(self) -> c.Command:
        from crisisdesk.domain.ids import alert_id_of

        if self.chance.random() < 0.3:
            return OpenRoom(name=f"room {self.chance.randrange(9)}")
        number = self.chance.randrange(self.known.alerts)
        return TagAlert(alert_id=alert_id_of("alertmanager", f"k{number}"), word="flood")
