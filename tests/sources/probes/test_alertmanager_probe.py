"""Alerts that are fetched: keys, silences, starts; beside a stand-in and a real Alertmanager."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources import alertmanager_api
from crisisdesk.sources.probes.alertmanager_probe import AlertmanagerProber
from crisisdesk.sources.rules import IntakeRules

from tests.sources.payloads import encode
from tests.sources.probes.looks import NOW, look_at, looked, values
from tests.sources.probes.peers import pages_of
from tests.sources.probes.programs import Program, programs, until

RULES = IntakeRules()


def alert(name: str, state: str = "active", **labels: str) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, "severity": "critical", **labels},
        "annotations": {"summary": f"{name} is wrong"},
        "startsAt": "2026-03-01T12:00:00.5Z",
        "endsAt": "2026-03-01T12:05:00.5Z",
        "fingerprint": "0123456789abcdef",
        "receivers": [{"name": "nobody"}],
        "status": {"state": state, "silencedBy": [], "inhibitedBy": []},
        "updatedAt": "2026-03-01T12:00:01Z",
    }


@dataclass
class Stand:
    """Answers like Alertmanager."""

    port: int = 0
    alerts: Any = field(default_factory=list)
    status: Any = field(default_factory=lambda: {"uptime": "2026-03-01T00:00:00Z"})
    now: int = NOW
    bookmark: dict[str, object] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def answer(self, path: str, _body: bytes) -> tuple[int, str, bytes]:
        self.paths.append(path)
        told = self.status if path.startswith("/api/v2/status") else self.alerts
        return 200, "application/json", json.dumps(told).encode()

    def look(self, **more: Any) -> Reading:
        prober = AlertmanagerProber()
        settings = {"url": f"http://127.0.0.1:{self.port}", **more}
        look = look_at(prober, settings, now=self.now, bookmark=self.bookmark)
        reading = looked(prober, look)
        self.bookmark = reading.bookmark
        self.now += 10_000
        return reading

    def news(self, **more: Any) -> list[str]:
        return [f"{s.action}:{s.labels.get('alertname')}" for s in self.look(**more).signals]


@contextmanager
def stand() -> Iterator[Stand]:
    made = Stand()
    with pages_of(made.answer) as pages:
        made.port = pages.port
        yield made


def test_alerts_have_the_key_of_the_webhook_and_are_told_once() -> None:
    with stand() as there:
        there.alerts = [alert("Down", empty=""), alert("Slow", "unprocessed")]
        first, second = there.look(), there.look()
    posted = encode([{"labels": alert("Down")["labels"]}])
    [same] = alertmanager_api.parse(posted, RULES, now_ms=NOW).signals
    assert [signal.labels["alertname"] for signal in first.signals] == ["Down", "Slow"]
    assert (first.signals[0].source, first.signals[0].key) == (same.source, same.key)
    assert second.signals == ()
    assert first.words == "2 alerts firing"
    assert values(first) == {"alertmanager_firing": 2.0, "alertmanager_quiet": 0.0}


def test_what_is_silenced_there_is_neither_raised_nor_ended() -> None:
    with stand() as there:
        there.alerts = [alert("Down"), alert("Quiet", "suppressed")]
        assert there.news() == ["fire:Down"]
        there.alerts = [alert("Down", "suppressed")]
        assert [there.news() for _ in range(4)] == [[], [], [], []]
        there.alerts = []
        assert [there.news() for _ in range(2)] == [[], ["resolve:None"]]
    with stand() as there:
        there.alerts = [alert("Quiet", "suppressed")]
        assert there.news(silenced=True) == ["fire:Quiet"]


def test_an_empty_answer_of_one_that_was_started_ends_nothing() -> None:
    with stand() as there:
        there.alerts = [alert("Down")]
        there.news()
        there.alerts, there.status = [], {"uptime": "2026-03-01T12:00:00Z"}
        for _ in range(5):
            assert there.news() == []
        assert there.look().words == "0 alerts firing; 1 missing from the answer, not yet over"
        there.alerts = [alert("Down")]
        assert there.news() == []


@pytest.mark.parametrize("told", [{}, [5], {"status": "error"}, "no", None])
def test_what_is_no_list_of_alerts_ends_nothing(told: Any) -> None:
    with stand() as there:
        there.alerts = [alert("Down")]
        there.news()
        known, there.alerts = there.bookmark, told
        for _ in range(3):
            reading = there.look()
            assert (reading.verdict, reading.signals) == (Verdict.DOWN, ())
        assert there.bookmark == known


@pytest.mark.parametrize("status", [{}, {"uptime": 5}, []])
def test_one_that_does_not_tell_its_start_is_not_believed(status: Any) -> None:
    with stand() as there:
        there.status = status
        assert there.look().verdict is Verdict.DOWN


def test_one_alert_that_cannot_be_read_keeps_the_others_open() -> None:
    with stand() as there:
        there.alerts = [alert("Down"), alert("Slow")]
        there.news()
        there.alerts = [alert("Slow"), {**alert("Down"), "startsAt": "soon"}]
        assert [there.news() for _ in range(3)] == [[], [], []]
        assert "1 could not be taken" in there.look().words


def test_matchers_are_handed_on() -> None:
    with stand() as there:
        there.look(matchers=['team="a&b"', "severity=~critical|page"])
        path = there.paths[-1]
    assert path.count("filter=") == 2
    assert "a%26b" in path


def post(there: Program, name: str, *, over: bool = False) -> None:
    ends = "2026-01-01T00:00:00Z" if over else None
    item = {"labels": {"alertname": name, "severity": "critical"}, "endsAt": ends}
    item["startsAt"] = "2025-12-31T00:00:00Z"
    httpx.post(f"http://{there.host}/api/v2/alerts", json=[item]).raise_for_status()


@pytest.mark.serial
@pytest.mark.timeout(180)
def test_a_real_alertmanager_its_silence_and_its_restart(tmp_path: Path) -> None:
    prober = AlertmanagerProber()
    now = time.time_ns() // 1_000_000
    bookmark: dict[str, object] = {}

    def news(**more: Any) -> list[str]:
        nonlocal now, bookmark
        now += 10_000
        settings = {"url": f"http://{there.host}", "settle_s": 30, **more}
        reading = looked(prober, look_at(prober, settings, now=now, bookmark=bookmark))
        assert reading.verdict is Verdict.UP, reading.words
        bookmark = reading.bookmark
        told = {signal.key: signal.labels.get("alertname") for signal in reading.signals}
        names.update({key: name for key, name in told.items() if name})
        return [f"{signal.action}:{names[signal.key]}" for signal in reading.signals]

    names: dict[str, str | None] = {}
    with programs(tmp_path) as made:
        there = made.alertmanager()
        for name in ("Down", "Slow"):
            post(there, name)
        until(lambda: len(there.ask("/api/v2/alerts")) == 2, "both alerts")
        assert sorted(news()) == ["fire:Down", "fire:Slow"]
        theirs = {one["fingerprint"] for one in there.ask("/api/v2/alerts")}
        assert set(names) == theirs
        silence = {
            "matchers": [{"name": "alertname", "value": "Slow", "isRegex": False}],
            "startsAt": "2026-01-01T00:00:00Z",
            "endsAt": "2099-01-01T00:00:00Z",
            "createdBy": "ann",
            "comment": "known",
        }
        httpx.post(f"http://{there.host}/api/v2/silences", json=silence).raise_for_status()
        until(
            lambda: (
                {one["status"]["state"] for one in there.ask("/api/v2/alerts")}
                == {"active", "suppressed"}
            ),
            "the silence",
        )
        assert [news() for _ in range(3)] == [[], [], []]
        post(there, "Down", over=True)
        until(lambda: len(there.ask("/api/v2/alerts")) == 1, "an end")
        assert news() == []
        assert news() == ["resolve:Down"]
        # It forgets all alerts when it is started; nothing has ended by that.
        there.restart()
        assert there.ask("/api/v2/alerts") == []
        assert [news() for _ in range(3)] == [[], [], []]
        assert news() == ["resolve:Slow"]
