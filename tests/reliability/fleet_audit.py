"""Whether stations and hub hold the same whole truth: looked up in their files and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from crisisdesk.domain.event import GENESIS, unseal, verify
from crisisdesk.engine.exchange.ports import Digest
from crisisdesk.store.chain import verify_log
from crisisdesk.store.checks import integrity_check
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.files import reading_connection
from crisisdesk.store.rebuild import compare

from tests.crash.checker import KINDS, content_of
from tests.crash.ledger import Write
from tests.fleet.stations import Station

Content = tuple[str, str]
EVENTS = "SELECT origin, seq, raw, body, salt, hash FROM cd.ev ORDER BY origin, seq"


def digest_of(store: Path) -> Digest:
    """The states of a station's file and how much of every log they hold, in one snapshot."""
    log = ExchangeLog(store, own=str, absorb=_only_read, leave=_only_read)
    with closing(log):
        return log.digest()


def vector_of(store: Path) -> dict[str, int]:
    """How much of every origin's log a station's file holds."""
    with closing(reading_connection(store)) as raw:
        return dict(raw.execute("SELECT origin, seq FROM origin_head").fetchall())


def vector_of_hub(dsn: str) -> dict[str, int]:
    """How much of every origin's log the hub holds."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return dict(connection.execute("SELECT origin, seq FROM cd.head WHERE seq > 0").fetchall())


def held(store: Path) -> int:
    """How many events a station's file holds."""
    return sum(vector_of(store).values())


def why_not_shown(stations: Sequence[Station], equal_at: int) -> str:
    """What a station says that is not "all is well here"; empty when all say so.

    Clocks run on and stations write down what falls due, so that some events are always on their
    way: well is who lacks none of the ``equal_at`` events that all held when they were equal.
    """
    living = {station.name for station in stations}
    for station in stations:
        told = station.fleet()
        hub = told["hub"]
        fresh = held(station.places.store) - equal_at
        wrong = {
            "hub": (hub["state"], hub["words"]) if hub["state"] != "up" else "",
            "on their way": hub["to_push"] + hub["to_pull"] > fresh,
            "held back": told["held_back"],
            "quarantined": told["quarantined"],
            "problems": told["problems"],
            "behind": [
                (s["name"], s["behind"], fresh)
                for s in told["stations"]
                if s["behind"] > fresh and s["name"] in living
            ],
            "other states": [s["name"] for s in told["stations"] if s["digest_agrees"] is False],
        }
        if any(wrong.values()):
            return f"{station.name}: { {what: words for what, words in wrong.items() if words} }"
    return ""


def why_not_equal(stations: Sequence[Station], hub_dsn: str) -> str:
    """How far the vectors are from being one; empty when stations and hub hold the same."""
    hub = vector_of_hub(hub_dsn)
    for station in stations:
        here = vector_of(station.places.store)
        if here != hub:
            different = {
                origin[:8]: (here.get(origin, 0), hub.get(origin, 0))
                for origin in here | hub
                if here.get(origin, 0) != hub.get(origin, 0)
            }
            return f"{station.name} and the hub hold (station, hub) {different}"
    return ""


def faults_of_states(stations: Sequence[Station]) -> list[str] | None:
    """Stations that hold the same events and show other bytes than the first.

    None while they do not all hold the same: what falls due is written at any moment.
    """
    with ThreadPoolExecutor(len(stations)) as hands:
        told = list(hands.map(lambda station: digest_of(station.places.store), stations))
    first = told[0]
    if any(digest.vector != first.vector for digest in told):
        return None
    return [
        f"{station.name}: other states than {stations[0].name}'s"
        for station, digest in zip(stations, told, strict=True)
        if digest.digest != first.digest
    ]


def faults_of_file(store: Path) -> list[str]:
    """What is wrong with a station's file as such: pages, chains, projections, quarantine."""
    integrity_check(store)
    faults = []
    verdict = verify_log(store)
    if verdict.first_bad is not None:
        faults.append(verdict.in_words)
    refolded = compare(store)
    if refolded.different:
        faults.append(f"{refolded.different} projections differ: {refolded.examples}")
    with closing(reading_connection(store)) as raw:
        aside = raw.execute("SELECT count(*) FROM quarantine").fetchone()[0]
    return [*faults, f"{aside} events are quarantined"] if aside else faults


def contents_of(store: Path) -> Counter[Content]:
    """What a station's log holds of the posters' kinds, and how often."""
    with closing(reading_connection(store)) as raw:
        return _contents(raw.execute("SELECT raw, body FROM event"))


def faults_of_hub(dsn: str, found: Counter[Content]) -> list[str]:
    """Where the hub's own chains break; adds its contents to ``found``."""
    faults: list[str] = []
    heads: dict[str, tuple[int, bytes]] = {}
    pairs = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for origin, seq, *rest in connection.execute(EVENTS):
            raw, body, salt, stored = (bytes(part) for part in rest)
            last, previous = heads.get(origin, (0, GENESIS))
            why = verify(raw, body, salt, stored, previous)
            if why or seq != last + 1:
                faults.append(f"the hub's event {seq} of origin {origin[:8]}: {why or 'a gap'}")
            heads[origin] = (seq, stored)
            pairs.append((raw, body))
    found.update(_contents(pairs))
    return faults


def faults_of_contents(where: str, found: Counter[Content], writes: Iterable[Write]) -> list[str]:
    """Promised writes that are not there, contents nobody wrote, contents that stand twice."""
    written = {(write.kind, write.digest) for write in writes}
    promised = {(write.kind, write.digest) for write in writes if write.acked}
    lost, unexpected = promised - set(found), set(found) - written
    twice = [content for content, times in found.items() if times > 1]
    told = {"lost": lost, "unexpected": unexpected, "there twice": twice}
    return [
        f"{where}: {len(contents)} writes are {what}, as {sorted(contents)[:3]}"
        for what, contents in told.items()
        if contents
    ]


def _contents(rows: Iterable[tuple[bytes, bytes]]) -> Counter[Content]:
    found: Counter[Content] = Counter()
    for raw, body in rows:
        event = unseal(raw, body)
        if (kind := KINDS.get(event.kind)) is not None:
            found[kind, content_of(kind, event.agg, event.actor, dict(event.body))] += 1
    return found


def _only_read(_what: Any) -> Any:
    raise AssertionError("the audit only reads")
