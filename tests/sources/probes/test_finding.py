"""Whatever a look ends with becomes a reading."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources.probes.finding import (
    CannotLook,
    Down,
    Found,
    assert_days,
    days_left,
    finished,
    reason_of,
    shown,
)
from crisisdesk.sources.probes.tcp_probe import TcpProber

from tests.sources.probes.one_look import NOW, asked_look, hold, values


def reading_of(end: Found | BaseException | None, deadline_s: float = 30.0) -> Reading:
    async def work() -> Found:
        if end is None:
            await asyncio.Event().wait()
        if isinstance(end, BaseException):
            raise end
        assert isinstance(end, Found)
        return end

    async def look() -> Reading:
        asked = asked_look(TcpProber(), {"host": "a", "port": 1}, deadline_s=deadline_s)
        reading = await finished(asked, work())
        hold(reading, asked)
        return reading

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("end", "verdict", "words"),
    [
        (Found(words="fine", values={"x": 1.0}), Verdict.UP, "fine"),
        (Down("bad", {"x": 2.0}), Verdict.DOWN, "bad"),
        (CannotLook("no server"), Verdict.UNSURE, "no server"),
        (ConnectionRefusedError(), Verdict.DOWN, "connection refused"),
        (ConnectionResetError(), Verdict.DOWN, "connection cut by the other side"),
        (socket.gaierror(socket.EAI_NONAME, "x"), Verdict.DOWN, "host name not found"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), Verdict.DOWN, "no name server answers"),
        (OSError(113, "No route to host"), Verdict.DOWN, "no route to host"),
        (OSError("strange"), Verdict.DOWN, "no answer (OSError)"),
        (Down("x" * 500), Verdict.DOWN, "x" * 300),
    ],
)
def test_each_end_has_its_verdict(end: Found | BaseException, verdict: Verdict, words: str) -> None:
    reading = reading_of(end)
    assert reading.verdict == verdict
    assert words in reading.words
    assert values(reading) == dict(getattr(end, "values", {}))


def test_what_does_not_end_is_down_at_the_deadline() -> None:
    reading = reading_of(None, deadline_s=0.05)
    assert (reading.verdict, reading.words) == (Verdict.DOWN, "no answer within 0.05 s")


def test_the_innermost_reason_is_the_one_that_helps() -> None:
    inner = ConnectionRefusedError(111, "Connection refused")
    outer = OSError("All connection attempts failed")
    outer.__cause__ = inner
    assert reason_of(outer) == "connection refused"
    inner.__cause__ = outer
    assert reason_of(outer) == "connection refused"
    assert reason_of(ssl.SSLError(1, "[SSL: WRONG] x")).startswith("TLS failed")


def test_days_are_counted_from_the_engine_s_clock() -> None:
    certificate = {"notAfter": "Oct  1 00:00:00 2026 GMT"}
    left = days_left(certificate, NOW)
    assert left is not None
    assert left == pytest.approx(days_left(certificate, NOW - 86_400_000) - 1)  # type: ignore[operator]
    assert days_left({}, NOW) is None
    measured: dict[str, float] = {}
    assert_days(None, 5, measured)
    assert_days(5.0, 5, measured)
    assert measured == {"tls_days": 5.0}
    with pytest.raises(Down, match=r"ends in 4\.9 days"):
        assert_days(4.9, 5, measured)


def test_foreign_text_is_quoted_short_and_plain() -> None:
    assert shown("a\nb\x1b\u202e") == "“a b··”"
    assert len(shown("x" * 500)) < 100
