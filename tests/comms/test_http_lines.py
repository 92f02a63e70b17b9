"""Questions over HTTP: answers whole, connections kept, too many hosts let go of."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from crisisdesk.comms import http_lines
from crisisdesk.comms.http_lines import Answer, HttpLines, NoAnswer, Question, json_body

from tests.comms.receivers import answer, authority_for, receiving


def ask_all(*questions: Question) -> list[Answer]:
    async def run() -> list[Answer]:
        lines = HttpLines()
        try:
            return [await lines.ask(question, 3.0) for question in questions]
        finally:
            await lines.aclose()

    return asyncio.run(run())


def test_an_answer_is_whole() -> None:
    with receiving(lambda _: answer(418, '{"a":1}', X_Name="v")) as receiver:
        (found,) = ask_all(Question(url=f"http://{receiver.host}/p?q=1", content=b"hi"))
    assert (found.code, found.reason, found.text) == (418, "Said", '{"a":1}')
    assert (found.is_yes, found.data, found.headers["x-name"]) == (False, {"a": 1}, "v")
    (request,) = receiver.requests
    assert (request.path, request.body) == ("/p?q=1", b"hi")


@pytest.mark.parametrize(("limit", "read"), [(10, 10), (20_000, 12_000)])
def test_how_much_of_an_answer_is_read_is_chosen(limit: int, read: int) -> None:
    async def ask(url: str) -> Answer:
        lines = HttpLines(limit)
        try:
            return await lines.ask(Question(url=url), 3.0)
        finally:
            await lines.aclose()

    with receiving(lambda _: answer(200, "x" * 12_000)) as receiver:
        assert len(asyncio.run(ask(f"http://{receiver.host}/")).text) == read


@pytest.mark.parametrize("secure", [False, True])
def test_one_connection_serves_many_questions(
    secure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, authority = authority_for([], tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with receiving(
        lambda _: answer(200, "ok"), server if secure else None, tunnel=False
    ) as receiver:
        url = f"http{'s' if secure else ''}://{receiver.host}/"
        found = ask_all(*[Question(url=url)] * 5)
    assert [one.text for one in found] == ["ok"] * 5
    assert receiver.connections == 1


@pytest.mark.parametrize("proxy", [False, True])
def test_no_account_shows_what_another_was_given(
    proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = answer(200, "ok", Set_Cookie="session=s3cret; Path=/")
    with receiving(lambda _: given) as receiver:
        if proxy:
            monkeypatch.setenv("HTTP_PROXY", f"http://{receiver.host}")
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
        url = f"http://{'provider.example.org' if proxy else receiver.host}/"
        ask_all(Question(url=url, auth=("ann", "pw")), Question(url=url))
    first, second = receiver.requests
    assert first.headers["authorization"] == "Basic YW5uOnB3"
    assert "cookie" not in second.headers
    assert "authorization" not in second.headers


def test_hosts_beyond_the_bound_are_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_lines, "HOSTS_KEPT", 2)
    with ExitStack() as stack:
        peers = [stack.enter_context(receiving(lambda _: answer(200))) for _ in range(4)]
        first = Question(url=f"http://{peers[0].host}/")
        ask_all(*(Question(url=f"http://{one.host}/") for one in peers), first)
    assert [one.connections for one in peers] == [2, 1, 1, 1]


@pytest.mark.parametrize("url", ["gopher://127.0.0.1/", "http://\x00/"])
def test_a_malformed_address_is_told_apart(url: str) -> None:
    with pytest.raises(NoAnswer) as caught:
        ask_all(Question(url=url))
    assert not caught.value.retryable


def test_a_name_that_nobody_has_may_be_there_later() -> None:
    with pytest.raises(NoAnswer) as caught:
        ask_all(Question(url="http://nobody.invalid/"))
    assert caught.value.retryable


def test_what_cannot_be_written_does_not_stop_a_page() -> None:
    assert json_body({"a": "x\udc00é"}) == '{"a": "x?é"}'.encode()
