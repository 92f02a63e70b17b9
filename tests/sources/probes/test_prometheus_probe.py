"""Queries, the time that was missed, and alerts; beside a stand-in and a real Prometheus."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.signal import SignalAction
from crisisdesk.sources import alertmanager_api
from crisisdesk.sources.probes.prometheus_probe import PrometheusProber
from crisisdesk.sources.rules import IntakeRules

from tests.sources.payloads import encode
from tests.sources.probes.looks import NOW, look_at, looked, values
from tests.sources.probes.peers import pages_of
from tests.sources.probes.programs import Program, programs, until

MINUTE_MS = 60_000
RULES = IntakeRules()
LOAD = {"name": "load", "query": "node_load1"}


def vector(*results: tuple[dict[str, str], float, str]) -> dict[str, Any]:
    found = [{"metric": m, "value": [at, value]} for m, at, value in results]
    return {"resultType": "vector", "result": found}


@dataclass
class Stand:
    """Answers like Prometheus with what ``data`` holds by path; ``asked`` is what came."""

    port: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, path: str, body: bytes) -> tuple[int, str, bytes]:
        form = {name: told[0] for name, told in parse_qs(body.decode()).items()}
        self.asked.append((path, form))
        told = self.data.get(path.removeprefix("/prom"))
        told = told(form) if callable(told) else told
        if told is None:
            return 404, "text/plain", b"404 page not found"
        whole = told if "status" in told else {"status": "success", "data": told}
        return 200, "application/json", json.dumps(whole).encode()

    def look(self, *, now: int = NOW, every_ms: int = 10_000, **more: Any) -> Reading:
        bookmark = more.pop("bookmark", {})
        prober = PrometheusProber()
        settings = {"url": f"http://127.0.0.1:{self.port}/prom/", "queries": [LOAD], **more}
        look = look_at(prober, settings, now=now, bookmark=bookmark, every_ms=every_ms)
        return looked(prober, look)


@contextmanager
def stand() -> Iterator[Stand]:
    made = Stand()
    with pages_of(made.answer) as pages:
        made.port = pages.port
        yield made


def alert(name: str, state: str = "firing", **labels: str) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, "severity": "critical", **labels},
        "annotations": {"summary": name},
        "state": state,
        "activeAt": "2026-03-01T12:00:00.5Z",
        "value": "1e+00",
    }


def test_a_query_becomes_samples_of_its_name() -> None:
    with stand() as there:
        there.data["/api/v1/query"] = vector(
            ({"__name__": "node_load1", "instance": "a"}, NOW / 1000, "0.5"),
            ({"__name__": "node_load1", "instance": "b"}, NOW / 1000, "NaN"),
        )
        reading = there.look()
    assert reading.verdict is Verdict.UP
    assert values(reading)['load{instance="a"}'] == 0.5
    assert [sample.at for sample in reading.samples] == [NOW, NOW]
    [(path, form)] = there.asked
    assert (path, form["query"]) == ("/prom/api/v1/query", "node_load1")
    assert 0 < float(form["timeout"]) < 30


def test_a_query_that_is_refused_keeps_back_no_other() -> None:
    def answer(form: dict[str, str]) -> dict[str, Any]:
        if form["query"] == "bad":
            return {"status": "error", "errorType": "bad_data", "error": "parse error"}
        return vector(({}, NOW / 1000, "1"))

    with stand() as there:
        there.data["/api/v1/query"] = answer
        reading = there.look(queries=[{"name": "wrong", "query": "bad"}, LOAD])
    assert reading.verdict is Verdict.UNSURE
    assert reading.words.startswith("wrong: Prometheus refuses the query (bad_data): parse error")
    assert values(reading) == {"load": 1.0}


def test_warnings_and_series_that_are_too_many_are_told() -> None:
    data = vector(*(({"n": str(n)}, NOW / 1000, "1") for n in range(5)))
    with stand() as there:
        there.data["/api/v1/query"] = {"status": "success", "data": data, "warnings": ["partial"]}
        reading = there.look(max_series=2)
    assert len(reading.samples) == 2
    assert "load: partial" in reading.words
    assert "3 series beyond max_series" in reading.words


def test_without_queries_it_is_only_asked_whether_it_answers() -> None:
    with stand() as there:
        there.data["/api/v1/query"] = {"resultType": "scalar", "result": [NOW / 1000, "1"]}
        reading = there.look(queries=[])
    assert (reading.verdict, reading.samples) == (Verdict.UP, ())
    with stand() as there:
        assert there.look(queries=[]).verdict is Verdict.DOWN


def range_of(values_at: Callable[[int, int], list[Any]]) -> Callable[[dict[str, str]], Any]:
    def answer(form: dict[str, str]) -> dict[str, Any]:
        start, end = round(float(form["start"]) * 1000), round(float(form["end"]) * 1000)
        return {
            "resultType": "matrix",
            "result": [{"metric": {"instance": "a"}, "values": values_at(start, end)}],
        }

    return answer


def test_what_was_missed_is_read_once() -> None:
    missed = range_of(lambda start, end: [[start / 1000, "1"], [end / 1000, "2"]])
    with stand() as there:
        there.data["/api/v1/query"] = vector(({"instance": "a"}, NOW / 1000, "3"))
        there.data["/api/v1/query_range"] = missed
        reading = there.look(bookmark={"at": NOW - 10 * MINUTE_MS})
        assert [(sample.at, sample.value) for sample in reading.samples] == [
            (NOW - 10 * MINUTE_MS + 10_000, 1.0),
            (NOW - 1, 2.0),
            (NOW, 3.0),
        ]
        assert reading.bookmark["at"] == NOW
        again = there.look(now=NOW + 10_000, bookmark=reading.bookmark)
    assert len(again.samples) == 1
    assert [path for path, _ in there.asked].count("/prom/api/v1/query_range") == 1


def test_a_long_gap_is_read_from_its_newest_part_in_coarse_steps() -> None:
    with stand() as there:
        there.data["/api/v1/query"] = vector(({"instance": "a"}, NOW / 1000, "3"))
        there.data["/api/v1/query_range"] = range_of(lambda start, _end: [[start / 1000, "1"]])
        there.look(bookmark={"at": NOW - 10 * 3_600_000}, every_ms=1_000)
        [(_, form)] = [asked for asked in there.asked if asked[0].endswith("query_range")]
        assert float(form["start"]) * 1000 == NOW - 60 * MINUTE_MS
        assert 60 * 60 / float(form["step"]) <= 500
        there.look(bookmark={"at": NOW - 10 * 3_600_000}, catch_up_min=0)
    assert [path for path, _ in there.asked].count("/prom/api/v1/query_range") == 1


def test_what_was_missed_and_cannot_be_read_is_given_up() -> None:
    with stand() as there:
        there.data["/api/v1/query"] = vector(({}, NOW / 1000, "3"))
        reading = there.look(bookmark={"at": NOW - 10 * MINUTE_MS})
    assert reading.verdict is Verdict.UP
    assert len(reading.samples) == 1
    assert "what was missed cannot be read" in reading.words
    assert reading.bookmark["at"] == NOW


def test_a_clock_that_is_wrong_there_does_not_move_the_past() -> None:
    ahead_ms = 7 * MINUTE_MS
    with stand() as there:
        there.data["/api/v1/query"] = vector(({"instance": "a"}, (NOW + ahead_ms) / 1000, "3"))
        there.data["/api/v1/query_range"] = range_of(
            lambda start, end: [[start / 1000, "1"], [end / 1000, "2"]]
        )
        reading = there.look(bookmark={"at": NOW - 5 * MINUTE_MS})
    since = NOW - 5 * MINUTE_MS + 10_000
    assert [sample.at for sample in reading.samples] == [since, NOW - 1, NOW]
    [(_, form)] = [asked for asked in there.asked if asked[0].endswith("query_range")]
    assert round(float(form["start"]) * 1000) == since + ahead_ms


def test_alerts_are_told_once_and_have_the_key_of_the_webhook() -> None:
    with stand() as there:
        there.data["/api/v1/alerts"] = {"alerts": [alert("Down"), alert("Soon", "pending")]}
        there.data["/api/v1/status/runtimeinfo"] = {"startTime": "2026-03-01T00:00:00Z"}
        more: dict[str, Any] = {
            "alerts": True,
            "queries": [],
            "external_labels": {"cluster": "fra"},
        }
        reading = there.look(**more)
        again = there.look(now=NOW + 10_000, bookmark=reading.bookmark, **more)
        there.data["/api/v1/alerts"] = {"alerts": []}
        once = there.look(now=NOW + 20_000, bookmark=again.bookmark, **more)
        twice = there.look(now=NOW + 30_000, bookmark=once.bookmark, **more)
    [signal] = reading.signals
    posted = [{"labels": {"alertname": "Down", "severity": "critical", "cluster": "fra"}}]
    [same] = alertmanager_api.parse(encode(posted), RULES, now_ms=NOW).signals
    assert (signal.source, signal.key) == (same.source, same.key)
    assert signal.action is SignalAction.FIRE
    assert (again.signals, once.signals) == ((), ())
    [ended] = twice.signals
    assert (ended.key, ended.action) == (signal.key, SignalAction.RESOLVE)


def test_a_prometheus_that_was_started_ends_no_alert() -> None:
    more: dict[str, Any] = {"alerts": True, "queries": []}
    with stand() as there:
        there.data["/api/v1/alerts"] = {"alerts": [alert("Down")]}
        there.data["/api/v1/status/runtimeinfo"] = {"startTime": "1"}
        reading = there.look(**more)
        there.data["/api/v1/alerts"] = {"alerts": []}
        there.data["/api/v1/status/runtimeinfo"] = {"startTime": "2"}
        for step in range(1, 5):
            reading = there.look(now=NOW + step * 10_000, bookmark=reading.bookmark, **more)
            assert reading.signals == ()
    assert "1 missing from the answer, not yet over" in reading.words


@pytest.mark.parametrize("told", [{}, {"alerts": 5}, {"alerts": [5, None, {"state": "firing"}]}])
def test_alerts_that_are_none_end_nothing(told: Any) -> None:
    with stand() as there:
        there.data["/api/v1/alerts"] = told
        reading = there.look(alerts=True, queries=[], bookmark={"alerts": {"k": ["high@1", 1, 1]}})
    assert reading.signals == ()


def scraped_since(there: Program, since: int) -> list[Any]:
    """The raw samples of one series that a Prometheus has scraped since then."""
    [series] = there.ask("/api/v1/query?query=node_load1[5m]")["data"]["result"]
    return [at for at, _ in series["values"] if at * 1000 > since]


@pytest.mark.serial
@pytest.mark.timeout(180)
def test_a_real_prometheus_that_scrapes_a_real_node_exporter(tmp_path: Path) -> None:
    with programs(tmp_path) as made:
        exporter = made.node_exporter()
        there = made.prometheus(exporter)
        until(lambda: there.ask("/api/v1/query?query=node_load1")["data"]["result"], "a scrape")
        until(lambda: there.ask("/api/v1/alerts")["data"]["alerts"], "an alert")
        prober = PrometheusProber()
        settings = {
            "url": f"http://{there.host}",
            "alerts": True,
            "external_labels": {"cluster": "fra"},
            "queries": [
                LOAD,
                {"name": "cpu", "query": "sum by (mode) (node_cpu_seconds_total)"},
                {"name": "infinite", "query": "node_load1 / 0 + 1"},
                {"name": "one", "query": "1"},
            ],
        }
        now = time.time_ns() // 1_000_000
        first = looked(prober, look_at(prober, settings, now=now, every_ms=1_000))
        until(lambda: len(scraped_since(there, now)) >= 4, "some seconds of the series")
        later = time.time_ns() // 1_000_000
        second = looked(
            prober,
            look_at(prober, settings, now=later, every_ms=1_000, bookmark=first.bookmark),
        )
        wrong = {**settings, "queries": [{"name": "wrong", "query": "sum("}]}
        refused = looked(prober, look_at(prober, wrong, now=later))
        there.stop()
        gone = looked(prober, look_at(prober, settings, now=later))
    assert first.verdict is second.verdict is Verdict.UP, (first.words, second.words)
    found = values(first)
    assert found[f'load{{instance="{exporter}",job="node"}}'] >= 0
    assert found['cpu{mode="idle"}'] > 0
    assert found["one"] == 1.0
    [signal] = first.signals
    assert (signal.title, signal.labels["cluster"]) == (f"Node {exporter} is seen", "fra")
    assert second.signals == ()
    times = [sample.at for sample in second.samples if sample.series.metric == "load"]
    assert len(times) >= 3
    assert times == sorted(times)
    assert all(now < at <= later for at in times)
    assert (refused.verdict, gone.verdict) == (Verdict.UNSURE, Verdict.DOWN)
    assert "bad_data" in refused.words
