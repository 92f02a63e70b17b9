"""What a station looks with, out of its settings."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from crisisdesk.bootstrap.detecting import LateSamples, detection
from crisisdesk.domain.anomaly import new_detector
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.clock import SystemClock
from crisisdesk.settings.bookmarks import BookmarkFile
from crisisdesk.settings.model import NetworkSettings, Settings
from crisisdesk.settings.places import Places
from crisisdesk.sources.probes.own_network import NearProbe
from crisisdesk.sources.probes.registry import FACTORIES
from crisisdesk.sources.rules import IntakeRules

from tests.architecture.tree import ROOT


def test_a_station_has_every_type_and_its_own_network(tmp_path: Path) -> None:
    told = detection(Places(tmp_path), Settings(), IntakeRules(), SystemClock())
    assert told.probers.types() == sorted(FACTORIES)
    assert isinstance(told.network, NearProbe)
    assert isinstance(told.bookmarks, BookmarkFile)
    told.bookmarks.save({"SRC-1": {"a": 1}})
    assert Places(tmp_path).bookmarks.exists()


def test_reports_of_others_are_read_by_the_stations_own_words(tmp_path: Path) -> None:
    rules = IntakeRules(default_severity=Severity.LOW)
    probers = detection(Places(tmp_path), Settings(), rules, SystemClock()).probers
    for type_ in ("alertmanager", "prometheus"):
        assert getattr(probers.get(type_), "_rules", None) is rules


def test_samples_are_kept_from_the_first_one_on_and_load_nothing_before(tmp_path: Path) -> None:
    script = (
        "import sys, crisisdesk.bootstrap.building\n"
        "print(sorted({'numpy', 'psutil', 'dns'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    places = Places(tmp_path)
    store = LateSamples(places.samples, SystemClock())
    store.close()
    assert not places.samples.exists()
    load, now = series("SRC-1", "load"), SystemClock().now_ms()
    store.write([Sample(load, now, 0.5)])
    store.close()
    again = LateSamples(places.samples, SystemClock())
    assert again.known() == [load]
    assert [bucket.last for bucket in again.between(load, now - 1, now + 1)] == [0.5]
    again.close()


def test_a_detector_is_made_for_known_bounds_and_for_none() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    for bounds in ((0.0, 100.0), (None, None), (0.0, None)):
        assert 0.0 <= new_detector(*bounds).update(now, 50.0) <= 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"gateway": "router"},
        {"name_servers": ("ns.example.org",)},
        {"anchors": ("example.org",)},
        {"anchors": ("a:443",) * 9},
    ],
)
def test_what_nobody_could_be_asked_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NetworkSettings(**wrong)  # type: ignore[arg-type]
    good = NetworkSettings(gateway="", name_servers=("::1", "auto"), anchors=("[::1]:53",))
    assert good.gateway == ""
