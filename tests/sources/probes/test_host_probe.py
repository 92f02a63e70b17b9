"""This host as a source: up, unless a disk is missing; a hang of the kernel is not its fault."""

from __future__ import annotations

import threading

import psutil
import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.host_probe import HostProber

from tests.sources.probes.looks import look_at, looked, values


def test_two_looks_tell_how_busy_it_was() -> None:
    prober = HostProber()
    first = looked(prober, look_at(prober, {}))
    assert first.verdict is Verdict.UP
    ticked = {"whole_ms": 1, "busy_ms": 1}
    second = looked(prober, look_at(prober, {}, bookmark=ticked))
    assert 0 <= values(second)["host_cpu_used_ratio"] <= 1
    assert second.bookmark.keys() == {"whole_ms", "busy_ms"}


def test_a_disk_that_is_missing_is_named() -> None:
    prober = HostProber()
    reading = looked(prober, look_at(prober, {"disks": ["/data/"]}))
    assert reading.verdict is Verdict.DOWN
    assert reading.words.startswith("not mounted: /data;")
    assert reading.samples


def test_a_hang_is_no_fault_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(psutil, "cpu_times", gate.wait)
    prober = HostProber()
    try:
        reading = looked(prober, look_at(prober, {}, deadline_s=0.05))
        again = looked(prober, look_at(prober, {}, deadline_s=0.05))
    finally:
        monkeypatch.undo()
        gate.set()
    assert reading.verdict is again.verdict is Verdict.UNSURE
    assert "within" in reading.words
    assert "the look before" in again.words
