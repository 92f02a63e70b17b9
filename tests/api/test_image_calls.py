"""The client's calls about images, against the real application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.image_calls import ImageCalls

from tests.api.called import Called
from tests.api.planned import PlannedStation
from tests.domain.image_bytes import png


class Calls(Called[PlannedStation], ImageCalls):
    """Asks a station of the tests."""


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    station = PlannedStation(tmp_path)
    try:
        yield Calls(station)
    finally:
        station.close()


def test_every_call_leads_somewhere(calls: Calls) -> None:
    incident = calls.station.opened()["id"]
    added = calls.add_image(incident, png())
    assert added["incident_id"] == incident
    assert calls.images(incident) == [added]
