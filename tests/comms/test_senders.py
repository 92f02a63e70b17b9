"""Sending for real over HTTP on loopback: receivers that answer, refuse, hang, reset and lie."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.comms.http_lines import HttpLines
from crisisdesk.comms.senders import SealedSender, Senders
from crisisdesk.comms.webhook_sender import WebhookSender
from crisisdesk.engine.ports import Outcome, Outgoing

from tests.comms.pages import page, send, send_all
from tests.comms.receivers import (
    HALF,
    answer,
    authority_for,
    raw_server,
    receiving,
)

# Apprise says each failure once more in its own words.
pytestmark = pytest.mark.allow_log(
    "Failed|failed|error|Connection|refused|recipient|ould not|invalid"
)

KINDS = ["json", "webhook"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_arrives(kind: str) -> None:
    with receiving(lambda _: answer(200, '{"message": "thanks"}')) as receiver:
        outcome = send(f"{kind}://{receiver.host}/hook/x")
    assert outcome == Outcome(ok=True, words="200 Said: thanks")
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/hook/x")
    assert "Checkout fails" in request.body.decode()


def test_a_webhook_carries_the_page_and_its_key() -> None:
    with receiving(lambda _: answer(202)) as receiver:
        send(f"webhook://ann:pw@{receiver.host}/hook?a=b", possible_repeat=True)
    (request,) = receiver.requests
    assert request.json() == {
        "version": 1,
        "key": "delivery-1",
        "alert_id": "01J9ZK",
        "severity": "critical",
        "title": "CRITICAL: Checkout fails",
        "text": "CRITICAL: Checkout fails\nSince: now",
        "possible_repeat": True,
    }
    assert request.headers["idempotency-key"] == "delivery-1"
    assert request.headers["authorization"].startswith("Basic ")
    assert request.path == "/hook?a=b"


def test_webhooks_are_sent_over_tls_to_a_trusted_receiver_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, authority = authority_for([], tmp_path)
    with receiving(lambda _: answer(200), server, tunnel=False) as receiver:
        refused = send(f"webhooks://{receiver.host}/x")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        taken = send(f"webhooks://{receiver.host}/x")
    assert not refused.ok
    assert "certificate not accepted" in refused.words
    assert taken.ok
    assert len(receiver.requests) == 1


def test_a_webhook_says_when_it_was_sent_if_it_has_a_clock() -> None:
    class StoppedClock:
        def now_ms(self) -> int:
            return 1_795_228_560_000

        def boottime(self) -> float:
            return 1.0

    body = WebhookSender(HttpLines(), StoppedClock()).body_of(page("webhook://x/"))
    assert body["sent_at"] == 1_795_228_560_000


def test_a_provider_module_that_breaks_costs_its_attempt_alone(
    monkeypatch: pytest.MonkeyPatch, expect_log: Callable[..., None]
) -> None:
    expect_log("failed inside its provider module", "ERROR")

    def broken(*_args: object, **_options: object) -> None:
        raise TypeError("no such thing as Tok3nInPath")

    with receiving(lambda _: answer(200)) as receiver:
        monkeypatch.setattr("crisisdesk.comms.apprise_sender.verdict", broken)
        outcome = send(f"json://{receiver.host}/Tok3nInPath")
    assert (outcome.ok, outcome.retryable) == (False, True)
    assert outcome.words.startswith("TypeError")
    assert "Tok3nInPath" not in outcome.words


def test_webhooks_keep_their_connection() -> None:
    async def run(url: str) -> None:
        senders = Senders()
        for _ in range(20):
            assert (await senders.send(page(url))).ok
        await senders.aclose()

    with receiving(lambda _: answer(200)) as receiver:
        asyncio.run(run(f"webhook://{receiver.host}/"))
    assert len(receiver.requests) == 20
    assert receiver.connections == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("code", "retryable"),
    [(400, False), (401, False), (404, False), (408, True), (429, True), (500, True), (503, True)],
)
def test_refusals(kind: str, code: int, retryable: bool) -> None:
    with receiving(lambda _: answer(code, '{"error": "no such thing"}')) as receiver:
        outcome = send(f"{kind}://{receiver.host}/")
    assert (outcome.ok, outcome.retryable) == (False, retryable)
    assert outcome.words == f"{code} Said: no such thing"
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("7", 7.0),
        ("Sat, 21 Nov 2026 02:36:20 GMT", 6.0),
        ("Sat, 21 Nov 2026 02:36:00 GMT", None),
        ("soon", None),
        ("99999999", 3600.0),
        ("nan", None),
        ("", None),
    ],
)
def test_retry_after_is_read(kind: str, wish: str, seconds: float | None) -> None:
    said = answer(429, "slow", Retry_After=wish, Date="Sat, 21 Nov 2026 02:36:14 GMT")
    with receiving(lambda _: said) as receiver:
        outcome = send(f"{kind}://{receiver.host}/")
    assert outcome.retry_after_s == seconds
    assert not outcome.ok


@pytest.mark.parametrize("kind", KINDS)
def test_redirects_are_not_followed(kind: str) -> None:
    with receiving(lambda _: answer(200)) as target:
        moved = answer(307, Location=f"http://{target.host}/stolen")
        with receiving(lambda _: moved) as receiver:
            outcome = send(f"{kind}://{receiver.host}/")
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert target.requests == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("manner", "words"),
    [("reset", "cut"), (HALF, "cut"), ("hang", "in time|within")],
)
def test_broken_connections_may_be_tried_again(kind: str, manner: Any, words: str) -> None:
    with receiving(lambda _: manner) as receiver:
        outcome = send(f"{kind}://{receiver.host}/", deadline_s=1.0)
    assert (outcome.ok, outcome.retryable) == (False, True)
    assert any(part in outcome.words for part in words.split("|")), outcome.words


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_listens(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    outcome = send(f"{kind}://127.0.0.1:{port}/")
    assert (outcome.ok, outcome.words, outcome.retryable) == (False, "connection refused", True)


@pytest.mark.parametrize("kind", KINDS)
def test_an_endless_answer_is_cut(kind: str) -> None:
    said = answer(500, "x" * 5_000_000)
    with receiving(lambda _: said) as receiver:
        outcome = send(f"{kind}://{receiver.host}/")
    assert not outcome.ok
    assert len(outcome.words) <= 300


@pytest.mark.parametrize("kind", KINDS)
def test_words_never_repeat_the_addresss_secrets(kind: str) -> None:
    with receiving(lambda r: answer(403, f"{r.path} {r.headers.get('authorization')}")) as receiver:
        outcome = send(
            f"{kind}://ann:s3cret-pw@{receiver.host}/hook/Tok3nInPath?token=Tok3nInQuery"
        )
    assert outcome.words.startswith("403 Said: ")
    for secret in ("s3cret-pw", "Tok3nInPath", "Tok3nInQuery", "YW5uOnMzY3JldC1wdw"):
        assert secret not in outcome.words


@pytest.mark.parametrize(
    ("healthy", "broken"),
    [("json", "json"), ("json", "webhook"), ("webhook", "json"), ("webhook", "webhook")],
)
def test_a_hung_receiver_delays_nobody_else(healthy: str, broken: str) -> None:
    took: dict[str, float] = {}

    async def timed(senders: Senders, name: str, one: Outgoing) -> Outcome:
        started = time.monotonic()
        outcome = await senders.send(one)
        took[name] = time.monotonic() - started
        return outcome

    async def run(good: str, bad: str) -> list[Outcome]:
        senders = Senders(threads_per_lane=4)
        await senders.warm_up()
        outcomes = await asyncio.gather(
            *(timed(senders, f"bad{n}", page(bad, deadline_s=2.0)) for n in range(12)),
            timed(senders, "good", page(good)),
        )
        await senders.aclose()
        return list(outcomes)

    with receiving(lambda _: answer(200)) as up, receiving(lambda _: "hang") as down:
        outcomes = asyncio.run(run(f"{healthy}://{up.host}/", f"{broken}://{down.host}/"))
    assert [outcome.ok for outcome in outcomes] == [False] * 12 + [True]
    assert took["good"] < min(took[f"bad{n}"] for n in range(12)) / 2


def test_a_trickling_receiver_fills_its_lane_and_is_then_refused_with_words() -> None:
    enough = threading.Event()

    def trickle(peer: socket.socket) -> None:
        """Never ends its headers, yet always sends a little: socket timeouts do not help."""
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while not enough.wait(0.1):
            peer.sendall(b"X-More: 1\r\n")

    async def run(port: int) -> tuple[Outcome, Outcome, dict[str, int], dict[str, int]]:
        senders = Senders(threads_per_lane=1)
        await senders.warm_up()
        url = f"json://127.0.0.1:{port}/"
        first = await senders.send(page(url, deadline_s=1.0))
        hanging = senders.hanging()
        second = await senders.send(page(url, deadline_s=30.0))
        enough.set()
        while senders.hanging():
            await asyncio.sleep(0.02)
        after = senders.hanging()
        await senders.aclose()
        return first, second, hanging, after

    with raw_server(trickle) as port:
        first, second, hanging, after = asyncio.run(run(port))
    assert "within 1 s" in first.words
    assert list(hanging.values()) == [1]
    assert "1 earlier attempts still hang; not tried" in second.words
    assert second.retryable
    assert after == {}


def test_the_wait_for_a_thread_counts_too() -> None:
    with receiving(lambda _: "hang") as down:
        url = f"json://{down.host}/"
        outcomes = send_all(
            page(url, deadline_s=2.0), page(url, deadline_s=1.0), threads_per_lane=1
        )
    assert "no free thread within 1 s" in outcomes[1].words


@pytest.mark.parametrize(
    "url", ["", "nonsense", "gopher://x", "https://x/", "json://", "slack://short"]
)
def test_an_unusable_address_is_a_definite_refusal(url: str) -> None:
    outcome = send(url)
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert outcome.words


def test_sealed_senders_send_nothing() -> None:
    async def run(url: str) -> tuple[Outcome, Outcome, int]:
        sealed = SealedSender()
        good, bad = await sealed.send(page(url)), await sealed.send(page("gopher://x"))
        await sealed.aclose()
        return good, bad, len(sealed.sent)

    with receiving(lambda _: answer(200)) as receiver:
        good, bad, kept = asyncio.run(run(f"webhook://{receiver.host}/Tok3nInPath"))
    assert good.ok
    assert "sealed" in good.words
    assert "Tok3nInPath" not in good.words
    assert (bad.ok, bad.retryable, kept) == (False, False, 1)
    assert receiver.requests == []
