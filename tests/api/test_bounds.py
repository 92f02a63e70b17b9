"""The bounds of a request, before any route sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.api.answers import Refused
from crisisdesk.api.bounds import Heads, Limits, check_json, read_body

from tests.api.station import BEARER, INTAKE, OPERATOR, Station

JSON = {**BEARER, **OPERATOR, "content-type": "application/json"}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path, Limits(body_bytes=1000, intake_body_bytes=2000))
    try:
        yield made
    finally:
        made.close()


async def chunks(n: int) -> AsyncIterator[bytes]:
    for _ in range(n):
        yield b" " * 100


def test_long_bodies_are_refused_declared_or_chunked(small: Station) -> None:
    declared = small.bare("POST", "/crisis/alerts/", content=b" " * 1001, headers=JSON)
    chunked = small.bare("POST", "/crisis/alerts/", content=chunks(11), headers=JSON)
    intake = {**JSON, "authorization": f"Bearer {INTAKE}"}
    posts = [small.bare("POST", "/api/v2/alerts", content=chunks(21), headers=intake)]
    for answer in (declared, chunked, *posts):
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
    assert (
        small.bare("POST", "/api/v2/alerts", content=chunks(20), headers=intake).status_code == 400
    )


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin-1"],
)
@pytest.mark.parametrize("path", ["/crisis/alerts/", "/api/v2/alerts", "/v2/enqueue"])
def test_only_json_is_taken(station: Station, kind: str, path: str) -> None:
    headers = {**JSON, "content-type": kind}
    answer = station.bare("POST", path, content=b"{}", headers=headers)
    assert answer.status_code == 415


def test_json_by_another_name_is_json(station: Station) -> None:
    for kind in ("application/json; charset=UTF-8", "application/cloudevents+json"):
        body = b'{"title":"x","severity":"low"}'
        headers = {**JSON, "content-type": kind}
        assert station.bare("POST", "/crisis/alerts/", content=body, headers=headers).is_success
    packed = {**JSON, "content-encoding": "gzip"}
    assert station.bare("POST", "/crisis/alerts/", content=b"x", headers=packed).status_code == 415


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9611", "127.0.0.1.evil.example", ""]
)
def test_other_host_names_are_refused(station: Station, host: str) -> None:
    answer = station.bare("GET", "/healthz", headers={"host": host})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "Host"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:9611", "[::1]:80", "[::1]"]
)
def test_loopback_names_are_its_own(station: Station, host: str) -> None:
    assert station.bare("GET", "/healthz", headers={"host": host}).status_code == 200


def test_headers_are_bounded(station: Station) -> None:
    many = [(f"x-{i}", "y") for i in range(120)]
    assert station.bare("GET", "/healthz", headers=many).status_code == 431
    assert station.bare("GET", "/healthz", headers={"x": "y" * 70_000}).status_code == 431
    twice = [("authorization", "Bearer a"), ("authorization", "Bearer b")]
    assert station.bare("GET", "/crisis/alerts/", headers=twice).status_code == 400


def test_no_cross_origin_word_is_said(station: Station) -> None:
    answer = station.bare("GET", "/healthz", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    asked = station.bare("OPTIONS", "/crisis/alerts/", headers=BEARER)
    assert asked.status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b"NaN",
        b'{"a":Infinity}',
        b'{"a":9223372036854775808}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'"\\u0000"',
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b"[" * 34 + b"]" * 34,
        b"[" * 200_000,
        b"\xff",
        b"{",
    ],
)
def test_json_that_is_not_plain(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_json(body)
    assert refused.value.status == 400
    str(refused.value).encode()


def test_plain_json_passes() -> None:
    deep = b"[" * 32 + b"]" * 32
    for body in (b"", deep, '{"ä":[1.5,-9223372036854775808,null,true,"\\ud83d\\ude00"]}'.encode()):
        check_json(body)


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def never() -> Any:
        await asyncio.Event().wait()

    async def run() -> None:
        with pytest.raises(Refused) as refused:
            await read_body(never, Heads(), 10, 0.01)
        assert refused.value.status == 408

    asyncio.run(run())


def test_paths_that_lead_nowhere_are_told_in_the_same_shape(station: Station) -> None:
    lost = station.ask("GET", "/crisis/alerts")
    assert (lost.status_code, lost.json()["error"]["field"]) == (404, "path")
    wrong = station.ask("DELETE", "/crisis/alerts/")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (405, "method")
    assert set(wrong.headers["allow"].split(", ")) == {"GET", "POST"}
    head = station.ask("HEAD", "/crisis/alerts/")
    assert head.status_code == 405


@pytest.mark.expect_log("a request failed", level="ERROR")
def test_a_bug_is_told_without_its_inside(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(station.engine, "health", broken)
    answer = station.bare("GET", "/healthz")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert set(answer.json()) == {"error", "detail"}
