"""The plain transport against a real socket that answers word for word what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from crisisdesk.comms.plain_http import PlainTransport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2;x=y\r\nhi\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n"
)


class Peer:
    """Answers the n-th request of all connections with the n-th of ``answers``."""

    def __init__(self, answers: list[bytes], *, hang_up: bool = False) -> None:
        self.answers, self.hang_up = list(answers), hang_up
        self.heads: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                await reader.readexactly(4)
                writer.write(self.answers.pop(0))
                await writer.drain()
                if self.hang_up:
                    return
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()
            await writer.wait_closed()


def talk(peer: Peer, times: int, *, pause_s: float = 0.0) -> list[httpx.Response]:
    async def ask(client: httpx.AsyncClient, url: str) -> httpx.Response:
        response = await client.post(url, content=b"ping")
        await asyncio.sleep(pause_s)
        return response

    return asyncio.run(_with(peer, lambda client, url: _each(times, lambda: ask(client, url))))


async def _each(times: int, ask: Callable[[], Awaitable[httpx.Response]]) -> list[httpx.Response]:
    return [await ask() for _ in range(times)]


async def _with(
    peer: Peer,
    work: Callable[[httpx.AsyncClient, str], Awaitable[list[httpx.Response]]],
) -> list[httpx.Response]:
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = PlainTransport(connections=2, answer_limit=8)
    async with server, httpx.AsyncClient(transport=transport, timeout=None) as client:
        return await work(client, f"http://ann:pw@127.0.0.1:{port}/a b?c=d")


def test_a_connection_is_kept_and_the_request_is_whole() -> None:
    peer = Peer([OK, CHUNKED, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n", OK])
    responses = talk(peer, 4)
    assert [r.status_code for r in responses] == [200, 200, 204, 200]
    assert [r.text for r in responses] == ["hi", "hi!", "", "hi"]
    assert peer.connections == 1
    assert peer.heads[0].startswith(b"POST /a%20b?c=d HTTP/1.1\r\n")
    assert b"authorization: basic" in peer.heads[0].lower()
    assert b"content-length: 4" in peer.heads[0].lower()


def test_what_the_other_side_closed_is_not_used_again() -> None:
    peer = Peer([OK, OK], hang_up=True)
    assert [r.text for r in talk(peer, 2, pause_s=0.05)] == ["hi", "hi"]
    assert peer.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"HTTP/1.1 500 Forged\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    ],
    ids=["more than asked", "close", "1.0"],
)
def test_a_connection_that_may_not_be_kept_is_not(answer: bytes) -> None:
    peer = Peer([answer, OK])
    assert [r.status_code for r in talk(peer, 2, pause_s=0.02)] == [200, 200]
    assert peer.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + b"x" * 20,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n" + b"x" * 20,
    ],
    ids=["length", "chunked"],
)
def test_of_a_long_answer_only_the_beginning_is_read(answer: bytes) -> None:
    (response,) = talk(Peer([answer]), 1)
    assert response.text == "x" * 8


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhi",
        b"HTTP/1.1 nonsense\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad line\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
    ids=["short", "no code", "no http", "no field", "negative", "no size", "nothing"],
)
def test_what_is_no_whole_answer_is_an_error(answer: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        talk(Peer([answer], hang_up=True), 1)


def test_nobody_there_is_a_connect_error() -> None:
    async def call() -> None:
        async with httpx.AsyncClient(transport=PlainTransport(1, 8)) as client:
            await client.post("http://127.0.0.1:9/", content=b"ping")

    with pytest.raises(httpx.ConnectError):
        asyncio.run(call())
