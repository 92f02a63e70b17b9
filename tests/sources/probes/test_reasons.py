"""Why something did not answer, in words."""

from __future__ import annotations

import socket
import ssl

import httpx
import pytest

from crisisdesk.sources.probes.reasons import reason_of, shown


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "connection refused"),
        (ConnectionResetError(), "connection cut by the other side"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "host name not found"),
        (
            socket.gaierror(socket.EAI_AGAIN, "x"),
            "the name could not be looked up: no name server answers",
        ),
        (TimeoutError(), "no answer in time"),
        (OSError(113, "No route to host"), "no route to host"),
        (OSError("strange"), "no answer (OSError)"),
        (httpx.RemoteProtocolError("x"), "the answer is no HTTP, or breaks off"),
        (httpx.ReadError("x"), "the answer is no HTTP, or breaks off"),
    ],
)
def test_each_error_has_its_words(error: BaseException, words: str) -> None:
    assert reason_of(error) == words


def test_the_innermost_reason_is_the_one_that_helps() -> None:
    inner = ConnectionRefusedError(111, "Connection refused")
    outer = OSError("All connection attempts failed")
    outer.__cause__ = inner
    assert reason_of(outer) == "connection refused"
    inner.__cause__ = outer
    assert reason_of(outer) == "connection refused"
    assert reason_of(ssl.SSLError(1, "[SSL: WRONG] x")).startswith("TLS failed")


def test_foreign_text_is_quoted_short_and_plain() -> None:
    assert shown("a\nb\x1b\u202e") == "“a b··”"
    assert len(shown("x" * 500)) < 100
