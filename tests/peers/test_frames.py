"""Frames: whole or not at all, within a size and a time."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from crisisdesk.peers.frames import LIMIT, Garbled, receive, send

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def framed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def test_a_message_comes_as_it_was_sent(pair: Pair) -> None:
    message = {"ask": "word", "name": "Žižkov \u0301", "n": 2**60, "none": None}
    send(pair[0], message, 5)
    assert receive(pair[1], 5) == message


def test_a_large_message_comes_whole(pair: Pair) -> None:
    message = {"data": "x" * 3_000_000}
    sender = threading.Thread(target=send, args=(pair[0], message, 20))
    sender.start()
    assert receive(pair[1], 20) == message
    sender.join()


def test_an_end_between_frames_is_told_as_such(pair: Pair) -> None:
    pair[0].close()
    assert receive(pair[1], 5) is None


@pytest.mark.parametrize(
    "sent",
    [
        framed(b"no json"),
        framed(b"[1]"),
        framed(b"\xff\xfe"),
        framed(b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
        struct.pack(">I", LIMIT + 1),
        framed(json.dumps({"a": 1}).encode())[:-2],
        b"\0\0",
    ],
    ids=["no json", "no object", "no text", "deep", "huge", "half a frame", "half a length"],
)
def test_what_is_no_frame_is_refused(pair: Pair, sent: bytes) -> None:
    pair[0].sendall(sent)
    pair[0].close()
    with pytest.raises(Garbled):
        receive(pair[1], 5)


def test_a_huge_frame_is_refused_by_its_length_alone(pair: Pair) -> None:
    pair[0].sendall(struct.pack(">I", 2**31))
    with pytest.raises(Garbled, match="announced"):
        receive(pair[1], 5)


def test_a_message_too_large_is_not_sent(pair: Pair) -> None:
    with pytest.raises(Garbled, match="more than a frame takes"):
        send(pair[0], {"data": "x" * LIMIT}, 5)


def test_who_trickles_has_one_deadline_for_the_whole_frame(pair: Pair) -> None:
    stop = threading.Event()

    def trickle() -> None:
        for byte in framed(b" " * 10_000):
            if stop.wait(0.05):
                return
            pair[0].send(bytes([byte]))

    slow = threading.Thread(target=trickle)
    slow.start()
    with pytest.raises(TimeoutError):
        receive(pair[1], 0.3)
    stop.set()
    slow.join()


def test_who_does_not_read_holds_the_sender_no_longer_than_its_deadline(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        send(pair[0], {"data": "x" * 5_000_000}, 0.2)
