"""Below the frontier nothing comes late, whatever the stations, their clocks and their links do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from crisisdesk.domain import hlc
from crisisdesk.domain.frontier import NOTHING, Standing, stable_hlc


@dataclass
class Post:
    """A station that only counts: its logs are lists of hlc readings."""

    origin: str
    clock: int
    logs: dict[str, list[int]] = field(default_factory=dict)
    last: int = 0
    cut: int = NOTHING

    def write(self) -> None:
        self.last = hlc.tick(self.last, self.clock)
        self.logs.setdefault(self.origin, []).append(self.last)

    def take(self, origin: str, reading: int) -> None:
        assert reading > self.cut, f"{origin} came late at {self.origin}"
        self.logs.setdefault(origin, []).append(reading)
        self.last = hlc.witness(self.last, reading)

    def reading(self, origin: str, seq: int) -> int:
        return self.logs[origin][seq - 1]

    def report(self) -> Standing:
        vector = {origin: len(log) for origin, log in self.logs.items()}
        return Standing(origin=self.origin, vector=vector, hlc=self.last)


def play(seed: int, *, careless: bool = False) -> int:
    """A random history; returns how often the frontier moved. Fails when something comes late."""
    chance = random.Random(seed)
    posts = [Post(name, chance.randrange(1, 2_000)) for name in "abcd"]
    hub: dict[str, list[int]] = {}
    reports: dict[str, Standing] = {}
    moved = 0
    for _ in range(400):
        post = chance.choice(posts)
        post.clock += chance.choice((0, 1, 1, 5, 300, -200))
        what = chance.random()
        if what < 0.5:
            post.write()
        elif what < 0.8:
            exchange(post, hub, chance.randrange(0, 6))
            reports[post.origin] = post.report()
        elif len(reports) == len(posts):
            here = {origin: len(log) for origin, log in post.logs.items()}
            known = [reports[p.origin] for p in posts]
            cut = stable_hlc(known, here, post.reading)
            cut = max(s.hlc for s in known) if careless else cut
            moved += cut > post.cut
            post.cut = max(post.cut, cut)
    return moved


def exchange(post: Post, hub: dict[str, list[int]], limit: int) -> None:
    own = post.logs.get(post.origin, [])
    hub.setdefault(post.origin, []).extend(own[len(hub.get(post.origin, [])) :])
    for origin, log in hub.items():
        have = len(post.logs.get(origin, []))
        for reading in log[have : have + limit]:
            if origin != post.origin:
                post.take(origin, reading)


def test_nothing_comes_late_below_the_frontier() -> None:
    moved = sum(play(seed) for seed in range(150))
    assert moved > 300


def test_a_careless_frontier_is_caught() -> None:
    with pytest.raises(AssertionError, match="came late"):
        sum(play(seed, careless=True) for seed in range(150))


def test_a_station_nobody_has_heard_all_of_stops_it() -> None:
    a = Standing(origin="a", vector={"a": 2}, hlc=90)
    b = Standing(origin="b", vector={"a": 2, "b": 3}, hlc=95)
    assert stable_hlc([a, b], {"a": 2}, lambda _o, _s: 50) == NOTHING
    assert stable_hlc([], {"a": 2}, lambda _o, _s: 50) == NOTHING
    assert stable_hlc([a], {"a": 2}, lambda _o, _s: 50) == 90
