"""Direct links between stations, as the engine sees them: for when the hub is away.

How a link is made and who is let in is behind the port `PeerLinks`. What is heard and exchanged
over it goes through the one view of peers, the one exchange and the one writer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from typing import Any, Protocol

from crisisdesk.domain.duty import Peer, Word
from crisisdesk.domain.event import Stored
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.commands import Absorb, Command
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.duty.peer_view import PeerView
from crisisdesk.engine.exchange.parts import Absorber, ClosableLog, Leaver
from crisisdesk.engine.exchange.ports import Absorbed, HubAway, Mark
from crisisdesk.engine.ports import Clock
from crisisdesk.engine.presence import PresenceBoard

# A word older than this when it is taken in says nothing of now; the process may have been stopped.
FRESH_S = 2.5
ABSORB_EVENTS = 1_000
WRITER_S = 10.0

OpenLog = Callable[[Callable[[], str], Absorber, Leaver], ClosableLog]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRoom:
    """What links need of the engine; each may be called from any thread.

    ``word`` is what to tell peers now. ``hear`` takes a peer's word and a moment (boottime) that it
    was surely said after. ``registered`` maps the stations that the hub last named in this run to
    their origins; empty until it did. ``open_log`` opens the log for the calling thread. ``ask``
    gives a command to the one writer and waits for its result; raises HubAway when that takes long.
    ``desks`` tells who is at a desk here, ``hear_desks`` takes what a station of that name tells.
    """

    own: Callable[[], str]
    word: Callable[[], Word]
    hear: Callable[[Word, float], None]
    registered: Callable[[], Mapping[str, str]]
    open_log: Callable[[Leaver], ClosableLog]
    ask: Callable[[Command], Any]
    boottime: Callable[[], float]
    desks: Callable[[], Sequence[dict[str, Any]]] = tuple
    hear_desks: Callable[[str, Any], None] = lambda _station, _rows: None


class PeerLinks(Protocol):
    """Links to all other stations. ``problem`` says in words what is wrong, if anything is."""

    problem: str

    async def run(self, room: PeerRoom) -> None:
        """Serve until cancelled."""

    def on_commit(self) -> None:
        """Something was written here; on the engine's loop."""


class PeerPost:
    """The engine's side of the links; lives on its loop."""

    def __init__(
        self,
        links: PeerLinks,
        committer: Committer,
        clock: Clock,
        open_log: OpenLog,
        word: Callable[[], Word],
        registered: Callable[[], Mapping[str, str]],
        board: PresenceBoard | None = None,
    ) -> None:
        self._board = board or PresenceBoard(clock.now_ms)
        self._links = links
        self._committer = committer
        self._clock = clock
        self._open_log = open_log
        self._word = word
        self._registered = registered
        self._view = PeerView(committer.origin)
        self._view_of = committer.origin
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def problem(self) -> str:
        """What an operator should know, in a sentence."""
        return self._links.problem

    def on_commit(self) -> None:
        """Something was written here: hand it on soon where it is wanted."""
        self._links.on_commit()

    def peers(self, now: float) -> tuple[Peer, ...]:
        """Those heard a short while ago."""
        return self._present_view().peers(now)

    async def run(self) -> None:
        """Serve until cancelled."""
        self._loop = asyncio.get_running_loop()
        room = PeerRoom(
            own=lambda: self._committer.origin,
            word=self._word,
            hear=self._hear,
            registered=self._registered,
            open_log=self._opened,
            ask=self._ask,
            boottime=self._clock.boottime,
            desks=self._board.told,
            hear_desks=self._board.hear_told,
        )
        await self._links.run(room)

    def _present_view(self) -> PeerView:
        """A view belongs to one incarnation: what others say of hearing the one before is void."""
        if self._view_of != self._committer.origin:
            self._view_of = self._committer.origin
            self._view = PeerView(self._view_of)
        return self._view

    # -- from the links' threads ---------------------------------------------------------------

    def _hear(self, word: Word, said_after: float) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._take_in, word, said_after)

    def _take_in(self, word: Word, said_after: float) -> None:
        now = self._clock.boottime()
        if now - said_after <= FRESH_S:
            self._present_view().hear(word, now)

    def _opened(self, leave: Leaver) -> ClosableLog:
        return self._open_log(lambda: self._committer.origin, self._absorb, leave)

    def _absorb(self, events: Sequence[Stored]) -> Absorbed:
        """In pieces, so that an operator's command never waits for more than one of them."""
        taken, aside = 0, dict[str, str]()
        for start in range(0, len(events), ABSORB_EVENTS):
            absorbed: Absorbed = self._ask(Absorb(events=events[start : start + ABSORB_EVENTS]))
            taken += absorbed.events
            aside.update(absorbed.quarantined)
        return Absorbed(events=taken, quarantined=aside)

    def _ask(self, command: Command) -> Any:
        async def ask() -> Any:
            return await self._committer.submit(command, ENGINE)

        assert self._loop is not None
        asked = asyncio.run_coroutine_threadsafe(ask(), self._loop)
        try:
            return asked.result(WRITER_S)
        except TookTooLong:
            # What is kept all the same is kept; the next comparison of heads shows it.
            asked.cancel()
            raise HubAway(f"the writer here did not answer within {WRITER_S:.0f} s") from None


def never_leave(_theirs: Mark) -> str:
    """For a log that only answers others: nobody who calls moves this station to a new origin."""
    raise AssertionError("an answer to a peer leaves no origin")
