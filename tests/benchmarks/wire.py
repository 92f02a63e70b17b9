"""The posting and the receiving end: a lean HTTP/1.1 client and a sink that notes arrivals."""

from __future__ import annotations

import socket
import threading
import time
from typing import BinaryIO, cast
from urllib.parse import urlsplit


class Wire:
    """A blocking keep-alive client on a raw socket, several times cheaper than a full one.

    What it costs is part of every figure alike: peers, floors and the station.
    """

    def __init__(self, url: str, token: str = "", timeout_s: float = 120) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 80), timeout_s
        )
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = cast("BinaryIO", self._socket.makefile("rb", 1 << 18))
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        self._head = f"Host: {parts.netloc}\r\nContent-Type: application/json\r\n{bearer}"

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_ended: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()

    def request(
        self, method: str, path: str, body: bytes = b"", headers: str = ""
    ) -> tuple[int, bytes]:
        """(status, body) of one exchange; ``headers`` are whole lines with their line ends."""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{headers}"
        self._socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return self._answer()

    def _answer(self) -> tuple[int, bytes]:
        line = self._file.readline()
        if not line:
            raise ConnectionError("the server hung up")
        status, length, chunked = int(line.split()[1]), 0, False
        while head := self._file.readline().strip():
            name, _, value = head.partition(b":")
            name = name.lower()
            if name == b"content-length":
                length = int(value)
            elif name == b"transfer-encoding":
                chunked = b"chunked" in value
        return status, _chunks(self._file) if chunked else self._file.read(length)


def _chunks(file: BinaryIO) -> bytes:
    parts = []
    while size := int(file.readline().split(b";")[0], 16):
        parts.append(file.read(size))
        file.readline()
    file.readline()
    return b"".join(parts)


class Sink:
    """Answers every POST with 200 and notes when its whole body had come (`time.perf_counter`)."""

    _OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    def __init__(self) -> None:
        self.got: list[tuple[float, bytes]] = []
        self._came = threading.Condition()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._server.getsockname()[1]
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="sink")]
        self._threads[0].start()

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_ended: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in self._connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the sender hung up first
        for thread in self._threads:
            thread.join(5)

    def wait_for(self, needle: bytes, seconds: float, start: int = 0) -> float | None:
        """When the first body from number ``start`` on that holds ``needle`` came, or None."""
        end, seen = time.perf_counter() + seconds, start
        with self._came:
            while True:
                while seen < len(self.got):
                    if needle in self.got[seen][1]:
                        return self.got[seen][0]
                    seen += 1
                left = end - time.perf_counter()
                if left <= 0:
                    return None
                self._came.wait(left)

    def body(self, number: int, seconds: float) -> tuple[float, bytes] | None:
        """The body of that number (from 0 on) and when it came; None when it does not in time."""
        with self._came:
            there = self._came.wait_for(lambda: len(self.got) > number, seconds)
            return self.got[number] if there else None

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return  # closed: the end of the sink
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), name="sink")
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as file:
            while self._one(connection, file):
                pass

    def _one(self, connection: socket.socket, file: BinaryIO) -> bool:
        try:
            if not file.readline():
                return False
            length, chunked = 0, False
            while head := file.readline().strip():
                name, _, value = head.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                elif name.lower() == b"transfer-encoding":
                    chunked = True
            body = _chunks(file) if chunked else file.read(length)
            now = time.perf_counter()
            connection.sendall(self._OK)
        except (OSError, ValueError):
            return False  # the sender is gone
        with self._came:
            self.got.append((now, body))
            self._came.notify_all()
        return True
