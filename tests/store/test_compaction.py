"""Compaction: states, chain and what can be handed on stay the same; the log gets shorter."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.ports import Absorbed, Mark
from crisisdesk.engine.image_commands import AddImage
from crisisdesk.store import opening
from crisisdesk.store.archive import Archive, archive_path
from crisisdesk.store.chain import verify_log
from crisisdesk.store.compaction import compact, plan
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.files import reading_connection, writing_connection
from crisisdesk.store.rebuild import compare, rebuild

from tests.domain.image_bytes import png
from tests.store.workload import Station

FOREVER = 2**62


def log_of(station: Station) -> ExchangeLog:
    def absorb(events: Sequence[Stored]) -> Absorbed:
        result = station.do(c.Absorb(events=events))[0]
        assert isinstance(result, Absorbed)
        return result

    def leave(_mark: Mark) -> str:
        raise AssertionError("nobody else writes here")

    return ExchangeLog(station.path, own=lambda: station.bench.origin, absorb=absorb, leave=leave)


def everything(log: ExchangeLog, origin: str) -> list[Stored]:
    found: list[Stored] = []
    while batch := log.read(origin, found[-1].seq if found else 0, 100, 1 << 20):
        found += batch
    return found


def compact_all(station: Station, *, keep_events: int = 0) -> int:
    left = 0
    with closing(writing_connection(station.path)) as raw:
        for piece in plan(station.path, FOREVER, keep_events=keep_events):
            left += compact(raw, station.path, piece)
    return left


@pytest.fixture
def busy(tmp_path: Path) -> Station:
    """A station with a few hundred events of every kind, closed."""
    station = Station(tmp_path, seed=random.randrange(1000))
    station.add_contact()
    station.work_at_random(120)
    station.close()
    return station


def events_in(path: Path) -> int:
    with closing(reading_connection(path)) as raw:
        (count,) = raw.execute("SELECT count(*) FROM event").fetchone()
    return int(count)


def test_states_chain_and_handing_on_outlive_it(busy: Station) -> None:
    log = log_of(busy)
    before, digest = everything(log, busy.opened.origin), log.digest().digest
    log.close()
    assert compact_all(busy, keep_events=20) == len(before) - 20
    assert events_in(busy.path) == 20
    log = log_of(busy)
    assert everything(log, busy.opened.origin) == before
    assert log.digest().digest == digest
    assert [log.hash_at(e.origin, e.seq) for e in before] == [e.hash for e in before]
    log.close()
    assert compare(busy.path).different == 0


def test_a_second_compaction_goes_on_where_the_first_ended(busy: Station) -> None:
    total = events_in(busy.path)
    first = compact_all(busy, keep_events=total // 2)
    second = compact_all(busy, keep_events=5)
    assert first + second == total - 5
    assert compare(busy.path).different == 0


def test_work_goes_on_from_the_bases(busy: Station, tmp_path: Path) -> None:
    compact_all(busy)
    again = Station(tmp_path, now_ms=busy.now_ms, seed=5)
    again.fire(6)
    again.work_at_random(40)
    again.close()
    assert compare(again.path).different == 0
    assert verify_log(again.path).first_bad is None


def test_a_power_cut_between_archive_and_log_is_harmless(
    busy: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = plan(busy.path, FOREVER, keep_events=0)
    with closing(writing_connection(busy.path)) as raw, monkeypatch.context() as patched:
        patched.setattr(
            "crisisdesk.store.compaction._keep_base",
            lambda *_: (_ for _ in ()).throw(OSError("the power goes here")),
        )
        with pytest.raises(OSError, match="power"):
            compact(raw, busy.path, pieces[0])
    total = events_in(busy.path)
    assert compact_all(busy) == total - 1
    assert len(list(Archive(busy.path).after(busy.opened.origin, 0, total))) > 0
    assert archive_path(busy.path).exists()
    assert compare(busy.path).different == 0


def test_what_no_state_can_use_stays(busy: Station) -> None:
    with closing(writing_connection(busy.path)) as raw:
        raw.execute(
            "INSERT INTO quarantine (origin, seq, agg, why) "
            "SELECT origin, seq, agg, 'newer' FROM event ORDER BY seq LIMIT 1 OFFSET 30"
        )
    assert compact_all(busy) == 30


def test_a_base_folded_by_an_older_version_stays_as_it_is(
    busy: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events it was folded from are gone; only what came since is folded anew."""
    compact_all(busy, keep_events=20)
    with closing(writing_connection(busy.path)) as raw:
        raw.execute("UPDATE base SET fold_version = fold_version - 1")
        raw.execute("UPDATE meta SET value = '0' WHERE name = 'fold_version'")
        raw.execute("UPDATE alert SET state = x'7b7d', title = 'as an old fold said'")
        bases = raw.execute("SELECT agg, fold_version, state FROM base ORDER BY agg").fetchall()
    monkeypatch.setattr(opening, "REFOLD_EVENTS", 0)
    opening.open_station(busy.path).journal.close()
    with closing(reading_connection(busy.path)) as raw:
        again = raw.execute("SELECT agg, fold_version, state FROM base ORDER BY agg").fetchall()
        titles = {title for (title,) in raw.execute("SELECT title FROM alert")}
    assert again == bases
    assert "as an old fold said" not in titles
    assert compare(busy.path).different == 0


def test_rows_of_compacted_aggregates_are_put_right_from_their_bases(busy: Station) -> None:
    compact_all(busy)
    with closing(writing_connection(busy.path)) as raw:
        wrong = raw.execute("UPDATE alert SET state = x'7b7d'").rowcount
    assert compare(busy.path).different == wrong > 0
    assert rebuild(busy.path).different == wrong
    assert compare(busy.path).different == 0
    with closing(writing_connection(busy.path)) as raw:
        raw.execute("UPDATE base SET state = replace(state, 'payments', 'bookings')")
    assert compare(busy.path).different > 0


def test_batches_of_large_events_are_bounded_in_the_log_and_in_the_archive(tmp_path: Path) -> None:
    station = Station(tmp_path)
    incident = station.do(c.OpenIncident(title="Orders", severity="major"))[0]
    for shade in range(8):
        station.do(AddImage(incident_id=incident, data=png(60, 60, shade)))
    station.do(c.PostUpdate(incident_id=incident, title="the end of the log stays"))
    station.close()
    log = log_of(station)
    origin = station.opened.origin

    def batches() -> list[list[Stored]]:
        found: list[list[Stored]] = []
        at = 0
        while batch := log.read(origin, at, 500, 1_500):
            found.append(batch)
            at = batch[-1].seq
        return found

    before = batches()
    assert len(before) > 3
    for batch in before:
        assert len(batch) == 1 or sum(len(e.raw) + len(e.body) for e in batch) <= 1_500
    log.close()
    compact_all(station)
    log = log_of(station)
    assert [e for batch in batches() for e in batch] == [e for batch in before for e in batch]
    for batch in batches():
        assert len(batch) == 1 or sum(len(e.raw) + len(e.body) for e in batch) <= 1_500
    log.close()
