"""Scraping a page: what is kept, what is left out and told of, and what is no page."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources.probes.openmetrics_probe import OpenMetricsProber

from tests.sources.probes.looks import NOW, look_at, looked, values
from tests.sources.probes.peers import pages_of

CLASSIC = "text/plain; version=0.0.4; charset=utf-8"
OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def scraped(
    body: str, kind: str = CLASSIC, code: int = 200, **settings: Any
) -> tuple[Reading, list[Any]]:
    secrets: Mapping[str, str] = settings.pop("secrets", {})
    prober = OpenMetricsProber()
    with pages_of(lambda _path, _body: (code, kind, body.encode())) as pages:
        told = {"url": f"http://127.0.0.1:{pages.port}/metrics", **settings}
        reading = looked(prober, look_at(prober, told, secrets=secrets))
    return reading, pages.requests


def test_a_page_becomes_samples() -> None:
    reading, [request] = scraped('a 1\nb{x="y"} +Inf\nc NaN\n')
    assert reading.verdict is Verdict.UP
    found = values(reading)
    assert found["a"] == 1.0
    assert found['b{x="y"}'] == math.inf
    assert math.isnan(found["c"])
    assert {sample.at for sample in reading.samples} == {NOW}
    assert (request.method, request.path) == ("GET", "/metrics")
    assert "openmetrics" in request.headers["accept"]
    assert "authorization" not in request.headers


def test_openmetrics_by_its_type() -> None:
    body = f'a_total 5 {NOW / 1000:.3f} # {{t="x"}} 1\n# EOF\n'
    reading, _ = scraped(body, OPEN)
    [sample] = reading.samples
    assert (sample.value, sample.at) == (5.0, NOW)
    cut, _ = scraped("a 1\n", OPEN)
    assert (cut.verdict, cut.samples) == (Verdict.DOWN, ())


def test_what_is_wanted_is_named_by_patterns() -> None:
    reading, _ = scraped("node_load1 1\nnode_load5 2\ngo_threads 3\n", metrics=["node_*"])
    assert set(values(reading)) == {"node_load1", "node_load5"}
    assert reading.words == "2 series of 3 samples"


def test_what_does_not_fit_is_left_out_and_told() -> None:
    old = NOW - 2 * 3_600_000
    body = f'a{{n="1"}} 1\na{{n="2"}} 1\na{{n="3"}} 1\nb 1 {old}\nc{{x="{"y" * 600}"}} 1\n'
    reading, _ = scraped(body, max_series=2)
    assert set(values(reading)) == {'a{n="1"}', 'a{n="2"}'}
    assert reading.verdict is Verdict.UP
    for told in ("max_series", "out of bounds: 1", "far from now: 1"):
        assert told in reading.words


def test_names_of_the_collector_are_not_taken() -> None:
    reading, _ = scraped("up 0\ntook_seconds 9\nup 1\n")
    assert values(reading) == {"exported_up": 0.0, "exported_took_seconds": 9.0}


@pytest.mark.parametrize(
    ("body", "words"), [("", "no sample"), ("# HELP a b\n", "no sample"), ("hello\n", "line 1")]
)
def test_what_is_no_page_leaves_nothing(body: str, words: str) -> None:
    reading, _ = scraped(body)
    assert reading.verdict is Verdict.DOWN
    assert words in reading.words
    assert reading.samples == ()


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (204, Verdict.DOWN),
        (302, Verdict.DOWN),
        (401, Verdict.UNSURE),
        (403, Verdict.UNSURE),
        (404, Verdict.DOWN),
        (500, Verdict.DOWN),
    ],
)
def test_codes(code: int, verdict: Verdict) -> None:
    reading, requests = scraped("", code=code)
    assert reading.verdict is verdict
    assert len(requests) == 1


def test_ways_to_log_in() -> None:
    _, [request] = scraped("a 1\n", token="t", secrets={"t": "abc123"})
    assert request.headers["authorization"] == "Bearer abc123"
    _, [request] = scraped("a 1\n", user="ann", password="p", secrets={"p": "pw:1"})
    assert request.headers["authorization"] == f"Basic {base64.b64encode(b'ann:pw:1').decode()}"
