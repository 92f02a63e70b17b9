"""R17: spoilt files are found before the first write and brought back without a hand."""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.event import GENESIS, Stored
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.chain import verify_log
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.rebuild import compare
from crisisdesk.store.spool import SpoolChore

from tests.reliability.spoiling import (
    DAMAGES,
    AidedStation,
    Base,
    aid_of,
    events_of,
    make_base,
)
from tests.reliability.tiers import record, scaled

pytestmark = [
    pytest.mark.serial,
    pytest.mark.timeout(1200),
    pytest.mark.allow_log("station.db"),
    pytest.mark.allow_log("the station gets a new id"),
    pytest.mark.allow_log("events were put back from their second copy"),
    pytest.mark.allow_log("states were not what the log says"),
    pytest.mark.allow_log("no good copy to restore"),
]

FILES = scaled(60, 1_000)


@dataclass
class Tally:
    """What came of all files."""

    files: int = 0
    changed: int = 0
    unnoticed: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Base, Base]]:
    """One that ended cleanly, one found as it ran."""
    folder = tmp_path_factory.mktemp("bases")
    yield make_base(folder / "clean", clean=True), make_base(folder / "running", clean=False)
    shutil.rmtree(folder)


def names(events: list[Stored]) -> set[tuple[str, int, bytes]]:
    return {(e.origin, e.seq, e.hash) for e in events}


def exchange_with_hub(station: AidedStation, base: Base, spool: Any) -> None:
    """What the hub has comes down, as the exchange brings it, and the spool's chore runs."""
    origin = base.events[0].origin
    log = ExchangeLog(
        station.path,
        own=lambda: station.bench.origin,
        absorb=lambda events: station.do(c.Absorb(events=events))[0],
        leave=lambda _mark: "",
    )
    with closing(log):
        at = log.marks().get(origin, Mark(0, GENESIS)).seq
        if at < base.pushed and station.bench.origin != origin:
            log.absorb(base.events[at : base.pushed])
        if spool is not None:
            mark = Mark(base.pushed, base.events[base.pushed - 1].hash)
            SpoolChore(spool, log).run(Outcome(hub={origin: mark}))


def try_one(base: Base, folder: Path, seed: int, tally: Tally, *, spool: bool = True) -> None:
    """Spoil one copy, start on it, and compare with what was acknowledged."""
    chance = random.Random(seed)
    path = base.copy_to(folder)
    what = f"seed {seed}: {chance.choice(DAMAGES)(path, chance)}"
    aid = aid_of(folder, spool=spool)
    tally.files += 1
    try:
        station = AidedStation(folder, aid)
    except StoreFailed as error:
        tally.by_hand.append(f"{what}: {error}")
        return
    try:
        at_start = names(events_of(path))
        wrong = verify_log(path)
        truth = names(base.events)
        if not truth <= at_start or wrong.first_bad is not None:
            tally.changed += 1
            if not station.opened.recovered:
                tally.unnoticed.append(f"{what}: {len(truth - at_start)} gone, {wrong.in_words}")
        elif station.opened.recovered:
            tally.changed += 1
        station.fire(1, first=10_000)
        exchange_with_hub(station, base, aid.spool)
        missing = names(base.unpushed) - names(events_of(path))
        if missing:
            tally.lost.append(f"{what}: {len(missing)} of {len(base.unpushed)}")
        if verify_log(path).first_bad is not None or compare(path).different:
            tally.faults.append(what)
    finally:
        station.close()


def test_spoilt_files_come_back_without_a_hand(bases: tuple[Base, Base], tmp_path: Path) -> None:
    first = secrets.randbits(32)
    print(f"seed {first}")
    tally = Tally()
    for n in range(FILES):
        folder = tmp_path / f"spoilt-{n}"
        try_one(bases[n % 2], folder, first + n, tally)
        shutil.rmtree(folder)
    record(
        "R17 corrupt file",
        files=tally.files,
        log_changed=tally.changed,
        unnoticed=len(tally.unnoticed),
        unpushed_lost_in=len(tally.lost),
        by_hand=len(tally.by_hand),
        faults=len(tally.faults),
    )
    assert tally.unnoticed == []
    assert tally.lost == []
    assert tally.faults == []
    assert len(tally.by_hand) <= tally.files // 100, tally.by_hand
    assert tally.changed > tally.files // 4


def test_without_a_second_copy_some_are_lost(bases: tuple[Base, Base], tmp_path: Path) -> None:
    """The control: the same damage on stations without a spool must show as lost events."""
    first = secrets.randbits(32)
    print(f"seed {first}")
    tally = Tally()
    for n in range(scaled(24, 200)):
        folder = tmp_path / f"spoilt-{n}"
        try_one(bases[n % 2], folder, first + n, tally, spool=False)
        shutil.rmtree(folder)
    record("R17 control without spool", files=tally.files, unpushed_lost_in=len(tally.lost))
    assert tally.lost
