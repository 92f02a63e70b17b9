"""The replicator: engines that share a hub tell each other everything, cut off or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.station import Station
from crisisdesk.engine import commands as c
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.exchange import replicator
from crisisdesk.store.queries import StationReader

from tests.engine.exchange.living import Ear, Post, until
from tests.reliability.memhub import MemHub
from tests.store.workload import signal

pytestmark = pytest.mark.anyio
Expect = Callable[..., None]


@pytest.fixture
async def posts(tmp_path: Path) -> AsyncIterator[list[Post]]:
    """Two living stations."""
    ears: list[Ear] = []
    hub = MemHub(SystemClock().now_ms)
    made = [Post(tmp_path, name, hub, ears) for name in ("Brno", "Praha")]
    for post in made:
        await post.start()
    yield made
    for post in made:
        await post.stop()


def alert(post: Post, alert_id: str) -> Alert | None:
    reader = StationReader(post.store)
    try:
        return reader.alert(alert_id)
    finally:
        reader.close()


def acked_by(post: Post, alert_id: str) -> list[str]:
    found = alert(post, alert_id)
    return [] if found is None else [found.acknowledged_by, *found.also_acknowledged_by]


async def fire(post: Post, number: int) -> str:
    ids = await post.do(c.TakeIn(signals=[signal(number)]), "source:test")
    return str(ids[0])


async def test_what_one_writes_the_other_shows(posts: list[Post]) -> None:
    one, two = posts
    alert_id = await fire(one, 1)
    await until(lambda: alert(two, alert_id), posts)
    await two.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), "Jonas")
    await until(lambda: acked_by(one, alert_id) == ["Jonas"], posts)

    def all_safe() -> bool:
        safe = one.engine.fleet().durability
        return safe.other > 0 and safe.disk == safe.hub

    await until(all_safe, posts)
    assert {s.name for s in one.engine.fleet().stations} == {"Brno", "Praha"}


async def test_a_cut_off_station_goes_on_and_tells_afterwards(
    posts: list[Post], monkeypatch: pytest.MonkeyPatch, expect_log: Expect
) -> None:
    monkeypatch.setattr(replicator, "SPLIT_MS", 0)
    expect_log("the hub is away")
    one, two = posts
    alert_id = await fire(one, 1)
    await until(lambda: alert(two, alert_id), posts)
    two.line.cut = True
    await two.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), "Jonas")
    await one.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), "Ann")
    await until(lambda: two.engine.fleet().hub.state == "away", posts)
    status = two.engine.fleet().hub
    assert status.to_push >= 1
    assert status.words == "the line is cut"
    safe = two.engine.fleet().durability
    assert safe.disk > safe.hub
    await two.do(c.NoteAlert(alert_id=alert_id, text="still there"), "Jonas")
    # Known at once, not only when the hub is tried next.
    later = two.engine.fleet()
    assert later.durability.disk > safe.disk
    assert later.hub.to_push >= later.durability.disk - later.durability.hub
    two.line.cut = False
    await until(lambda: len(acked_by(one, alert_id)) == 2, posts)
    await until(lambda: len(acked_by(two, alert_id)) == 2, posts)
    assert alert(one, alert_id) == alert(two, alert_id)
    await until(lambda: two.engine.fleet().hub.state == "up", posts)


async def test_a_bell_that_rings_ends_the_longest_pause(
    posts: list[Post], monkeypatch: pytest.MonkeyPatch, expect_log: Expect
) -> None:
    """However long the hub was away: a station that hears of it again does not wait."""
    expect_log("the hub is away")
    monkeypatch.setattr(replicator, "LONGEST_PAUSE_S", 3_600.0)
    one, two = posts
    # A station begins as one that has not reached the hub yet; only one that had can lose it.
    await until(lambda: two.engine.fleet().hub.state == "up", posts)
    two.line.cut = True
    await until(lambda: two.engine.fleet().hub.state == "away", posts)
    membership = two.engine._membership
    assert membership is not None
    membership.replicator._failures = 20
    await until(lambda: membership.replicator._failures > 20, posts)
    two.line.cut = False
    alert_id = await fire(one, 1)
    await until(lambda: alert(two, alert_id), posts)


async def test_a_hub_that_was_away_at_the_start_is_found_later(
    tmp_path: Path, expect_log: Expect
) -> None:
    expect_log("the hub is away")
    ears: list[Ear] = []
    post = Post(tmp_path, "Brno", hub := MemHub(SystemClock().now_ms), ears)
    post.line.cut = True
    await post.start()
    await fire(post, 1)
    await until(lambda: post.engine.fleet().hub.words == "the line is cut", [post])
    await until(lambda: post.engine.fleet().hub.to_push == 1, [post])
    post.line.cut = False
    await until(hub.heads, [post])
    await until(lambda: post.engine.fleet().hub.state == "up", [post])
    await post.stop()


async def test_a_rejoin_leaves_a_fact_for_every_desk(
    posts: list[Post], monkeypatch: pytest.MonkeyPatch, expect_log: Expect
) -> None:
    monkeypatch.setattr(replicator, "SPLIT_MS", 0)
    expect_log("the hub is away")
    one, two = posts
    await until(lambda: two.engine.fleet().hub.state == "up", posts)
    two.line.cut = True
    await two.do(c.NameStation(name="Praha"))
    await until(lambda: two.engine.fleet().hub.state == "away", posts)
    await fire(one, 7)
    two.line.cut = False

    def rejoined() -> list[Station]:
        reader = StationReader(one.store)
        try:
            return [s for s in reader.stations() if getattr(s, "splits", None)]
        finally:
            reader.close()

    found = await until(rejoined, posts)
    assert [s.name for s in found] == ["Praha"]
