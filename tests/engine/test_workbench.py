"""The bench: facts show at once, a refused command leaves no trace, the chain goes on."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.event import verify
from crisisdesk.domain.fold import fold
from crisisdesk.engine import commands as c
from crisisdesk.engine import workbench
from crisisdesk.engine.workbench import Entropy

from tests.engine.foreign import chain, event
from tests.store.workload import Station


def test_a_fact_is_visible_to_what_follows_in_the_group(station: Station) -> None:
    bench = station.bench
    bench.begin("Klára", 1_000)
    bench.emit("station", "station.named", {"name": "BRNO-1"})
    assert getattr(bench.get("station"), "name", "") == "BRNO-1"
    assert station.journal.load(["station"]) == {}


def test_taking_back_undoes_states_contacts_and_chain(station: Station) -> None:
    bench = station.bench
    bench.begin("Klára", 1_000)
    first = bench.emit("C-1", "contact.saved", {"name": "Priya"})
    bench.begin("Klára", 2_000)
    bench.emit("C-1", "contact.removed", {})
    bench.emit("C-2", "contact.saved", {"name": "Tom"})
    bench.emit("station", "station.named", {"name": "x"})
    bench.take_back()
    assert [one.name for one in bench.contacts()] == ["Priya"]
    assert (bench.get("C-2"), bench.get("station")) == (None, None)
    assert [s.event.id for s in bench.sealed] == [first.id]
    bench.begin("Klára", 3_000)
    again = bench.emit("C-2", "contact.saved", {"name": "Tom"})
    assert again.seq == first.seq + 1
    assert sorted(bench.touched) == ["C-1", "C-2"]


def test_events_of_a_group_continue_the_chain_of_the_file(station: Station) -> None:
    station.fire(3)
    head = station.journal.head()
    bench = station.bench
    bench.begin("Klára", station.now_ms)
    bench.emit("station", "station.named", {"name": "a"})
    bench.emit("station", "station.named", {"name": "b"})
    previous = head.hash
    for sealed in bench.sealed:
        assert verify(sealed.raw, sealed.body, sealed.salt, sealed.hash, previous) == ""
        previous = sealed.hash
    clocks = [s.event.hlc for s in bench.sealed]
    assert clocks == sorted(set(clocks))
    assert clocks[0] > head.hlc


def test_needing_what_is_not_there_names_the_field(station: Station) -> None:
    with pytest.raises(NotFound, match="no alert 'A-NONE'") as refused:
        station.bench.need(Alert, "A-NONE", "alert_id")
    assert refused.value.field == "alert_id"
    station.add_contact()
    with pytest.raises(NotFound):
        station.bench.need(Alert, station.bench.contacts()[0].contact_id, "alert_id")


def test_the_cache_stays_bounded_and_forgets_nothing(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "CACHE_LIMIT", 50)
    ids = [i for n in range(10) for i in station.fire(20, first=n * 20)]
    assert len(station.bench._states) <= 50
    assert all(isinstance(station.bench.get(i), Alert) for i in ids)


def test_where_an_aggregate_ends_is_asked_only_when_it_must_be(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And never kept longer than it is true: late news is folded in its place all the same."""
    asked: list[str] = []
    ask = station.journal.last_hlcs

    def noted(aggregates: Iterable[str]) -> dict[str, int]:
        asked.extend(names := list(aggregates))
        return ask(names)

    monkeypatch.setattr(station.journal, "last_hlcs", noted)
    started = event(1)
    taken = event(2, kind="alert.acknowledged", actor="Jonas", body={"epoch": "n1"})
    earlier = {"origin": "c" * 32, "hlc": taken.hlc - 1, "kind": "alert.acknowledged"}
    late = event(1, **earlier, actor="Tom", body={"epoch": "n1"})
    story = chain(started, taken)
    station.do(c.Absorb(events=story[:1]))
    station.do(c.Absorb(events=story[1:]))
    assert asked == []
    station._fresh_bench()
    station.do(c.Absorb(events=chain(late)))
    assert asked == ["A-1"]
    assert station.bench.get("A-1") == fold([started, taken, late])
    assert getattr(station.bench.get("A-1"), "acknowledged_by", "") == "Tom"


def test_late_news_is_folded_in_its_place_without_asking_again(station: Station) -> None:
    started = event(1)
    taken = event(2, kind="alert.acknowledged", actor="Jonas", body={"epoch": "n1"})
    earlier = {"origin": "c" * 32, "hlc": taken.hlc - 1, "kind": "alert.acknowledged"}
    late = event(1, **earlier, actor="Tom", body={"epoch": "n1"})
    for stored in (*chain(started, taken), *chain(late)):
        station.do(c.Absorb(events=[stored]))
    assert station.bench.get("A-1") == fold([started, taken, late])
    assert station.journal.load(["A-1"]) == {"A-1": fold([started, taken, late])}


def test_a_decision_told_twice_counts_once_although_it_sorts_behind_all(station: Station) -> None:
    body = {"epoch": "n1", "n": 1}
    told = [event(1), event(2, kind="alert.repeated", dedup_id="d1", body=body)]
    twice = [
        event(n, origin="c" * 32, kind="alert.repeated", dedup_id=f"d{n}", body=body)
        for n in (1, 2)
    ]
    for n, one in enumerate(twice, start=9):
        one.hlc = told[-1].hlc + n
    station.do(c.Absorb(events=chain(*told)))
    station._fresh_bench()
    station.do(c.Absorb(events=chain(*twice)))
    assert station.bench.get("A-1") == fold([*told, *twice])
    assert getattr(station.bench.get("A-1"), "count", 0) == 3


def test_contacts_are_known_from_the_start(station: Station) -> None:
    contact_id = station.add_contact()
    station._fresh_bench()
    assert isinstance(station.bench.get(contact_id), Contact)
    assert [one.contact_id for one in station.bench.contacts()] == [contact_id]


def test_entropy_is_drawn_in_bulk_and_never_twice() -> None:
    asked: list[int] = []

    def source(n: int) -> bytes:
        asked.append(n)
        return os.urandom(n)

    entropy = Entropy(source)
    drawn = [entropy.bytes(16) for _ in range(1_000)]
    assert len(set(drawn)) == 1_000
    assert len(asked) == 2
    assert len(entropy.bytes(10_000)) == 10_000
    assert 0 <= entropy.bits74() < 2**74
