"""Our reading of ``/api/v2/alerts`` beside a real Alertmanager's, alert by alert."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from crisisdesk.sources import alertmanager_api
from crisisdesk.sources.rules import IntakeError

from tests.sources.payloads import NOW_MS, RULES, encode

PROGRAM = shutil.which("prometheus-alertmanager")
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="prometheus-alertmanager is not installed (apt-get install it)"
)
CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
LISTENING = re.compile(r'msg="?Listening on"? address=(\S+)')

TAKEN: list[dict[str, Any]] = [
    {"labels": {"alertname": "Plain"}},
    {"labels": {"alertname": "Many", "job": "api", "instance": "a:1", "Zone": "z", "_x": "1"}},
    {"labels": {"job": "after", "alertname": "OutOfOrder"}},
    {"labels": {"alertname": "Empty", "team": ""}},
    {"labels": {"alertname": "Unicode Ü 😀", "place": "Gra\u0308z"}},
    {"labels": {"alertname": "Control \n\t\x01"}},
    {"labels": {"alertname": "Long", "text": "x" * 3000}},
    {"labels": {"alertname": "Times"}, "startsAt": "2026-03-01T12:00:00.123456789+02:00"},
    {"labels": {"alertname": "Zero"}, "endsAt": "0001-01-01T00:00:00Z"},
    {"labels": {"alertname": "NoZone"}, "startsAt": "2026-03-01T12:00:00"},
    {"labels": {"alertname": "Nulls"}, "startsAt": None, "annotations": None},
    {"labels": {"alertname": "EmptyNote"}, "annotations": {"note": ""}},
    {"labels": {"alertname": "Stranger"}, "extra": 1},
]
REFUSED: list[Any] = [
    {},
    {"labels": {}},
    {"labels": {"a": ""}},
    {"labels": {"a": 1}},
    {"labels": {"a-b": "x"}},
    {"labels": {"1a": "x"}},
    {"labels": {"é": "x"}},
    {"labels": {"a:b": "x"}},
    {"labels": {"a": "x"}, "annotations": {"b-c": "x"}},
    {"labels": {"a": "x"}, "startsAt": "soon"},
    {"labels": {"a": "x"}, "startsAt": "2026-03-01"},
    {
        "labels": {"a": "x"},
        "startsAt": "2026-03-01T12:00:00Z",
        "endsAt": "2026-03-01T11:00:00Z",
    },
]


@pytest.fixture(scope="module")
def alerts_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Alertmanager on a free loopback port, without peers."""
    assert PROGRAM is not None
    home: Path = tmp_path_factory.mktemp("alertmanager")
    (home / "config.yml").write_text(CONFIG)
    command = [
        PROGRAM,
        f"--config.file={home / 'config.yml'}",
        f"--storage.path={home / 'data'}",
        "--web.listen-address=127.0.0.1:0",
        "--cluster.listen-address=",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            found = next(filter(None, map(LISTENING.search, process.stderr)))
            yield f"http://{found[1]}/api/v2/alerts"
        finally:
            process.terminate()
            process.stderr.read()


def test_the_same_alerts_have_the_same_keys(alerts_url: str) -> None:
    body = encode(TAKEN)
    headers = {"Content-Type": "application/json"}
    httpx.post(alerts_url, content=body, headers=headers).raise_for_status()
    theirs = {
        alert["labels"]["alertname"]: alert["fingerprint"]
        for alert in httpx.get(alerts_url).raise_for_status().json()
    }
    ours = {
        signal.labels["alertname"]: signal.key
        for signal in alertmanager_api.parse(body, RULES, now_ms=NOW_MS).signals
    }
    assert ours == theirs
    assert len(ours) == len(TAKEN)


@pytest.mark.parametrize("alert", REFUSED)
def test_what_alertmanager_refuses_we_refuse(alerts_url: str, alert: Any) -> None:
    body = encode([alert])
    answer = httpx.post(alerts_url, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    with pytest.raises(IntakeError):
        alertmanager_api.parse(body, RULES, now_ms=NOW_MS)
