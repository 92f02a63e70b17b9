"""JSON that is asked for, over a real server: what is sent, what is taken, and answers that lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes.json_probe import BODY_LIMIT, JsonProber

from tests.comms.receivers import HALF, Request, answer, receiving
from tests.sources.probes.looks import NOW, look_at, looked, values

DEPTH = [{"name": "depth", "path": "queue.depth"}]
ALERTS = {"each": "items", "key": "id", "title": "text", "action": "state"}


@dataclass
class Site:
    """Answers with ``says``: bytes as they are, a manner's word, or JSON of anything else."""

    says: Any = None
    port: int = 0
    now: int = NOW
    bookmark: dict[str, object] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> bytes | str:
        self.requests.append(request)
        if isinstance(self.says, (bytes, str)):
            return self.says
        return answer(200, json.dumps(self.says))

    def look(self, *, secrets: dict[str, str] | None = None, **more: Any) -> Reading:
        prober = JsonProber()
        settings = {"url": f"http://127.0.0.1:{self.port}/a?b=c", **more}
        look = look_at(prober, settings, now=self.now, bookmark=self.bookmark, secrets=secrets)
        reading = looked(prober, look)
        self.bookmark = reading.bookmark
        self.now += 10_000
        return reading

    def news(self, *items: dict[str, Any], **more: Any) -> list[str]:
        self.says = {"items": list(items)}
        reading = self.look(alerts=ALERTS, **more)
        return [f"{signal.action}:{signal.key}" for signal in reading.signals]


@contextmanager
def site(says: Any = None) -> Iterator[Site]:
    made = Site(says)
    with receiving(made.answer) as receiver:
        made.port = receiver.port
        yield made


def test_numbers_and_alerts_of_one_answer() -> None:
    with site({"queue": {"depth": 7}, "items": [{"id": 1, "text": "Slow"}]}) as there:
        reading = there.look(values=DEPTH, alerts=ALERTS)
    assert reading.verdict is Verdict.UP
    assert values(reading) == {"depth": 7.0}
    assert [signal.title for signal in reading.signals] == ["Slow"]
    assert reading.words == "1 values; 1 alerts firing"
    [request] = there.requests
    assert (request.method, request.path) == ("GET", "/a?b=c")
    assert request.headers["accept"] == "application/json"


def test_what_is_sent_is_as_it_was_told() -> None:
    with site({"queue": {"depth": 7}}) as there:
        there.look(
            values=DEPTH,
            method="POST",
            body='{"ask": 1}',
            headers={"X-A": "1", "content-type": "text/x"},
            secret_headers={"X-Key": "key"},
            token="reader",
            secrets={"key": "k3y-value", "reader": "r3ader"},
        )
    [request] = there.requests
    assert (request.method, request.body) == ("POST", b'{"ask": 1}')
    assert request.headers["content-type"] == "text/x"
    assert request.headers["x-a"] == "1"
    assert request.headers["x-key"] == "k3y-value"
    assert request.headers["authorization"] == "Bearer r3ader"


def test_a_post_without_a_body_is_still_one() -> None:
    with site({"queue": {"depth": 7}}) as there:
        there.look(values=DEPTH, method="POST")
    [request] = there.requests
    assert (request.method, request.headers["content-length"]) == ("POST", "0")


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (answer(500, '{"queue": {"depth": 1}}'), "answered 500"),
        (answer(204), "no JSON"),
        (answer(200, ""), "no JSON"),
        (answer(200, "<html>"), "no JSON"),
        (answer(200, '{"queue": {"depth": NaN}}'), "no JSON"),
        (answer(200, '{"queue": {"depth": 1e999}}'), "no"),
        (answer(200, '{"queue": {"depth": "no"}}'), "no number at queue.depth"),
        (answer(200, '{"queue": {}}'), "nothing at queue.depth"),
        (answer(200, "[]"), "nothing at queue.depth"),
        (answer(200, '{"queue": {"depth": 1}} more'), "no JSON"),
        (answer(200, '{"queue": {"depth": 1}}')[:-1] + b"\xe4", "no JSON"),
        ("reset", "cut"),
        (HALF, "breaks off"),
        (answer(200, "x", Content_Encoding="gzip"), "compressed"),
        (answer(302, "", Location="/a?b=c"), "302"),
    ],
)
def test_an_answer_that_is_not_what_was_hoped_for_is_down_and_leaves_nothing(
    says: Any, words: str
) -> None:
    with site(says) as there:
        reading = there.look(values=DEPTH)
    assert reading.verdict is Verdict.DOWN
    assert words in reading.words
    assert (reading.samples, reading.signals) == ((), ())
    # A circle of redirects is asked once.
    assert len(there.requests) == 1


def test_utf_16_is_no_json_here_and_a_byte_order_mark_does_no_harm() -> None:
    body = '{"queue": {"depth": 1}}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    wide, marked = body.encode("utf-16"), body.encode("utf-8-sig")
    with site(head % len(wide) + wide) as there:
        assert there.look(values=DEPTH).verdict is Verdict.DOWN
        there.says = head % len(marked) + marked
        assert values(there.look(values=DEPTH)) == {"depth": 1.0}


def test_what_is_nested_too_deep_or_too_large_is_refused() -> None:
    with site(answer(200, "[" * 100_000 + "]" * 100_000)) as there:
        deep = there.look(values=DEPTH)
        there.says = answer(200, json.dumps({"x": "y" * BODY_LIMIT}))
        large = there.look(values=DEPTH)
    assert deep.verdict is large.verdict is Verdict.DOWN
    assert str(BODY_LIMIT) in large.words


def test_401_is_not_sure_and_the_secret_is_not_told() -> None:
    with site(answer(401, "hunter22-hunter22")) as there:
        reading = there.look(values=DEPTH, token="reader", secrets={"reader": "hunter22"})
    assert reading.verdict is Verdict.UNSURE
    assert "hunter22" not in reading.words


def test_what_is_told_to_be_over_ends_at_once_and_only_what_was_told_to_fire() -> None:
    one, two = {"id": 1, "text": "a"}, {"id": 2, "text": "b"}
    with site() as there:
        assert there.news(one) == ["fire:s1:1"]
        assert there.news({**one, "state": "resolved"}, {**two, "state": "ok"}) == ["resolve:s1:1"]
        assert there.news({**one, "state": "resolved"}) == []
        assert there.news(one) == ["fire:s1:1"]


def test_the_first_look_ends_what_another_station_may_have_raised() -> None:
    with site() as there:
        assert there.news({"id": 1, "text": "a", "state": "resolved"}) == ["resolve:s1:1"]


def test_what_is_missing_ends_only_after_a_while_of_whole_answers() -> None:
    one = {"id": 1, "text": "a"}
    with site() as there:
        assert there.news(one, settle_s=30) == ["fire:s1:1"]
        there.says = answer(500)
        assert there.look(alerts=ALERTS).signals == ()
        assert [there.news(settle_s=30) for _ in range(3)] == [[], [], []]
        assert there.news({"id": 2}, settle_s=30) == []
        assert there.news(settle_s=30) == ["resolve:s1:1"]


def test_the_same_list_says_nothing_new() -> None:
    one = {"id": 1, "text": "a"}
    with site() as there:
        assert there.news(one) == ["fire:s1:1"]
        assert [there.news(one) for _ in range(3)] == [[], [], []]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "settings.values"),
        ({"values": DEPTH, "method": "PUT"}, "settings.method"),
        ({"values": DEPTH, "body": "{}"}, "settings.body"),
        ({"values": DEPTH, "url": "http://a/#b"}, "settings.url"),
        (
            {"values": DEPTH, "token": "t", "secret_headers": {"Authorization": "a"}},
            "settings.secret_headers",
        ),
    ],
)
def test_settings_that_do_not_go_together(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        JsonProber().check({"url": "http://a", **told})
    assert caught.value.field == field
    assert caught.value.remedy
