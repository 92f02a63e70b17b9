"""The calls of the client are those that the routes answer."""

from __future__ import annotations

from collections.abc import Sequence

from crisisdesk.api.calls import Json
from crisisdesk.api.outage_calls import OutageCalls

from tests.api.station import Station
from tests.api.test_people import saved


class Sent(OutageCalls):
    """The calls, sent through the test's station."""

    def __init__(self, station: Station) -> None:
        self.station = station

    def _ask(self, method: str, path: str, query: Json | None = None) -> Json:
        answer = self.station.ask(method, path, params=query or {})
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    def _tell(self, method: str, path: str, body: Json | None = None) -> Json:
        answer = self.station.ask(method, path, json=body)
        assert answer.status_code in (201, 204), answer.text
        told: Json = answer.json() if answer.content else {}
        return told


def names(found: Sequence[Json]) -> list[str]:
    return [one["dependency"] for one in found]


def test_they_set_list_suppose_and_end(station: Station) -> None:
    calls = Sent(station)
    saved(station)
    calls.set_outage("fax", "cut", duration_s=60)
    assert names(calls.outages()) == ["fax"]
    told = calls.channel_map(["dns", "aws"])
    assert {"fax", "dns", "aws"} <= set(names(told["dependencies"]))
    assert not {"aws"} & set(names(calls.channel_map()["dependencies"]))
    calls.end_outage("fax")
    assert calls.outages() == []
