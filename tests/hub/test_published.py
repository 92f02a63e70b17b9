"""The published tables on a real Postgres: every column is what the fold says, whoever has duty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.exchange import Exchange, Outcome
from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.engine.exchange.publisher import (
    Batch,
    Published,
    Publisher,
    Verdict,
    form,
)

from tests.hub.publishing import Post, assert_parity, busy, expected, shown
from tests.postgres.fixtures import HubPlace


@pytest.fixture
def posts(tmp_path: Path, hub_place: HubPlace) -> Iterator[list[Post]]:
    made = [Post(tmp_path, hub_place, name, seed) for seed, name in enumerate(("alpha", "beta"))]
    yield made
    for post in made:
        post.close()


def test_every_column_is_what_the_fold_says(hub_place: HubPlace, posts: list[Post]) -> None:
    post = posts[0]
    busy(post)
    post.exchange()
    post.take_duty()
    post.publish_all()
    assert_parity(hub_place, post)
    assert all(shown(hub_place).values())
    for _ in range(3):
        post.station.work_at_random(4)
        post.publish_all()
        assert_parity(hub_place, post)


def test_publishing_again_changes_nothing(hub_place: HubPlace, posts: list[Post]) -> None:
    post = posts[0]
    busy(post)
    post.exchange()
    post.take_duty()
    outcome = post.publish_all()
    before, written = shown(hub_place), post.publisher.written
    post.publisher.run(outcome)
    assert post.publisher.written == written
    states = post.states.after("", 10_000)
    there = post.tables.published()
    batch = Batch(present=states, before=there, after=there)
    assert post.lease is not None
    for _ in range(2):
        assert post.tables.publish(batch, post.origin, post.lease.token) is Verdict.WRITTEN
    assert shown(hub_place) == before
    assert there.vector == {o: m.seq for o, m in outcome.hub.items()}


def test_a_take_over_in_the_middle_goes_on_from_the_hubs_vector(
    hub_place: HubPlace, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisdesk.engine.exchange.publisher.EVENTS_A_BATCH", 7)
    a, b = posts
    busy(a, 25)
    busy(b, 25)
    a.exchange()
    a.take_duty()
    a.publisher.run(a.exchange())
    assert a.publisher.behind
    half = a.tables.published().vector
    a.release()
    b.exchange()
    b.take_duty()
    # What stands there already is not written again: only events behind the hub's vector count.
    first = b.states.touched(half, {o: m.seq for o, m in b.log.marks().items()}, 7)
    assert first is not None
    assert all(seq > half.get(o, 0) for o, seq in first.upto.items())
    b.publish_all()
    assert_parity(hub_place, b)
    a.station.work_at_random(5)
    a.exchange()
    b.publish_all()
    assert_parity(hub_place, b)


def test_a_stale_holder_is_refused_and_cannot_set_rows_back(
    hub_place: HubPlace, posts: list[Post]
) -> None:
    a, b = posts
    busy(a)
    a.exchange()
    a.take_duty()
    a.publish_all()
    b.exchange()
    stale = a.lease
    a.release()
    b.take_duty()
    busy(b)
    alert = a.states.after("A-", 1)[0]
    b.station.do(c.AcknowledgeAlerts(alert_ids=[alert.aggregate]))
    b.publish_all()
    fresh = shown(hub_place)
    a.lease = stale
    assert stale is not None
    there = b.tables.published()
    batch = Batch(present=[alert], before=there, after=there)
    assert a.tables.publish(batch, a.origin, stale.token) is Verdict.STALE
    a.publisher.run(a.exchange())
    assert shown(hub_place) == fresh
    # Even under a lease in force: an older state never takes a newer one's place.
    assert b.lease is not None
    assert b.tables.publish(batch, b.origin, b.lease.token) is Verdict.WRITTEN
    assert shown(hub_place) == fresh
    # And a batch made for tables that have moved on since is not taken.
    old = Batch(present=[alert], before=Published(), after=there)
    assert b.tables.publish(old, b.origin, b.lease.token) is Verdict.MOVED
    with pytest.raises(HubRefused, match="belongs to another login"):
        a.tables.publish(batch, b.origin, b.lease.token)


def test_one_who_lacks_what_is_shown_waits(hub_place: HubPlace, posts: list[Post]) -> None:
    a, b = posts
    busy(a)
    a.exchange()
    a.take_duty()
    a.publish_all()
    before = shown(hub_place)
    a.release()
    b.exchange()
    b.take_duty()
    b.station.fire(1)
    lacking = Outcome(hub=b.exchange().hub, here={b.origin: b.log.marks()[b.origin]})
    b.publisher.run(lacking)
    assert b.publisher.written == 0
    assert shown(hub_place) == before
    b.publish_all()
    assert_parity(hub_place, b)


@pytest.mark.parametrize("rule", [True, False])
def test_the_control_without_waiting_a_row_stays_wrong_for_good(
    hub_place: HubPlace, posts: list[Post], monkeypatch: pytest.MonkeyPatch, rule: bool
) -> None:
    if not rule:
        monkeypatch.setattr("crisisdesk.engine.exchange.publisher.covers", lambda *_: True)
    a, b = posts
    alert = a.station.fire(1)[0]
    for post in posts:
        post.exchange()
    a.take_duty()
    a.station.do(c.AcknowledgeAlerts(alert_ids=[alert]))
    a.publish_all()
    a.release()
    b.take_duty()
    b.station.do(c.EditAlert(alert_id=alert, changes={"title": "as Beta sees it"}))
    cut_short = Outcome(hub=b.hub.heads())
    Exchange(b.log, b.hub).push_own(cut_short)
    cut_short.here = b.log.marks()
    b.publisher.run(cut_short)
    b.publish_all()
    assert (shown(hub_place) == expected(b.states.after("", 10_000))) is rule


def test_the_vector_never_passes_what_the_hub_holds(hub_place: HubPlace, posts: list[Post]) -> None:
    post = posts[0]
    busy(post)
    outcome = post.exchange()
    post.take_duty()
    post.station.work_at_random(3)
    outcome.here = post.log.marks()
    post.publisher.run(outcome)
    assert post.tables.published().vector == {o: m.seq for o, m in outcome.hub.items()}
    there = post.tables.published()
    ahead = Published(vector={post.origin: 10**9}, made_by=form())
    assert post.lease is not None
    batch = Batch(present=[], before=there, after=ahead)
    with pytest.raises(HubRefused):
        post.tables.publish(batch, post.origin, post.lease.token)
    post.publish_all()
    assert_parity(hub_place, post)


@pytest.mark.parametrize("cause", ["nothing", "an older form", "compacted"])
def test_from_nothing_or_anew_the_tables_come_out_the_same(
    hub_place: HubPlace, posts: list[Post], monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    monkeypatch.setattr("crisisdesk.engine.exchange.publisher.SWEEP_A_BATCH", 9)
    post = posts[0]
    busy(post, 25)
    post.exchange()
    post.take_duty()
    post.publish_all()
    before = shown(hub_place)
    with psycopg.connect(hub_place.admin_dsn) as admin:
        if cause == "an older form":
            admin.execute("UPDATE cd.published SET made_by = 1")
            admin.execute("UPDATE crisis_crisisalert SET title = 'as an older program wrote it'")
        else:
            for table in before:
                admin.execute(f"TRUNCATE {table}".encode())
            admin.execute("TRUNCATE cd.published_row, cd.published_vec")
            admin.execute("UPDATE cd.published SET made_by = 0")
    if cause == "compacted":
        monkeypatch.setattr(post.states, "begins", lambda: {post.origin: 3})
    fresh = Publisher(post.tables, post.states, lambda: post.lease)
    outcome = post.exchange()
    fresh.run(outcome)
    while fresh.behind:
        fresh.run(outcome)
    assert shown(hub_place) == before
    assert post.tables.published().made_by == form()
    written = fresh.written
    fresh.run(outcome)
    assert fresh.written == written
    assert_parity(hub_place, post)


def test_where_two_wish_for_one_number_each_keeps_its_own(
    hub_place: HubPlace, posts: list[Post]
) -> None:
    numbers = "SELECT name, number FROM cd.numbers(%s::text[], %s::integer[])"
    last = 2**31 - 1
    first = dict(posts[0].link.ask(numbers, (["x", "y"], [last, last])))
    assert first == {"x": last, "y": 1}
    again = dict(posts[1].link.ask(numbers, (["z", "y", "x"], [last, 5, 6])))
    assert again == {**first, "z": 2}
    with pytest.raises(HubRefused):
        posts[0].link.ask(numbers, (["n"], [0]))


def test_only_the_owner_of_the_schema_writes_them(hub_place: HubPlace) -> None:
    with psycopg.connect(hub_place.login(), autocommit=True) as station:
        for table in expected([]):
            station.execute(f"SELECT * FROM {table}".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                station.execute(f"DELETE FROM {table}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            station.execute("SELECT cd.apply_rows('crisis_person', '[]')")
