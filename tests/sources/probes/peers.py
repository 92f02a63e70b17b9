"""Peers that sources may meet: they refuse, hang, answer half, reset, lie, drip and flood."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from tests.comms.listening import Listening
from tests.comms.receivers import Request, read_request

LINGER_NOTHING = b"\1\0\0\0\0\0\0\0"
DRIP_S = 0.05
FLOOD_PIECE = b"x" * 65_536


class Manner(Enum):
    """What a peer does with a connection once it has heard something, or at once for MUTE."""

    REFUSE = "refuses connections"
    MUTE = "accepts and never says a word"
    HANG = "hears the question and hangs"
    HALF = "breaks off in the middle of the answer"
    RESET = "resets the connection"
    CLOSE = "closes the connection"
    LIE = "says yes with rubbish"
    RUBBISH = "says what is no HTTP, nor anything else"
    DRIP = "answers byte by byte without an end"
    FLOOD = "answers without an end"


# In which a half answer and a flood begin, for a protocol where the server speaks second: HTTP.
HTTP_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


class Peer(Listening):
    """One peer with one manner. ``heard`` is all that was sent to it."""

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        self.manner = manner
        self.heard = bytearray()

    def serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            if self.manner is Manner.MUTE:
                self.closing.wait()
                return
            self.heard += peer.recv(65_536)
            self._answer(peer)

    def _answer(self, peer: socket.socket) -> None:
        match self.manner:
            case Manner.HANG:
                self.closing.wait()
            case Manner.HALF:
                peer.sendall(HTTP_HEAD + b"Content-Length: 1000\r\n\r\nhalf 1\nof i")
            case Manner.RESET:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOTHING)
            case Manner.RUBBISH:
                peer.sendall(b"\0\xff<html>" + bytes(self.heard) + bytes(range(256)) * 20)
            case Manner.LIE:
                # What was heard comes back, as some servers do in their errors.
                told = b"<html>hello</html>\0\xff" + bytes(self.heard)
                peer.sendall(HTTP_HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(told), told))
            case Manner.DRIP:
                peer.sendall(HTTP_HEAD + b"\r\n")
                while not self.closing.wait(DRIP_S):
                    peer.sendall(b"#")
            case Manner.FLOOD:
                peer.sendall(HTTP_HEAD + b"\r\n")
                while not self.closing.is_set():
                    peer.sendall(FLOOD_PIECE)


@contextmanager
def peer_of(manner: Manner) -> Iterator[Peer]:
    """Running until the end of the context; one that refuses only has a port that is free."""
    peer = Peer(manner)
    if manner is Manner.REFUSE:
        peer.close()
        yield peer
        return
    thread = threading.Thread(target=peer.run, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        peer.close()
        for each in (thread, *peer.threads):
            each.join(5)


Answers = Callable[[str, bytes], tuple[int, str, bytes]]


class Pages(Listening):
    """An HTTP server whose answers a function makes; ``requests`` is what came."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers = answers
        self.requests: list[Request] = []

    def serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), peer, peer.makefile("rb") as stream:
            while request := read_request(stream, ""):
                self.requests.append(request)
                code, kind, body = self._answers(request.path, request.body)
                head = f"HTTP/1.1 {code} Said\r\nContent-Type: {kind}\r\n"
                peer.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


@contextmanager
def pages_of(answers: Answers) -> Iterator[Pages]:
    """Path and body of a request -> code, content type, body."""
    server = Pages(answers)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        for each in (thread, *server.threads):
            each.join(5)
