"""What a station answers another one that calls it."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.event import GENESIS, Stored, chain_hash
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.exchange.parts import ClosableLog
from crisisdesk.engine.exchange.peers import PeerRoom, never_leave
from crisisdesk.engine.exchange.ports import (
    PULL_EVENTS,
    Forked,
    HubAway,
    Mark,
)
from crisisdesk.engine.exchange.sharing import pull_evenly
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.peers.book import Book, Friend
from crisisdesk.peers.desks import desks_out, hear_desks
from crisisdesk.peers.frames import Garbled, Message
from crisisdesk.peers.line import PROTOCOL
from crisisdesk.peers.speech import (
    events_in,
    events_out,
    marks_out,
    number_in,
    origin_in,
    vector_in,
    word_in,
    word_out,
)


class Answers:
    """To one friend on one connection; used by that connection's thread alone."""

    def __init__(self, friend: Friend, book: Book, room: PeerRoom) -> None:
        self._friend = friend
        self._book = book
        self._room = room
        self._log: ClosableLog | None = None
        self._given = 0
        self._given_at: float | None = None
        self._kinds: dict[str, Callable[[Message], Message]] = {
            "hello": lambda _question: {"v": PROTOCOL},
            "word": self._word,
            "heads": self._heads,
            "push": self._push,
            "pull": self._pull,
        }

    def close(self) -> None:
        """Let go of the file; on the thread that answered."""
        if self._log is not None:
            self._log.close()

    def answer(self, question: Message) -> Message:
        """The answer; raises Garbled for what nobody asks, and for a question that is repeated."""
        if number_in(question.get("after")) != self._given:
            raise Garbled("a question is out of step")
        kind = self._kinds.get(str(question.get("ask")))
        if kind is None:
            raise Garbled("a question is of no known kind")
        try:
            told = kind(question)
        except Forked as fork:
            told = {"forked": [fork.origin, fork.seq]}
        except DomainError:
            told = {"refused": "it cannot be kept here"}
        except (StoreFailed, Overloaded, Stopped, HubAway):
            # Why is told here; another station only needs to know that it should come again.
            told = {"later": "it cannot be kept here now"}
        self._given += 1
        return {**told, "n": self._given}

    def given(self) -> None:
        """The answer was handed over: the next question was asked after this moment."""
        self._given_at = self._room.boottime()

    def _word(self, question: Message) -> Message:
        word = word_in(question.get("word"))
        if not self._book.may_speak_as(self._friend, word.origin):
            return {"refused": "that origin belongs to another station"}
        if self._given_at is not None:
            self._room.hear(word, self._given_at)
        hear_desks(self._room, self._friend.name, question)
        return {"word": word_out(self._room.word()), **desks_out(self._room)}

    def _heads(self, _question: Message) -> Message:
        return {"heads": marks_out(self._opened().marks())}

    def _push(self, question: Message) -> Message:
        origin, first = origin_in(question.get("origin")), number_in(question.get("first"))
        events = events_in(question.get("events"))
        places = [(e.origin, e.seq) for e in events]
        if places != [(origin, first + i) for i in range(len(events))]:
            raise Garbled("events do not follow each other")
        log_here = self._opened()
        at = log_here.marks().get(origin, Mark(0, GENESIS)).seq
        fresh = self._not_held(log_here, events, at)
        if fresh and fresh[0].seq == at + 1:
            before = log_here.hash_at(origin, at)
            if before is not None and chain_hash(before, fresh[0].raw) != fresh[0].hash:
                raise Forked(origin, at)
            log_here.absorb(fresh)
            at = log_here.marks().get(origin, Mark(0, GENESIS)).seq
        return {"head": at}

    def _not_held(self, log_here: ClosableLog, events: list[Stored], at: int) -> list[Stored]:
        for event in events:
            if event.seq <= at and log_here.hash_at(event.origin, event.seq) not in (
                event.hash,
                None,
            ):
                raise Forked(event.origin, event.seq)
        return [event for event in events if event.seq > at]

    def _pull(self, question: Message) -> Message:
        vector = vector_in(question.get("vector"))
        limit = min(number_in(question.get("limit")), PULL_EVENTS)
        found = pull_evenly(vector, limit, self._opened().read)
        return {"events": events_out(found)}

    def _opened(self) -> ClosableLog:
        if self._log is None:
            self._log = self._room.open_log(never_leave)
        return self._log
