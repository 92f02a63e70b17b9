"""Name servers that behave badly, over UDP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

UDP_MANNERS = ("refuses", "mute", "half", "rubbish", "echoes", "other id", "refuses to tell")


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
