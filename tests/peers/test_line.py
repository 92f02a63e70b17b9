"""A line: calls, asks in step, and is not held by who is called."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from crisisdesk.engine.exchange.ports import Forked, HubAway, HubRefused
from crisisdesk.peers import line as module
from crisisdesk.peers.frames import Message, receive, send
from crisisdesk.peers.line import Line

from tests.peers.places import A, B, C, Place, is_hung_up, meet

Manner = Callable[[int, Message], Message | None]


@contextmanager
def answering(place: Place, manner: Manner, *, tls: bool = True) -> Iterator[None]:
    """A station that answers as it likes; None hangs until the other side lets go."""
    listener = socket.create_server(("127.0.0.1", 0))
    place.addresses = (f"127.0.0.1:{listener.getsockname()[1]}",)

    def serve() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            with raw:
                if not tls:
                    is_hung_up(raw)
                    continue
                try:
                    with place.book.server_context().wrap_socket(raw, server_side=True) as sock:
                        number = 0
                        while (question := receive(sock, 20)) is not None:
                            number += 1
                            if (told := manner(number, question)) is None:
                                is_hung_up(sock)
                                break
                            send(sock, told, 5)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def good(number: int, question: Message) -> Message:
    return {"v": 1, "n": number, "asked": question["ask"], "after": question["after"]}


def test_it_connects_at_the_first_question_and_asks_in_step() -> None:
    here, there = Place(A), Place(B)
    with answering(there, good):
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)
        told = line.ask({"ask": "heads"}, 5)
        assert (told["asked"], told["after"]) == ("heads", 1)
        assert line.ask({"ask": "heads"}, 5)["after"] == 2
        line.drop()
        assert line.ask({"ask": "heads"}, 5)["after"] == 1
        line.drop()


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    here, there = Place(A), Place(B)
    with answering(there, good):
        there.addresses = ("127.0.0.1:1", "nonsense", *there.addresses)
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)
        assert line.ask({"ask": "heads"}, 5)["asked"] == "heads"
        line.drop()


@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        (lambda n, _q: {"v": 1, "n": n + 1}, HubAway),
        (lambda _n, _q: {"v": 1}, HubAway),
        (lambda n, _q: {"v": 2, "n": n}, HubRefused),
        (lambda n, _q: {"v": 1, "n": n, "refused": "no"}, HubRefused),
        (lambda n, _q: {"v": 1, "n": n, "later": "full"}, HubAway),
        (lambda n, _q: {"v": 1, "n": n, "forked": [C, 3]}, Forked),
        (lambda n, _q: {"v": 1, "n": n, "forked": "yes"}, HubAway),
        (lambda n, q: good(n, q) if n == 1 else None, HubAway),
    ],
    ids=["ahead", "no step", "version", "refused", "later", "forked", "no fork", "hangs"],
)
def test_what_it_is_told_instead_of_an_answer(manner: Manner, failure: type[Exception]) -> None:
    here, there = Place(A), Place(B)
    with answering(there, manner):
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)
        with pytest.raises(failure):
            line.ask({"ask": "heads"}, 0.5)
        line.drop()


def test_who_takes_the_call_and_says_nothing_holds_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HELLO_S", 0.3)
    here, there = Place(A), Place(B)
    with answering(there, good, tls=False):
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)
        with pytest.raises(HubAway, match="does not answer"):
            line.ask({"ask": "heads"}, 5)


def test_a_wrong_certificate_is_not_spoken_to() -> None:
    here, there, liar = Place(A), Place(B), Place(B)
    meet(liar, here)
    asked: list[Message] = []

    def listen(number: int, question: Message) -> Message:
        asked.append(question)
        return good(number, question)

    with answering(liar, listen):
        there.addresses = liar.addresses
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)
        with pytest.raises(HubAway, match="TLS"):
            line.ask({"ask": "heads"}, 5)
    assert asked == []


def test_who_is_no_longer_registered_is_not_asked() -> None:
    here, there = Place(A), Place(B)
    with answering(there, good):
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)
        line.ask({"ask": "heads"}, 5)
        meet(here, there, without=there)
        with pytest.raises(HubRefused, match="no longer registered"):
            line.ask({"ask": "heads"}, 5)
        line.drop()


def test_a_question_is_broken_off_from_another_thread() -> None:
    here, there = Place(A), Place(B)
    asked = threading.Event()

    def hang(number: int, question: Message) -> Message | None:
        if number == 1:
            return good(number, question)
        asked.set()
        return None

    with answering(there, hang):
        meet(here, there)
        line = Line(here.book.friends["S-B"], here.book)

        def end() -> None:
            asked.wait(10)
            line.close()

        ender = threading.Thread(target=end)
        ender.start()
        with closing(line), pytest.raises(HubAway):
            line.ask({"ask": "heads"}, 60)
        ender.join()
        with pytest.raises(HubAway):
            line.ask({"ask": "heads"}, 60)
