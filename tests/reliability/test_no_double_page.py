"""R10: no page twice and none missed while the lease moves and holders freeze; real engines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tests.postgres.fixtures import HubPlace
from tests.reliability.paging_posts import PostProcess, calls, until
from tests.reliability.tiers import record, scaled

pytestmark = [pytest.mark.serial, pytest.mark.slow]

CONTACTS = "ann bob cyd"
ALERTS = scaled(120, 1_667)
MOVES = scaled(5, 100)
PAUSES = scaled(3, 50)
PAUSE_S = scaled((4.5, 6.0), (4.5, 15.0))
WITHIN_S = 90.0

Posts = list[PostProcess]


@pytest.fixture
def make_posts(hub_place: HubPlace, tmp_path: Path) -> Iterator[Callable[..., Posts]]:
    with ExitStack() as stack:

        def make(**more: Any) -> Posts:
            posts = []
            for rank, name in enumerate("abc"):
                post = PostProcess(hub_place, tmp_path, name, rank, **more)
                stack.callback(post.end)
                post.start()
                posts.append(post)
            posts[0].ask(f"contact {CONTACTS}")
            until(lambda: all(p.ask("contacts") == 3 for p in posts), WITHIN_S, "contacts")
            until(lambda: holder_of(posts), WITHIN_S, "a holder")
            return posts

        yield make


def holder_of(posts: Posts) -> PostProcess | None:
    return next((post for post in posts if post.ask("holds")), None)


def storm(posts: Posts, alerts: int, moves: int, pauses: int, pick: random.Random) -> int:
    """Fire while the lease is moved and holders are stopped; returns how many pages are due."""
    faults = ["move"] * moves + ["pause"] * pauses
    pick.shuffle(faults)
    share = alerts // len(faults)
    number = 0
    for index, fault in enumerate(faults):
        batch = share if index else alerts - share * (len(faults) - 1)
        keys = [f"k{number + i}" for i in range(batch)]
        number += batch
        holder = until(lambda: holder_of(posts), WITHIN_S, "a holder")
        awake = [post for post in posts if post is not holder]
        half = len(keys) // 2
        fire(posts, keys[:half], pick)
        if fault == "move":
            holder.ask("move")
            fire(posts, keys[half:], pick)
            continue
        holder.stop_running()
        begun = monotonic()
        fire(awake, keys[half:], pick)
        sleep(max(0.0, pick.uniform(*PAUSE_S) - (monotonic() - begun)))
        holder.go_on()
    return number * len(CONTACTS.split())


def fire(posts: Posts, keys: list[str], pick: random.Random) -> None:
    for start in range(0, len(keys), 5):
        pick.choice(posts).ask("fire " + " ".join(keys[start : start + 5]))


def settled(posts: Posts, pages: int) -> bool:
    """Whether every station knows every page and knows it to be sent."""
    told = [post.statuses() for post in posts]
    return all(len(t) == pages and set(t.values()) == {"sent"} for t in told)


@pytest.mark.timeout(3_600)
def test_r10_no_double_page(make_posts: Callable[..., Posts]) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    posts = make_posts()
    pages = storm(posts, ALERTS, MOVES, PAUSES, random.Random(seed))
    until(lambda: settled(posts, pages), WITHIN_S, "all pages sent, everywhere")
    seen = calls(posts[0].provider)
    missed = set(posts[0].statuses()) - set(seen)
    repeats = sum(n - 1 for n in seen.values())
    record(
        "R10 no double page",
        pages=pages,
        moves=MOVES,
        pauses=PAUSES,
        seed=seed,
        repeats=repeats,
        missed=len(missed),
    )
    assert (repeats, len(missed)) == (0, 0)


@pytest.mark.timeout(300)
def test_control_without_claims_and_lease_checks_pages_repeat(
    make_posts: Callable[..., Posts],
) -> None:
    """Stopped between claim and send, and not looking again: the next holder sends as well."""
    posts = make_posts(control="no lease check", deadline_ms=1_000)
    holder = until(lambda: holder_of(posts), WITHIN_S, "a holder")
    holder.end()
    holder.start(point="claimed here", fault="freeze", control="no lease check", deadline_ms=1_000)
    others = [post for post in posts if post is not holder]
    for post in others:
        post.ask("move")
    until(lambda: holder.ask("holds"), WITHIN_S, "it holds the lease again")
    others[0].ask("fire once")
    until(lambda: holder.is_stopped, WITHIN_S, "it is stopped at its point")
    until(lambda: sum(calls(holder.provider).values()) == 3, WITHIN_S, "the others sent")
    holder.go_on()
    until(lambda: sum(calls(holder.provider).values()) > 3, WITHIN_S, "a repeat")
