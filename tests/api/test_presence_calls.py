"""The client's calls about presence, against the real application."""

from __future__ import annotations

from crisisdesk.api.presence_calls import PresenceCalls

from tests.api.called import Called
from tests.api.station import Station


class Calls(Called[Station], PresenceCalls):
    """Asks a station of the tests."""


def test_every_call_leads_somewhere(station: Station) -> None:
    calls = Calls(station)
    [one] = calls.give_sign("d-1", "INC-A", 0)["results"]
    assert one["standing"] == "here"
    assert calls.presence()["results"][0]["incident"] == "INC-A"
    assert calls.close_desk("d-1")["results"][0]["standing"] == "away"
