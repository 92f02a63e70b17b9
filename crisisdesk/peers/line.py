"""A line: this station's call to another one, and the questions asked on it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Any

from crisisdesk.engine.exchange.ports import Forked, HubAway, HubRefused
from crisisdesk.peers.book import Book, Friend
from crisisdesk.peers.frames import Garbled, Message, receive, send
from crisisdesk.peers.speech import number_in, origin_in

PROTOCOL = 1
CONNECT_S = 2.0
HELLO_S = 2.0


class Line:
    """Used by one thread; `close` may be called from any. Connects at the first question.

    Questions and answers go in step: each question names the last answer that came on this
    connection, so the one who is called knows that it was asked after that answer.
    """

    def __init__(self, friend: Friend, book: Book) -> None:
        self._friend = friend
        self._book = book
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._closed = False
        self._answers = 0

    def ask(self, question: Message, timeout_s: float) -> Message:
        """The answer; raises HubAway, HubRefused or Forked. After HubAway it connects anew."""
        try:
            if not self._book.is_trusted(self._friend):
                raise HubRefused(f"{self._friend.name} is no longer registered")
            if self._sock is None:
                self._connect()
            return self._ask(question, timeout_s)
        except OSError as error:
            self.drop()
            raise HubAway(f"{self._friend.name} does not answer ({_words(error)})") from None
        except Garbled as error:
            self.drop()
            raise HubAway(f"{self._friend.name} does not speak this protocol ({error})") from None

    def drop(self) -> None:
        """Let go of the connection; the next question makes another one."""
        with self._lock:
            sock, self._sock = self._sock, None
        if sock is not None:
            sock.close()

    def close(self) -> None:
        """Break off what is under way, for good; the asking thread lets go of the connection."""
        with self._lock:
            self._closed = True
            if self._sock is not None:
                break_off(self._sock)

    def _ask(self, question: Message, timeout_s: float) -> Message:
        sock = self._sock
        assert sock is not None
        send(sock, {**question, "after": self._answers}, timeout_s)
        answer = receive(sock, timeout_s)
        if answer is None:
            raise ConnectionError("it has hung up")
        self._answers += 1
        if number_in(answer.get("n")) != self._answers:
            raise Garbled("its answers are out of step")
        if (forked := answer.get("forked")) is not None:
            if type(forked) is not list or len(forked) != 2:
                raise Garbled("a fork is none")
            raise Forked(origin_in(forked[0]), number_in(forked[1]))
        for key, failure in (("refused", HubRefused), ("later", HubAway)):
            if key in answer:
                raise failure(f"{self._friend.name}: {str(answer[key])[:200]!r}")
        return answer

    def _connect(self) -> None:
        last: OSError = ConnectionError("it tells no address")
        for address in self._friend.addresses:
            try:
                self._open(*_place(address))
            except OSError as error:
                self.drop()
                last = error
                continue
            hello = self._ask({"ask": "hello"}, HELLO_S)
            if hello.get("v") != PROTOCOL:
                raise HubRefused(f"{self._friend.name} speaks another version of direct links")
            return
        raise last

    def _open(self, family: int, place: Any) -> None:
        # Wrapped before it connects: one that is reset meanwhile is then closed by us all the same.
        sock = self._book.client_context(self._friend).wrap_socket(
            socket.socket(family, socket.SOCK_STREAM), do_handshake_on_connect=False
        )
        with self._lock:
            self._sock = sock
            if self._closed:
                raise ConnectionError("this station is ending its calls")
        self._answers = 0
        sock.settimeout(CONNECT_S)
        sock.connect(place)
        sock.settimeout(HELLO_S)
        sock.do_handshake()
        if sock.getpeercert(binary_form=True) != self._friend.certificate:
            raise ConnectionError("another certificate than the one it told")


def _place(address: str) -> tuple[int, Any]:
    """Family and place of an address; a station with several places tells several addresses."""
    host, _, port = address.rpartition(":")
    try:
        number = int(port)
    except ValueError:
        raise ConnectionError("its address has no port") from None
    found = socket.getaddrinfo(host.strip("[]"), number, type=socket.SOCK_STREAM)
    return found[0][0], found[0][4]


def break_off(sock: socket.socket) -> None:
    """Wake whoever waits on it; from another thread, so not through TLS, which that one uses."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _words(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or type(error).__name__}"
    return error.strerror or str(error) or type(error).__name__
