"""The client's calls about sources, against a real door."""

from __future__ import annotations

import pytest

from crisisdesk.api.client import ApiRefused, Client

from tests.api.station import Station
from tests.api.test_client import with_client

PLACE = {"host": "127.0.0.1", "port": 9}


def test_a_source_is_tried_declared_changed_and_removed(station: Station) -> None:
    def work(client: Client) -> None:
        tried = client.test_source("tcp", PLACE, timeout_ms=2_000)
        assert tried["verdict"] == "down"
        made = client.declare_source("shop", "tcp", PLACE, severity="high")
        assert (made["name"], made["severity"]) == ("shop", "high")
        assert client.change_source(made["source_id"], paused=True)["state"] == "paused"
        assert [one["name"] for one in client.sources()] == ["shop"]
        client.remove_source(made["source_id"])
        assert client.sources() == []
        with pytest.raises(ApiRefused) as refused:
            client.remove_source(made["source_id"])
        assert refused.value.field == "source_id"

    with_client(station, work)
