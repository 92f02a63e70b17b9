"""What must be true of a fleet once it has healed; compares contents, never only names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk.domain.event import unseal
from crisisdesk.domain.upcast import NEWER_VERSION_NEEDED
from crisisdesk.store.chain import verify_log
from crisisdesk.store.projections import TABLES
from crisisdesk.store.rebuild import compare

from tests.reliability.memhub import MemHub
from tests.reliability.rogue import ORIGIN, Rogue
from tests.reliability.station import SimStation, content

FULL = 2
Row = tuple[str, int, bytes, bytes, bytes, bytes]


@dataclass(slots=True)
class Image:
    """All that one station's file holds, read past the product's own code."""

    rows: list[Row] = field(default_factory=list)
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    states: dict[str, bytes] = field(default_factory=dict)
    aside: list[tuple[str, int, str]] = field(default_factory=list)


def look(path: Path) -> Image:
    """Read a station's file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        image = Image(
            rows=raw.execute(
                "SELECT origin, seq, raw, body, salt, hash FROM event ORDER BY origin, seq"
            ).fetchall(),
            aside=raw.execute("SELECT origin, seq, why FROM quarantine").fetchall(),
        )
        for origin, seq, digest in raw.execute("SELECT origin, seq, hash FROM origin_head"):
            image.heads[origin] = (seq, digest)
        for table in sorted(TABLES):
            for agg, state in raw.execute(f"SELECT agg, state FROM {table}"):
                image.states[f"{table} {agg}"] = state
    return image


def contents(path: Path) -> set[bytes]:
    """What the events of a station's file say."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        rows = raw.execute("SELECT raw, body FROM event").fetchall()
    return {content(unseal(envelope, body), body) for envelope, body in rows}


def hub_rows(hub: MemHub) -> list[Row]:
    """The hub's log in the same form."""
    events = hub.pull(dict.fromkeys(hub.heads(), 0), limit=10**9)
    rows: list[Row] = [(e.origin, e.seq, e.raw, e.body, e.salt, e.hash) for e in events]
    return rows


def check(
    stations: Iterable[SimStation],
    hub: MemHub,
    rogue: Rogue,
    *,
    also: Iterable[SimStation] = (),
    mixed: bool = False,
) -> list[str]:
    """Every way in which the healed fleet is not what it must be; empty when all is well.

    ``also`` are stations that are gone, whose events must be there nevertheless. ``mixed`` stations
    are of several versions: their states may differ, and what they cannot read is put aside.
    """
    stations = list(stations)
    images = {s.name: look(s.path) for s in stations}
    first = images[stations[0].name]
    wrong = [*_contents([*stations, *also], images, {rogue.good})]
    for station in stations:
        name, image = station.name, images[station.name]
        with station.within():
            wrong += [f"{name}: {text}" for text in _alone(station.path, image, mixed)]
        if station.flushes != FULL:
            wrong.append(f"{name}: its commits are not flushed (synchronous={station.flushes})")
        if image.rows != first.rows:
            wrong.append(f"{name}: its log differs from {stations[0].name}'s")
        if image.heads != first.heads:
            wrong.append(f"{name}: its vector differs from {stations[0].name}'s")
        if image.states != first.states and not mixed:
            differ = sorted(
                key
                for key in image.states.keys() | first.states.keys()
                if image.states.get(key) != first.states.get(key)
            )
            wrong.append(f"{name}: other states than {stations[0].name}'s: {differ[:5]}")
        wrong += [f"{name}: sync refused: {text}" for text in station.books.refusals]
        wrong += [f"{name}: states were wrong, {text}" for text in station.books.mended]
        wrong += [f"{name}: sorts before its cause: {text}" for text in station.books.early]
    there = [row for row in hub_rows(hub) if row[:2] != (rogue.origin, 2)]
    if there != first.rows:
        wrong.append(f"the hub holds {len(there)} events, the stations {len(first.rows)}")
    return wrong


def _contents(
    stations: list[SimStation], images: dict[str, Image], others: set[bytes]
) -> Iterable[str]:
    """Acknowledged contents are everywhere, once; nothing is there that nobody ever wrote."""
    acknowledged = {c: by for s in stations for c, by in s.books.acknowledged.items()}
    denied = {c for s in stations for c in s.books.denied}
    tried = others.union(*(s.books.tried for s in stations))
    for name, image in images.items():
        held: dict[bytes, int] = {}
        for _origin, _seq, envelope, body, _salt, _hash in image.rows:
            told = content(unseal(envelope, body), body)
            held[told] = held.get(told, 0) + 1
        lost = [by for c, by in acknowledged.items() if c not in held]
        if lost:
            yield f"{name}: {len(lost)} acknowledged events are lost, of {sorted(set(lost))}"
        if lied := held.keys() & denied:
            yield f"{name}: {len(lied)} events are there of which it was said that they are not"
        if alien := held.keys() - tried:
            yield f"{name}: {len(alien)} events that nobody wrote"
        if twice := sum(n > 1 for n in held.values()):
            yield f"{name}: {twice} events are held twice"


def _alone(path: Path, image: Image, mixed: bool) -> Iterable[str]:
    """What one file alone must fulfil."""
    verdict = verify_log(path)
    if verdict.first_bad is not None:
        yield verdict.in_words
    ends: dict[str, tuple[int, bytes]] = {}
    for origin, seq, _raw, _body, _salt, digest in image.rows:
        if seq != ends.get(origin, (0, b""))[0] + 1:
            yield f"a gap before {origin[:8]}/{seq}"
        ends[origin] = (seq, digest)
    if ends != image.heads:
        yield "its heads are not where its log ends"
    again = compare(path)
    if again.different:
        yield f"{again.different} states differ from a full fold: {again.examples[:5]}"
    expected = NEWER_VERSION_NEEDED if mixed else "\0"
    aside = [r for r in image.aside if r[0] != ORIGIN and not r[2].startswith(expected)]
    if aside:
        yield f"events were put aside: {aside[:3]}"
