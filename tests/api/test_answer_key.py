"""Changing the key: what was sent last stays good, what was sent before that does not."""

from __future__ import annotations

from pathlib import Path

from tests.api.station import Station
from tests.api.test_answer_pages import Open


def test_links_outlive_one_change_of_the_key(tmp_path: Path) -> None:
    station = Open(tmp_path)
    try:
        page = station.paged()
        link = station.link(page)
        assert station.bare("GET", link).status_code == 200
        told = station.ask("POST", "/crisis/answers/key/")
        assert (told.status_code, told.json()) == (200, {"good_keys": 2})
        assert station.bare("GET", link).status_code == 200
        station.ask("POST", "/crisis/answers/key/")
        assert station.bare("GET", link).status_code == 404
        assert station.bare("POST", station.link(page)).status_code == 200
        assert station.bare("POST", "/crisis/answers/key/").status_code == 401
    finally:
        station.close()


def test_a_station_without_ways_has_no_key_to_change(tmp_path: Path) -> None:
    station = Station(tmp_path)
    try:
        assert station.ask("POST", "/crisis/answers/key/").status_code == 409
    finally:
        station.close()
