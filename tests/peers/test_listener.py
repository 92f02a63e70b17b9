"""Who is let in, and what strangers and liars can hold: nothing, and not for long."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from crisisdesk.domain.duty import Word
from crisisdesk.peers import listener as module
from crisisdesk.peers.listener import Listener
from crisisdesk.peers.speech import word_out

from tests.peers.places import A, B, C, Place, asks, call, is_hung_up, meet, until

HELLO = {"ask": "hello", "after": 0}


@pytest.fixture
def here() -> Place:
    return Place(A)


@pytest.fixture
def there() -> Place:
    return Place(B)


@pytest.fixture
def door(here: Place, there: Place) -> Iterator[Listener]:
    with here.listening() as listener:
        meet(here, there)
        yield listener


def test_a_friend_is_answered_and_heard_once_it_answers_something_fresh(
    here: Place, there: Place, door: Listener
) -> None:
    word = {"ask": "word", "word": word_out(Word(origin=B, rank=2))}
    with call(there, here, door.port) as line:
        assert asks(line, {**word, "after": 0}) == {"word": word_out(here.said), "n": 1}
        assert here.heard == []
        assert asks(line, {**word, "after": 1}) == {"word": word_out(here.said), "n": 2}
        assert here.heard == [Word(origin=B, rank=2)]


def test_an_unknown_station_is_not_let_in(here: Place, there: Place, door: Listener) -> None:
    stranger = Place(C)
    with pytest.raises(OSError), call(stranger, here, door.port) as line:  # noqa: PT011
        asks(line, HELLO)
    assert here.heard == []


def test_who_has_no_certificate_is_not_let_in(here: Place, door: Listener) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", door.port), 5)
    with raw, pytest.raises(OSError), context.wrap_socket(raw) as line:  # noqa: PT011
        asks(line, HELLO)


def test_another_key_under_a_friends_name_is_not_let_in(
    here: Place, there: Place, door: Listener
) -> None:
    with pytest.raises(OSError), call(Place(B), here, door.port) as line:  # noqa: PT011
        asks(line, HELLO)


def test_the_listener_itself_is_checked_as_well(here: Place, there: Place, door: Listener) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        call(there, Place(A), door.port)


def test_an_evicted_station_is_hung_up_on(here: Place, there: Place, door: Listener) -> None:
    with call(there, here, door.port) as line:
        assert asks(line, HELLO) == {"v": 1, "n": 1}
        meet(here, there, without=there)
        door.drop_untrusted()
        assert is_hung_up(line)
    with pytest.raises(OSError), call(there, here, door.port) as line:  # noqa: PT011
        asks(line, HELLO)


def test_an_evicted_station_gets_no_answer_even_on_a_line_that_stands(
    here: Place, there: Place, door: Listener
) -> None:
    with call(there, here, door.port) as line:
        asks(line, HELLO)
        meet(here, there, without=there)
        try:
            answer = asks(line, {"ask": "heads", "after": 1})
        except OSError:
            answer = None
        assert answer is None


def test_who_comes_later_is_let_in_without_a_restart(
    here: Place, there: Place, door: Listener
) -> None:
    late = Place(C)
    meet(here, there, late)
    with call(late, here, door.port) as line:
        assert asks(line, HELLO) == {"v": 1, "n": 1}


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/1.1\r\n\r\n", b"\0" * 1_000, b"\x16\x03\x01\xff\xff" + b"x" * 70_000],
    ids=["http", "zeros", "half a hello"],
)
def test_garbage_before_tls_is_hung_up_on(
    here: Place, there: Place, door: Listener, sent: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", door.port), 5) as line:
        line.sendall(sent)
        # Beside the alert that TLS sends: nothing, and not for longer than a handshake may take.
        until(lambda: is_hung_up(line))
    with call(there, here, door.port) as line:
        assert asks(line, HELLO) == {"v": 1, "n": 1}


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack(">I", 2**32 - 1),
        struct.pack(">I", 4) + b"none",
        struct.pack(">I", 2) + b"{}",
        struct.pack(">I", 29) + b'{"ask":"secrets","after":   0}'[:29],
    ],
    ids=["huge", "no json", "nothing asked", "asks for secrets"],
)
def test_garbage_of_a_friend_is_hung_up_on(
    here: Place, there: Place, door: Listener, sent: bytes
) -> None:
    with call(there, here, door.port) as line:
        line.sendall(sent)
        assert is_hung_up(line)


def test_a_question_said_again_ends_the_line(here: Place, there: Place, door: Listener) -> None:
    word = {"ask": "word", "word": word_out(Word(origin=B, acts=True)), "after": 1}
    with call(there, here, door.port) as line:
        asks(line, HELLO)
        asks(line, word)
        assert asks(line, word) is None
    assert here.heard == [Word(origin=B, acts=True)]


def test_a_word_in_anothers_name_is_refused(here: Place, there: Place, door: Listener) -> None:
    third = Place(C)
    meet(here, there, third)
    word = {"ask": "word", "word": word_out(Word(origin=C, rank=1))}
    with call(there, here, door.port) as line:
        asks(line, HELLO)
        assert "refused" in (asks(line, {**word, "after": 1}) or {})
    assert here.heard == []


def test_strangers_that_hang_hold_few_places_and_not_for_long(
    here: Place, there: Place, door: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HANDSHAKE_S", 0.5)
    with ExitStack() as hanging:
        for _ in range(module.HANDSHAKES_OF_ONE + 2):
            line = socket.create_connection(("127.0.0.1", door.port), 5)
            hanging.enter_context(line)
        # The last of them were not even waited for.
        assert is_hung_up(line)

        def gets_in() -> bool:
            try:
                with call(there, here, door.port) as friend:
                    return asks(friend, HELLO) is not None
            except OSError:
                return False

        until(gets_in)


def test_a_friend_has_some_places_and_its_oldest_gives_way(
    here: Place, there: Place, door: Listener
) -> None:
    with ExitStack() as lines:
        held = []
        for _ in range(module.PLACES_OF_A_STATION + 1):
            line = lines.enter_context(call(there, here, door.port))
            assert asks(line, HELLO) == {"v": 1, "n": 1}
            held.append(line)
        assert is_hung_up(held[0])
        assert asks(held[-1], {"ask": "hello", "after": 1}) == {"v": 1, "n": 2}


def test_a_friend_that_says_nothing_is_let_go(
    here: Place, there: Place, door: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_S", 0.3)
    with call(there, here, door.port) as line:
        assert is_hung_up(line)


def test_who_asks_without_end_waits_for_its_answers(
    here: Place, there: Place, door: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(door._stop, "wait", waited.append)
    with call(there, here, door.port) as line:
        for number in range(module.QUESTIONS_AT_ONCE + 1):
            asks(line, {"ask": "hello", "after": number})
    assert [s for s in waited if s != module._LOOK_S][:1] > [0.0]


def test_a_port_that_is_taken_is_told(here: Place, door: Listener) -> None:
    with pytest.raises(OSError, match="in use"):
        Listener(f"127.0.0.1:{door.port}", here.book, here.room())
