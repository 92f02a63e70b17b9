"""The calls of the client are those that the routes answer."""

from __future__ import annotations

from crisisdesk.api.calls import Json
from crisisdesk.api.context_calls import ContextCalls

from tests.api.station import Station


class Sent(ContextCalls):
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
        assert answer.status_code == 201, answer.text
        told: Json = answer.json()
        return told


def test_they_record_list_and_ask(station: Station) -> None:
    calls = Sent(station)
    made = calls.record_change("calls deployed", service="calls", key="7")
    assert calls.record_change("else", service="calls", key="7") == made
    assert calls.changes(service="calls") == [made]
    alert_id = station.raised(service="calls")["id"]
    told = calls.context(alert_id, hours=1)
    assert [one["change"] for one in told["changes"]] == [made]
