"""The client's part about what is kept quiet, against a real door."""

from __future__ import annotations

import pytest

from crisisdesk.api.client import ApiRefused, Client
from crisisdesk.api.quiet_calls import QuietCalls

from tests.api.station import Station
from tests.api.test_client import with_client


def test_what_is_kept_quiet_is_told_by_way(station: Station) -> None:
    def work(client: Client) -> None:
        assert isinstance(client, QuietCalls)
        assert client.kept_quiet() == []
        key = client.raise_alert("Disk full", "critical", service="db-3")["id"]
        silence = client.set_silence("service=db-3", "replaced", duration_s=600)
        assert client.preview_silence("service=db-3")["hides"] == 1
        assert [one["id"] for one in client.silences()] == [silence["id"]]
        (kept,) = client.kept_quiet()
        assert (kept["alert_id"], kept["by"]) == (key, silence["id"])
        assert client.kept_quiet("silence") == [kept]
        assert client.kept_quiet("flapping") == []
        with pytest.raises(ApiRefused, match="way"):
            client.kept_quiet("luck")
        client.lift_silence(silence["id"])
        assert client.kept_quiet() == []

    with_client(station, work)
