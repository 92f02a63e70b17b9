"""The shared log in a real Postgres."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from crisisdesk.domain.event import Event, Stored, chain_hash, seal
from crisisdesk.engine.exchange.ports import HubAway, HubRefused, Mark, SignedHead
from crisisdesk.hub import schema
from crisisdesk.hub.log import PgHub

from tests.hub.contract import HubContract
from tests.hub.making import A, B, chain, report
from tests.hub.ways import PgFactory, address
from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import FaultProxy


class TestPgHub(HubContract):
    """What every hub must do."""


def test_a_push_whose_answer_was_lost_is_taken_once(hub_place: HubPlace) -> None:
    events = chain(A, 20)
    with FaultProxy(hub_place.server.port) as road:
        hub = PgHub(address(hub_place.login(port=road.port)))
        hub.push(A, 1, events[:5])
        road.drop_reply(to=b"cd.push")
        with pytest.raises(HubAway):
            hub.push(A, 6, events[5:])
        assert road.dropped == 1
        assert hub.heads() == {A: Mark(20, events[-1].hash)}
        assert hub.push(A, 6, events[5:]) == 20
        assert hub.pull({A: 0}) == events
        hub.close()


def resealed(stored: Stored, raw: bytes, previous: bytes) -> Stored:
    return replace(stored, raw=raw, hash=chain_hash(previous, raw))


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (b'"seq":3', b'"seq":4'),
        (A.encode(), B.encode()),
        (b'"hlc":', b'"hlc":"soon","was":'),
        (b'"agg":"A-3"', b'"agg":"A\\u0000"'),
        (b"{", b"["),
        (b"fired", b"\xff\xfe"),
    ],
)
def test_an_event_that_is_none_stops_the_batch_there_and_nothing_else(
    factory: PgFactory, words: bytes, instead: bytes
) -> None:
    events = chain(A, 5)
    bad = resealed(events[2], events[2].raw.replace(words, instead), events[1].hash)
    hub = factory.hub("alpha")
    assert hub.push(A, 1, [*events[:2], bad, *events[3:]]) == 2
    assert hub.push(A, 3, [bad]) == 2
    assert hub.pull({A: 0}) == events[:2]
    assert hub.push(B, 1, chain(B, 3)) == 3
    assert hub.push(A, 3, events[2:]) == 5


def test_a_body_that_is_not_the_one_in_the_envelope_is_not_taken(factory: PgFactory) -> None:
    events = chain(A, 3)
    hub = factory.hub("alpha")
    assert hub.push(A, 1, [events[0], replace(events[1], body=b"{}"), events[2]]) == 1
    assert hub.push(A, 2, events[1:]) == 3


def test_the_hub_reads_clock_and_aggregate_out_of_the_envelope(
    hub_place: HubPlace, factory: PgFactory
) -> None:
    event = Event(origin=A, seq=1, hlc=2**62, id="i", agg='A-"ü', kind="k", actor="a", wall_ms=1,
                  body={})  # fmt: skip
    sealed = seal(event, b"s" * 16, b"\x00")
    stored = Stored(origin=A, seq=1, raw=sealed.raw, body=sealed.body, salt=sealed.salt,
                    hash=sealed.hash)  # fmt: skip
    factory.hub("alpha").push(A, 1, [stored])
    with psycopg.connect(hub_place.admin_dsn) as admin:
        assert admin.execute("SELECT hlc, agg FROM cd.ev").fetchall() == [(2**62, 'A-"ü')]


def test_who_handed_over_foreign_events_can_be_looked_up(
    hub_place: HubPlace, factory: PgFactory
) -> None:
    events = chain(A, 6)
    factory.hub("alpha").report(report("s-a", A))
    factory.hub("alpha").push(A, 1, events[:2])
    factory.hub("beta").push(A, 2, events[1:4])
    with psycopg.connect(hub_place.admin_dsn) as admin:
        rows = admin.execute("SELECT first_seq, last_seq, role FROM cd.handed_over").fetchall()
    assert rows == [(3, 4, f"{hub_place.database}_beta")]


def test_a_login_speaks_for_its_own_station_and_origin_only(factory: PgFactory) -> None:
    alpha, beta = factory.hub("alpha"), factory.hub("beta")
    alpha.report(report("s-a", A))
    with pytest.raises(HubRefused, match="that origin belongs to another login"):
        beta.report(report("s-b", A))
    with pytest.raises(HubRefused, match="that station has another login"):
        beta.report(report("s-a", B))
    with pytest.raises(HubRefused, match="that login belongs to another station"):
        alpha.report(report("s-c", B))
    with pytest.raises(HubRefused, match="that origin belongs to another login"):
        beta.sign_head(SignedHead(origin=A, seq=1, hash=b"h", signature=b"s"))
    beta.report(report("s-b", B))


def test_the_owner_has_the_last_word_on_its_head(factory: PgFactory) -> None:
    alpha, beta = factory.hub("alpha"), factory.hub("beta")
    forged = SignedHead(origin=A, seq=2**60, hash=b"h", signature=b"forged")
    true = SignedHead(origin=A, seq=4, hash=b"h", signature=b"true")
    beta.sign_head(forged)
    alpha.report(report("s-a", A))
    alpha.sign_head(true)
    assert beta.signed_heads() == [true]


def test_an_evicted_station_is_let_in_no_more_and_waited_for_no_more(
    hub_place: HubPlace, factory: PgFactory
) -> None:
    alpha, beta = factory.hub("alpha"), factory.hub("beta")
    alpha.report(report("s-a", A))
    beta.report(report("s-b", B))
    assert schema.evict(hub_place.admin_dsn, "s-a")
    assert not schema.evict(hub_place.admin_dsn, "s-a")
    for refused in (
        lambda: alpha.push(A, 1, chain(A, 1)),
        lambda: alpha.report(report("s-a", A)),
        lambda: alpha.sign_head(SignedHead(origin=A, seq=1, hash=b"h", signature=b"s")),
        lambda: factory.duty("alpha").renew(A, 4_000, 0),
        lambda: factory.duty("alpha").settle("k", 1, "sent"),
    ):
        with pytest.raises(HubRefused, match="evicted"):
            refused()
    told = beta.report(report("s-b", B)).reports
    assert [r.station_id for r in told] == ["s-b"]
    assert schema.free_login(hub_place.admin_dsn, "s-a")
    alpha.report(report("s-new", "d" * 32))


def test_an_uneven_push_is_refused(factory: PgFactory) -> None:
    with pytest.raises(HubRefused, match="22023"):
        factory.hub("alpha").push(A, 0, chain(A, 1))
