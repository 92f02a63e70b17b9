"""What a station looks with, out of its settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from crisisdesk.bootstrap.detecting import detection
from crisisdesk.settings.bookmarks import BookmarkFile
from crisisdesk.settings.model import NetworkSettings, Settings
from crisisdesk.settings.places import Places
from crisisdesk.sources.probes.own_network import NearProbe
from crisisdesk.sources.probes.registry import FACTORIES


def test_a_station_has_every_type_and_its_own_network(tmp_path: Path) -> None:
    told = detection(Places(tmp_path), Settings())
    assert told.probers.types() == sorted(FACTORIES)
    assert isinstance(told.network, NearProbe)
    assert isinstance(told.bookmarks, BookmarkFile)
    told.bookmarks.save({"SRC-1": {"a": 1}})
    assert Places(tmp_path).bookmarks.exists()


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
