"""R8: the same bytes in SQLite, in Postgres and in memory, whatever the surroundings."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Stored
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.workbench import Entropy, Workbench
from crisisdesk.hub.log import PgHub
from crisisdesk.store.files import reading_connection
from crisisdesk.store.opening import open_station
from crisisdesk.store.projections import TABLES

from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace
from tests.reliability.bench import MemoryStation, as_stored
from tests.reliability.hostile import ORIGINS, chains, states, sums
from tests.reliability.tiers import ROOT, record, scaled

COUNT, SEED, BATCH = scaled(5_000, 100_000), 8, 2_000
SURROUNDINGS: dict[str, dict[str, str]] = {
    "as it is": {},
    "UTC+14, C": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    "Turkish": {"TZ": "Europe/Istanbul", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
    "no UTF-8 mode": {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4294967295"},
    "optimised": {"PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "7", "TZ": "America/St_Johns"},
    "German": {"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "99"},
}


@pytest.fixture(scope="module")
def log() -> list[Stored]:
    return [as_stored(s) for chain in chains(SEED, COUNT).values() for s in chain]


@pytest.fixture(scope="module")
def expected() -> dict[str, bytes]:
    return states(s.event for chain in chains(SEED, COUNT).values() for s in chain)


def in_memory(log: list[Stored]) -> dict[str, bytes]:
    station = MemoryStation("memory", 77)
    from crisisdesk.engine.commands import Absorb

    for start in range(0, len(log), BATCH):
        station.do(Absorb(events=log[start : start + BATCH]), 0)
    return station.bytes()


def in_sqlite(log: list[Stored], folder: Path) -> dict[str, bytes]:
    """What a station's file holds after its own writer has taken the events over."""
    from crisisdesk.engine.commands import Absorb
    from crisisdesk.engine.handlers import HANDLERS

    path = folder / "station.db"
    journal = open_station(path).journal
    try:
        bench = Workbench(journal, Policy(), Entropy(os.urandom))
        for start in range(0, len(log), BATCH):
            bench.begin("", 0)
            command = Absorb(events=log[start : start + BATCH])
            assert not HANDLERS[Absorb](command, bench).quarantined
            bench.settle(journal.append(bench.sealed, bench.touched, bench.spoilt))
    finally:
        journal.close()
    with closing(reading_connection(path)) as raw:
        rows: list[Any] = []
        for table in TABLES:
            rows += raw.execute(f"SELECT agg, state FROM {table}").fetchall()
    told = _aggregates(log)
    return {agg: state for agg, state in sorted(rows) if agg in told}


def _aggregates(log: list[Stored]) -> set[str]:
    return {json.loads(stored.raw)["agg"] for stored in log}


def through_postgres(log: list[Stored], place: HubPlace) -> list[Stored]:
    """Pushed and pulled back over the wire."""
    hub = PgHub(address(place.login("parity")))
    try:
        for origin in ORIGINS:
            own = [stored for stored in log if stored.origin == origin]
            for start in range(0, len(own), 500):
                part = own[start : start + 500]
                assert hub.push(origin, part[0].seq, part) == part[-1].seq
        vector = dict.fromkeys(ORIGINS, 0)
        back: list[Stored] = []
        while batch := hub.pull(vector):
            back += batch
            for stored in batch:
                vector[stored.origin] = max(vector[stored.origin], stored.seq)
    finally:
        hub.close()
    return back


def test_a_station_in_memory_and_one_on_disk_hold_the_same_bytes(
    log: list[Stored], expected: dict[str, bytes], tmp_path: Path
) -> None:
    assert in_memory(log) == expected
    assert in_sqlite(log, tmp_path) == expected
    assert len(expected) > COUNT // 20


@pytest.mark.serial
def test_what_comes_back_from_postgres_is_what_went_there(
    log: list[Stored], expected: dict[str, bytes], hub_place: HubPlace
) -> None:
    back = through_postgres(log, hub_place)

    def order(stored: Stored) -> tuple[str, int]:
        return (stored.origin, stored.seq)

    assert sorted(back, key=order) == sorted(log, key=order)
    assert in_memory(back) == expected
    record("R8 postgres", events=len(back), states=len(expected), different=0)


def other_pythons() -> list[str]:
    """Interpreters of other versions on this machine that can run the domain."""
    found = []
    for version in ("3.11", "3.12", "3.13", "3.14"):
        if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
            continue
        try:
            asked = [f"python{version}", "-c", "import crisisdesk.domain.fold"]
            run = subprocess.run(asked, cwd=ROOT, capture_output=True, timeout=30, check=False)
        except OSError:
            continue
        if run.returncode == 0:
            found.append(f"python{version}")
    return found


@pytest.mark.serial
def test_surroundings_change_no_byte() -> None:
    expected = sums(SEED, COUNT)
    seen: dict[str, tuple[str, ...]] = {}
    runs = [(name, sys.executable, given) for name, given in SURROUNDINGS.items()]
    runs += [(python, python, {}) for python in other_pythons()]
    for name, python, given in runs:
        run = subprocess.run(
            [python, "-m", "tests.reliability.hostile", str(SEED), str(COUNT)],
            cwd=ROOT,
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert run.returncode == 0, (name, run.stderr)
        seen[name] = tuple(run.stdout.split())
    assert set(seen.values()) == {expected}
    record("R8", events=COUNT, surroundings=list(seen), different=0)


# -- what must be caught -------------------------------------------------------------------------


def test_half_a_utf16_pair_and_a_nul_are_refused_at_the_door() -> None:
    for text in ("\ud800", "a\udfffb", "a\0b"):
        with pytest.raises(Malformed):
            tidy({"title": text})


HASHING = """
from crisisdesk.domain import fold
from tests.reliability import hostile
plain = fold.state_bytes
hostile.state_bytes = lambda state: plain(state) + str(hash(str(state))).encode()
print(*hostile.sums(8, 100))
"""


@pytest.mark.serial
def test_a_fold_that_asks_for_a_hash_is_caught() -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", HASHING],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 2


def test_one_changed_character_changes_the_sums() -> None:
    found = states(s.event for chain in chains(SEED, 300).values() for s in chain)
    before = hashlib.sha256(b"".join(found.values())).digest()
    aggregate = next(iter(found))
    found[aggregate] = found[aggregate].replace(b"x", b"y", 1)
    assert hashlib.sha256(b"".join(found.values())).digest() != before
