"""Steps that call an address, against a real server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.recovery_ports import Job
from crisisdesk.recovery.http_call import HttpExecutor, told_by

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Server:
    """Answers with what the test says; keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.location = 200, b"switched", ""
        self.silent = threading.Event()
        self.asked: list[tuple[str, str, str, bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                token = self.headers.get("authorization", "")
                outer.asked.append((self.command, self.path, token, self.rfile.read(length)))
                if outer.silent.is_set():
                    self.close_connection = True
                    return
                self.send_response(outer.status)
                if outer.location:
                    self.send_header("location", outer.location)
                self.send_header("content-length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the library's names

            def log_message(self, *_args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, name="switch")
        self.thread.start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def step(url: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    return {"step_id": "x", "kind": "http", "url": url, "method": method, **more}


async def call(executor: HttpExecutor, told: dict[str, Any]) -> tuple[str, str, str]:
    said: list[str] = []
    done = await executor.execute(Job(step=told, timeout_s=20, say=said.append))
    return done.outcome, done.words, "".join(said)


async def test_a_call_with_its_body_and_token(server: Server) -> None:
    secrets = {"recovery:lb": "s3cret-token-value"}
    executor = HttpExecutor((server.base,), secrets.get)
    server.body = b"taken with s3cret-token-value"
    told = step(server.base + "switch", "POST", body={"to": "db2"}, secret="lb")
    outcome, words, said = await call(executor, told)
    assert (outcome, words) == ("ok", "HTTP 200")
    method, path, token, body = server.asked[0]
    assert (method, path, token) == ("POST", "/switch", "Bearer s3cret-token-value")
    assert body.replace(b" ", b"") == b'{"to":"db2"}'
    assert "s3cret" not in said
    assert "taken with ***" in said


async def test_redirects_are_not_followed_and_statuses_judged(server: Server) -> None:
    executor = HttpExecutor((server.base,), lambda _name: None)
    server.status, server.location = 302, server.base + "elsewhere"
    assert (await call(executor, step(server.base)))[0] == "failed"
    assert len(server.asked) == 1
    assert (await call(executor, step(server.base, expect=[302])))[0] == "ok"
    assert told_by(204, []).outcome == "ok"
    assert told_by(200, [204]).words == "HTTP 200, expected 204"


async def test_an_answer_that_never_came_may_have_had_its_effect(server: Server) -> None:
    executor = HttpExecutor((server.base,), lambda _name: None)
    server.silent.set()
    assert (await call(executor, step(server.base, "POST")))[0] == "unknown"
    assert (await call(executor, step(server.base, "GET")))[0] == "failed"


async def test_where_nothing_listens_nothing_was_done() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}/"
        executor = HttpExecutor((base,), lambda _name: None)
        outcome, words, _said = await call(executor, step(base, "POST"))
    assert (outcome, words[:23]) == ("failed", "it could not be called:")


async def test_what_may_not_be_called_is_refused_before_anything_is_sent(server: Server) -> None:
    executor = HttpExecutor((server.base + "api",), lambda _name: None)
    for told in (
        step(server.base + "admin"),
        step("http://169.254.169.254/latest/"),
        step(server.base + "api", "TRACE"),
        step(server.base + "api", secret="unknown"),
    ):
        with pytest.raises(Malformed):
            executor.check(told)
        with pytest.raises(Malformed):
            await call(executor, told)
    assert server.asked == []
    assert executor.check(step(server.base + "api")).startswith("would call GET")
    await executor.aclose()


async def test_only_what_reads_is_called_to_look(server: Server) -> None:
    executor = HttpExecutor((server.base,), lambda _name: "tokenOfTheBalancer1")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        job = Job(step=step(server.base, method), timeout_s=20, say=lambda _: None)
        assert await executor.look(job) is None
    assert server.asked == []
    done = await executor.look(Job(step=step(server.base), timeout_s=20, say=lambda _: None))
    assert done is not None
    assert done.words == "HTTP 200"
    entry = executor.entry(step(server.base, secret="lb"))
    assert entry == f'recovery.urls "{server.base}", secret lb'
