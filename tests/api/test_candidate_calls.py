"""The client's calls about candidates, against a real door."""

from __future__ import annotations

from crisisdesk.api.candidate_calls import CandidateCalls
from crisisdesk.api.client import Client

from tests.api.station import Station
from tests.api.test_candidates import proposed
from tests.api.test_client import with_client


def test_one_is_dismissed_brought_back_and_accepted(station: Station) -> None:
    name = proposed(station)["candidate_id"]

    def work(client: Client) -> None:
        assert isinstance(client, CandidateCalls)
        assert client.candidate(name)["status"] == "open"
        assert client.dismiss_candidate(name, "a test")["reason"] == "a test"
        assert client.candidates() == []
        assert client.reopen_candidate(name)["status"] == "open"
        assert [one["candidate_id"] for one in client.candidates()] == [name]
        incident = client.accept_candidate(name, incident_commander="Ana")
        assert incident["incident_commander"] == "Ana"
        assert client.candidates(with_past=True)[0]["incident_id"] == incident["id"]

    with_client(station, work)
