"""The engine's side of direct links: what is stale is not heard, what hangs is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.domain.duty import Word
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.exchange import peers as module
from crisisdesk.engine.exchange.peers import FRESH_S, PeerPost, PeerRoom, never_leave
from crisisdesk.engine.exchange.ports import Absorbed, HubAway

from tests.engine.exchange.test_exchange import log_of

OWN, NEXT, OTHER = "a" * 32, "c" * 32, "b" * 32


class Committed:
    """A committer that answers as it is told."""

    def __init__(self) -> None:
        self.origin = OWN
        self.asked: list[Any] = []
        self.answers = True

    def submit(self, command: Any, _actor: str) -> asyncio.Future[Any]:
        self.asked.append(command)
        done = asyncio.get_running_loop().create_future()
        if self.answers:
            done.set_result(Absorbed(events=len(command.events), quarantined={}))
        return done


class Held:
    """Links that keep the room for the test and serve until they are cancelled."""

    problem = "a sentence"

    def __init__(self) -> None:
        self.room: PeerRoom | None = None
        self.woken = 0

    async def run(self, room: PeerRoom) -> None:
        self.room = room
        await asyncio.Event().wait()

    def on_commit(self) -> None:
        self.woken += 1


Scene = Callable[[PeerPost, PeerRoom], Any]


def play(scene: Scene, committer: Committed, clock: ManualClock) -> None:
    links = Held()
    post = PeerPost(
        links,
        committer,  # type: ignore[arg-type]
        clock,
        lambda _own, absorb, _leave: absorb,  # type: ignore[arg-type, return-value]
        word=lambda: Word(origin=OWN),
        registered=dict,
    )

    async def run() -> None:
        serving = asyncio.create_task(post.run())
        while links.room is None:
            await asyncio.sleep(0)
        await scene(post, links.room)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(run())


def heard(origin: str = OTHER, *hears: str) -> Word:
    return Word(origin=origin, hears=hears)


def test_a_fresh_word_is_heard_and_a_stale_one_is_not() -> None:
    clock = ManualClock(0)

    async def scene(post: PeerPost, room: PeerRoom) -> None:
        said_after = clock.boottime()
        room.hear(heard(), said_after)
        await asyncio.sleep(0)
        assert [p.word for p in post.peers(clock.boottime())] == [heard()]
        clock.advance(round(FRESH_S * 1_000) + 1)
        room.hear(heard("d" * 32), said_after)
        await asyncio.sleep(0)
        assert [p.word for p in post.peers(clock.boottime())] == [heard()]

    play(scene, Committed(), clock)


def test_what_was_heard_as_another_incarnation_is_void() -> None:
    committer, clock = Committed(), ManualClock(0)

    async def scene(post: PeerPost, room: PeerRoom) -> None:
        room.hear(heard(OTHER, OWN), 0.0)
        await asyncio.sleep(0)
        assert post.peers(0.0)[0].is_visible(0.0)
        committer.origin = NEXT
        assert post.peers(0.0) == ()
        assert room.own() == NEXT

    play(scene, committer, clock)


def test_many_events_are_kept_in_pieces() -> None:
    committer = Committed()

    async def scene(_post: PeerPost, room: PeerRoom) -> None:
        absorb: Any = room.open_log(never_leave)
        absorbed = await asyncio.to_thread(absorb, log_of(OTHER, 2_500))
        assert absorbed.events == 2_500
        assert [len(c.events) for c in committer.asked] == [1_000, 1_000, 500]

    play(scene, committer, ManualClock(0))


def test_a_writer_that_hangs_holds_no_link_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WRITER_S", 0.05)
    committer = Committed()
    committer.answers = False

    async def scene(_post: PeerPost, room: PeerRoom) -> None:
        absorb: Any = room.open_log(never_leave)
        with pytest.raises(HubAway):
            await asyncio.to_thread(absorb, log_of(OTHER, 1))

    play(scene, committer, ManualClock(0))


def test_links_are_woken_and_asked_for_their_problem() -> None:
    async def scene(post: PeerPost, _room: PeerRoom) -> None:
        post.on_commit()
        assert post.problem == "a sentence"

    play(scene, Committed(), ManualClock(0))
