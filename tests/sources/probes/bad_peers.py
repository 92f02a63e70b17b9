"""Peers that behave badly: over TCP by manner, over UDP likewise."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.comms.listening import Listening

LINGER_NOTHING = b"\1\0\0\0\0\0\0\0"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
FLOOD = b"x" * 65_536
TCP_MANNERS = ("refuses", "mute", "hangs", "half", "resets", "closes", "rubbish", "drips", "floods")
UDP_MANNERS = ("refuses", "mute", "half", "rubbish", "echoes", "other id", "refuses to tell")


class BadPeer(Listening):
    """A TCP server with one manner; it gives back what it heard where it says anything."""

    def __init__(self, manner: str) -> None:
        super().__init__()
        self.manner = manner

    def serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            if self.manner in ("mute", "hangs"):
                if self.manner == "hangs":
                    peer.recv(65_536)
                self.closing.wait()
                return
            if self.manner == "closes":
                return
            if self.manner == "resets":
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOTHING)
                return
            self._say(peer)

    def _say(self, peer: socket.socket) -> None:
        peer.settimeout(0.2)
        heard = b""
        with contextlib.suppress(TimeoutError):
            heard = peer.recv(65_536)
        peer.settimeout(None)
        if self.manner == "half":
            peer.sendall(HEAD + b"Content-Length: 1000\r\n\r\nhalf of i")
        elif self.manner == "rubbish":
            peer.sendall(b"\0\xff<html>" + heard + bytes(range(256)) * 20)
        elif self.manner == "drips":
            peer.sendall(HEAD + b"\r\n")
            while not self.closing.wait(0.05):
                peer.sendall(b"#")
        elif self.manner == "floods":
            peer.sendall(HEAD + b"\r\n")
            while not self.closing.is_set():
                peer.sendall(FLOOD)


@contextmanager
def bad_peer(manner: str) -> Iterator[int]:
    """Its port."""
    peer = BadPeer(manner)
    if manner == "refuses":
        peer.close()
        yield peer.port
        return
    thread = threading.Thread(target=peer.run, daemon=True)
    thread.start()
    try:
        yield peer.port
    finally:
        peer.close()
        for each in (thread, *peer.threads):
            each.join(5)


def udp_answer(manner: str, question: bytes) -> bytes | None:
    """What a name server of this manner says to a question."""
    whole = question[:2] + b"\x81\x80" + question[4:]
    if manner == "half":
        return whole[:7]
    if manner == "rubbish":
        return b"\xff" * 40
    if manner == "echoes":
        return question
    if manner == "other id":
        return bytes([question[0] ^ 0xFF, question[1]]) + whole[2:]
    if manner == "refuses to tell":
        return question[:2] + b"\x81\x85" + question[4:]
    return None


@contextmanager
def bad_server(manner: str) -> Iterator[int]:
    """The port of a name server."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if manner == "refuses":
            listener.close()
            yield port
            return
        closing = threading.Event()

        def run() -> None:
            while True:
                question, asker = listener.recvfrom(4_096)
                if closing.is_set():
                    return
                said = udp_answer(manner, question)
                if said is not None:
                    listener.sendto(said, asker)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield port
        finally:
            closing.set()
            # Wakes it, so that it sees that it is to end.
            listener.sendto(b"end", ("127.0.0.1", port))
            thread.join(5)
