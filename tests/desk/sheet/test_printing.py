"""Printing without a window, as the command line asks for it."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from crisisdesk.desk.sheet.printing import local_zone, print_sheet
from crisisdesk.engine import commands as c
from crisisdesk.settings.places import Places

from tests.store.workload import Station

pytestmark = pytest.mark.usefixtures("look")


def test_the_sheet_of_a_stations_file_is_printed(tmp_path: Path) -> None:
    places = Places(tmp_path)
    station = Station(tmp_path)
    reach = {"emergency": {"phones": ["+420 777 123 456"]}}
    *_, over = station.do(
        c.NameStation(name="BRNO-1"),
        c.SaveContact(name="Ana Malá", more=reach),
        c.OpenIncident(title="Payments stand still", severity="major", commander="Tom Weber"),
        c.OpenIncident(title="Over already", severity="major", commander="Eve"),
    )
    station.do(c.ChangeIncidentStatus(incident_id=over, status="resolved"))
    station.journal.close()
    station.path.rename(places.store)
    out = tmp_path / "sheet.pdf"
    assert print_sheet(places, out, "letter") == 0
    text = subprocess.run(
        ["pdftotext", "-layout", str(out), "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("BRNO-1", "Ana Malá", "+420 777 123 456", "Tom Weber commands"):
        assert words in text
    assert "Eve" not in text


def test_a_station_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert print_sheet(Places(tmp_path / "none"), tmp_path / "sheet.pdf", "a4") == 1
    assert capsys.readouterr().err.startswith("crisisdesk: ")
    assert not (tmp_path / "sheet.pdf").exists()


def test_the_local_zone_is_that_of_the_moment() -> None:
    assert abs(local_zone(0).utcoffset(None) or timedelta()) <= timedelta(hours=14)
