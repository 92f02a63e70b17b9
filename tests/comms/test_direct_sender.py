"""What all direct providers have in common: troubles, secrets, TLS, and a yes that is none."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.direct_sender import cut, cut_bytes, short_key, whole_text
from crisisdesk.engine.ports import Outcome

from tests.comms.direct import ADDRESS, SECRETS, YES, confirm
from tests.comms.pages import page, send
from tests.comms.receivers import HALF, Receiver, answer, authority_for, receiving

Address = Callable[[Receiver], str]
each_provider = pytest.mark.parametrize("name", ADDRESS)


@each_provider
def test_a_page_is_taken(name: str) -> None:
    with receiving(lambda _: answer(*YES[name])) as receiver:
        outcome = send(ADDRESS[name](receiver), thread="A/1")
    assert outcome.ok, outcome.words
    assert outcome.provider_id in {"A/1", "O1", "SM1", "Y1"}
    assert len(receiver.requests) == 1


@each_provider
def test_too_many_requests_are_tried_again_when_the_provider_wants(name: str) -> None:
    busy = answer(429, '{"message":"slow down"}', Retry_After="37")
    with receiving(lambda _: busy) as receiver:
        outcome = send(ADDRESS[name](receiver))
    assert (outcome.ok, outcome.retryable, outcome.retry_after_s) == (False, True, 37.0)
    assert "429" in outcome.words


@each_provider
@pytest.mark.parametrize(
    ("code", "retryable"),
    [(code, code >= 500) for code in (400, 401, 403, 404, 422, 500, 502, 503, 507)],
)
def test_codes(name: str, code: int, retryable: bool) -> None:
    with receiving(lambda _: answer(code, "why")) as receiver:
        outcome = send(ADDRESS[name](receiver))
    assert (outcome.ok, outcome.retryable) == (False, retryable)
    assert outcome.words.startswith(f"{code} Said: why")


@each_provider
@pytest.mark.parametrize(
    ("manner", "words"), [("reset", "cut"), (HALF, "cut"), ("hang", "within 0.5 s")]
)
def test_broken_connections_may_be_tried_again(name: str, manner: Any, words: str) -> None:
    began = time.monotonic()
    with receiving(lambda _: manner) as receiver:
        outcome = send(ADDRESS[name](receiver), deadline_s=0.5)
    assert (outcome.ok, outcome.retryable) == (False, True)
    assert words in outcome.words
    assert time.monotonic() - began < 4


@each_provider
def test_a_redirect_is_not_followed(name: str) -> None:
    with receiving(lambda _: answer(*YES[name])) as target:
        moved = answer(307, Location=f"http://{target.host}/stolen")
        with receiving(lambda _: moved) as receiver:
            outcome = send(ADDRESS[name](receiver))
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert "redirects are not followed" in outcome.words
    assert target.requests == []


@each_provider
@pytest.mark.parametrize(
    "body", ["<html>log in to the airport</html>", "", "[]", "null", '{"status"', "[" * 9000]
)
def test_a_2xx_that_is_not_the_providers_own_is_no_yes(name: str, body: str) -> None:
    with receiving(lambda _: answer(200, body, Content_Type="text/html")) as receiver:
        outcome = send(ADDRESS[name](receiver))
    assert (outcome.ok, outcome.retryable) == (False, True)
    assert outcome.words


@each_provider
def test_secrets_are_neither_in_words_nor_in_logs(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def parrot(request: Any) -> bytes:
        told = f"{request.path} {dict(request.headers)} {request.body.decode()}"
        return answer(400, told)

    with receiving(parrot) as receiver:
        url = ADDRESS[name](receiver)
        outcome = send(url)
        found = asyncio.run(confirm(url, "id-1"))
    ours = "".join(r.getMessage() for r in caplog.records if r.name.startswith("crisisdesk"))
    for secret in SECRETS:
        assert secret not in outcome.words + found.words + ours


@pytest.mark.parametrize("name", ["pagerduty", "opsgenie", "twilio"])
def test_over_tls_only_a_trusted_provider_gets_the_key(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, authority = authority_for([], tmp_path)
    with receiving(lambda _: answer(*YES[name]), server, tunnel=False) as receiver:
        url = ADDRESS[name](receiver).replace("host=http://", "host=")
        refused = send(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        taken = send(url)
    assert (refused.ok, refused.retryable) == (False, True)
    assert "certificate not accepted" in refused.words
    assert taken.ok, taken.words
    assert len(receiver.requests) == 1


def test_a_certificate_for_another_host_is_not_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, authority = authority_for(["events.example.org"], tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with receiving(lambda _: answer(*YES["pagerduty"]), server, tunnel=False) as receiver:
        url = ADDRESS["pagerduty"](receiver).replace("host=http://127.0.0.1", "host=localhost")
        outcome = send(url)
    assert "certificate not accepted" in outcome.words
    assert receiver.requests == []


@pytest.mark.parametrize(("name", "asked"), [("pagerduty", 0), ("ntfy", 1), ("twilio", 1)])
def test_who_cannot_tell_is_not_asked(name: str, asked: int) -> None:
    with receiving(lambda _: answer(200, "{}")) as receiver:
        found = asyncio.run(confirm(ADDRESS[name](receiver), "X1"))
    assert found.state == "unknown"
    assert len(receiver.requests) == asked


@pytest.mark.parametrize("manner", ["reset", HALF, answer(500), answer(401), answer(200, "<p>")])
@pytest.mark.parametrize("name", ["opsgenie", "twilio"])
def test_no_answer_to_the_question_leaves_it_unknown(name: str, manner: Any) -> None:
    with receiving(lambda _: manner) as receiver:
        found = asyncio.run(confirm(ADDRESS[name](receiver), "X1"))
    assert found.state == "unknown"
    assert found.words


@given(st.text(), st.integers(4, 60))
def test_cut_text_keeps_its_bound_and_its_beginning(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    shown = cut_bytes(text, limit)
    assert len(shown.encode()) <= limit
    if len(text.encode("utf-8", "replace")) > limit:
        assert shown.endswith("…")


@given(st.text(max_size=40), st.integers(64, 100))
def test_a_short_key_is_stable_and_fits(key: str, limit: int) -> None:
    assert short_key(key, limit) == key
    long = key + "x" * (limit + 1)
    assert len(short_key(long, limit)) == 64
    assert short_key(long, limit) == short_key(long, limit) != short_key(long + "y", limit)


def test_a_title_is_said_once() -> None:
    one = page("x", title="CRITICAL: A (shop)", text="CRITICAL: A\nService: shop")
    assert whole_text(one, 100) == "CRITICAL: A (shop)\nService: shop"
    assert whole_text(page("x", title="A", text="B\nC"), 100) == "A\nB\nC"
    assert whole_text(page("x", title="A", text="B" * 99), 10) == "A\nBBBBBBB…"


def test_an_unusable_address_is_refused_without_a_word_of_it() -> None:
    outcome = send("pagerduty://s3cret")
    assert outcome == Outcome(
        ok=False,
        words="pagerduty:// needs the integration (routing) key of an Events API v2 integration, "
        "32 letters and digits: pagerduty://RoutingKey.",
        retryable=False,
    )


@pytest.mark.parametrize("url", ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "no url"])
def test_of_what_nobody_can_ask_the_answer_is_unknown(url: str) -> None:
    found = asyncio.run(confirm(url, "X1"))
    assert found.state == "unknown"
    assert found.words
