"""Frames on a link: four bytes of length (big-endian), then one JSON object in ASCII.

A whole frame has one deadline and one greatest size, so whoever trickles, hangs or boasts holds
nothing but its own connection, and that not for long.
"""

from __future__ import annotations

import json
import socket
import struct
from time import monotonic
from typing import Any

# A batch of events is at most 4 MiB, a third more in base64.
LIMIT = 8 * 1024 * 1024
_PIECE = 64 * 1024
_LENGTH = struct.Struct(">I")

Message = dict[str, Any]


class Garbled(Exception):
    """What came is not of this protocol; nothing more is read from whoever sent it."""


def send(sock: socket.socket, message: Message, timeout_s: float) -> None:
    """Send one frame; raises OSError when it could not be handed over within ``timeout_s``."""
    data = json.dumps(message, separators=(",", ":"), allow_nan=False).encode()
    if len(data) > LIMIT:
        raise Garbled(f"a message of {len(data)} bytes is more than a frame takes")
    end = monotonic() + timeout_s
    left = memoryview(_LENGTH.pack(len(data)) + data)
    while left:
        sock.settimeout(_left(end))
        left = left[sock.send(left[:_PIECE]) :]


def receive(sock: socket.socket, timeout_s: float, limit: int = LIMIT) -> Message | None:
    """The next frame, whole within ``timeout_s``; None when the other side has closed.

    Raises OSError (TimeoutError) when it does not come, Garbled when it is no frame.
    """
    end = monotonic() + timeout_s
    head = _exactly(sock, _LENGTH.size, end)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > limit:
        raise Garbled(f"a frame of {length} bytes was announced, {limit} are taken")
    data = _exactly(sock, length, end)
    if data is None:
        raise Garbled("the connection ended within a frame")
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        # Not chained: nobody needs the bytes of a stranger in a log.
        raise Garbled("a frame is no JSON") from None
    if not isinstance(message, dict):
        raise Garbled("a frame is no JSON object")
    return message


def _exactly(sock: socket.socket, size: int, end: float) -> bytes | None:
    """So many bytes; None when the other side closed before the first one."""
    found = bytearray()
    while len(found) < size:
        sock.settimeout(_left(end))
        piece = sock.recv(min(_PIECE, size - len(found)))
        if not piece:
            if found:
                raise Garbled("the connection ended within a frame")
            return None
        found += piece
    return bytes(found)


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError("a frame took too long")
    return left
