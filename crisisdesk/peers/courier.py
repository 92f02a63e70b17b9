"""The courier: keeps the link to one other station - heartbeats on one line, events on another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from crisisdesk.domain.duty import HEARTBEAT_S, PEER_S, Word
from crisisdesk.domain.errors import DomainError
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.exchange.leaving import leave
from crisisdesk.engine.exchange.parts import ClosableLog
from crisisdesk.engine.exchange.peers import PeerRoom
from crisisdesk.engine.exchange.ports import Forked, HubAway, HubRefused, Mark
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.peers.book import Book, Friend
from crisisdesk.peers.desks import desks_out, hear_desks
from crisisdesk.peers.frames import Garbled
from crisisdesk.peers.line import Line
from crisisdesk.peers.peer_hub import PeerHub
from crisisdesk.peers.speech import word_in, word_out

log = logging.getLogger(__name__)

WORD_S = 2.0
# A change of duty is told at once: an objection must come within the second that is waited for it.
CHANGE_S = 0.25
EXCHANGE_S = 1.0
# Many commits in a row go over together.
GATHER_S = 0.05
AFTER_FAILURE_S = 0.5
LONGEST_PAUSE_S = 5.0
LONGEST_PAUSE_AWAY_S = 1.0
LEAVE_AGAIN_S = 3_600.0


class Courier:
    """Works from `start` until `end`, with two threads, towards a station that has an address.

    Heartbeats always go. Events go while one of the two does not see the hub: then that one has
    them, or gets them, by the other.
    """

    def __init__(self, friend: Friend, book: Book, room: PeerRoom) -> None:
        self.friend = friend
        self._book = book
        self._room = room
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._words = Line(friend, book)
        self._hub = PeerHub(line := Line(friend, book))
        self._line = line
        self._log: ClosableLog | None = None
        self._theirs: Word | None = None
        self._heard = float("-inf")
        self._left = float("-inf")
        self._failures = 0
        self._threads = [
            threading.Thread(target=self._beat, name="peer-words"),
            threading.Thread(target=self._carry, name="peer-events"),
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something was written here; from any thread."""
        self._wake.set()

    def break_off(self) -> None:
        """End soon; from any thread."""
        self._stop.set()
        self._wake.set()
        self._words.close()
        self._line.close()

    def end(self) -> None:
        """End, and wait until it is so."""
        self.break_off()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    # -- heartbeats --------------------------------------------------------------------------

    def _beat(self) -> None:
        try:
            while not self._stop.is_set():
                word = self._room.word()
                try:
                    self._exchange_words(word)
                except (HubAway, HubRefused, Forked, Garbled) as error:
                    self._words.drop()
                    self._note_failure(error)
                    self._stop.wait(self._pause())
                    continue
                self._note_success()
                self._rest(word)
        finally:
            self._words.drop()

    def _exchange_words(self, word: Word) -> None:
        asked = self._room.boottime()
        told = {"ask": "word", "word": word_out(word), **desks_out(self._room)}
        answer = self._words.ask(told, WORD_S)
        theirs = word_in(answer.get("word"))
        if not self._book.may_speak_as(self.friend, theirs.origin):
            raise HubRefused(f"{self.friend.name} speaks as another station")
        self._room.hear(theirs, asked)
        hear_desks(self._room, self.friend.name, answer)
        self._theirs, self._heard = theirs, self._room.boottime()

    def _rest(self, told: Word) -> None:
        """Until the next heartbeat is due, or there is something new to say.

        Twice as often without the hub: who cannot be called hears objections only as answers.
        """
        beat = HEARTBEAT_S if told.sees_hub else HEARTBEAT_S / 2
        due = self._room.boottime() + beat
        while self._room.boottime() < due and self._room.word() == told:
            if self._stop.wait(CHANGE_S):
                return

    def _pause(self) -> float:
        longest = LONGEST_PAUSE_S if self._room.word().sees_hub else LONGEST_PAUSE_AWAY_S
        return min(AFTER_FAILURE_S * 2.0 ** min(self._failures - 1, 10), longest)

    def _note_failure(self, error: Exception) -> None:
        if not self._failures and not self._stop.is_set():
            log.info("no direct link to %s: %s", self.friend.name, error)
        self._failures += 1

    def _note_success(self) -> None:
        if self._failures or self._heard == float("-inf"):
            log.info("the direct link to %s stands", self.friend.name)
        self._failures = 0

    # -- events ------------------------------------------------------------------------------

    def _carry(self) -> None:
        try:
            while not self._stop.is_set():
                if not self._is_wanted():
                    self._line.drop()
                elif not self._try(self._exchange):
                    self._stop.wait(EXCHANGE_S)
                if self._wake.wait(EXCHANGE_S):
                    self._stop.wait(GATHER_S)
                self._wake.clear()
        except Stopped:
            return
        finally:
            self._line.drop()
            if self._log is not None:
                self._log.close()

    def _is_wanted(self) -> bool:
        """Whether one of the two lacks the hub, and the other one answers."""
        theirs = self._theirs
        if theirs is None or self._room.boottime() - self._heard > PEER_S:
            return False
        return not (theirs.sees_hub and self._room.word().sees_hub)

    def _try(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except (HubAway, HubRefused) as error:
            log.debug("no exchange with %s: %s", self.friend.name, error)
            self._line.drop()
            return False
        except (StoreFailed, Overloaded, DomainError) as error:
            log.error("events could not be exchanged with %s: %s", self.friend.name, error)
            return False
        return True

    def _exchange(self) -> None:
        if self._log is None:
            self._log = self._room.open_log(self._leave)
        Exchange(self._log, self._hub, stop=self._stop.is_set).run()

    def _leave(self, theirs: Mark) -> str:
        """Someone else wrote as this station; believed of one station once in an hour at most."""
        assert self._log is not None
        now = self._room.boottime()
        if now - self._left < LEAVE_AGAIN_S:
            raise HubRefused(f"{self.friend.name} holds other events of this station once more")
        self._left = now
        return leave(self._hub, self._log, theirs, self._room.ask)
