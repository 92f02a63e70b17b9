"""The client's calls about heartbeats, against a real door."""

from __future__ import annotations

import pytest

from crisisdesk.api.client import ApiRefused, Client

from tests.api.station import Station
from tests.api.test_client import with_client


def test_a_heartbeat_is_declared_changed_and_removed(station: Station) -> None:
    def work(client: Client) -> None:
        made = client.declare_heartbeat("backup", 300, severity="high")
        assert made["path"].startswith("/crisis/heartbeats/")
        assert client.change_heartbeat(made["heartbeat_id"], paused=True)["state"] == "paused"
        assert [one["name"] for one in client.heartbeats()] == ["backup"]
        client.remove_heartbeat(made["heartbeat_id"])
        assert client.heartbeats() == []
        with pytest.raises(ApiRefused) as refused:
            client.remove_heartbeat(made["heartbeat_id"])
        assert refused.value.field == "heartbeat_id"

    with_client(station, work)


def test_loop_tests_are_asked_for(station: Station) -> None:
    def work(client: Client) -> None:
        card = {"name": "Loop", "methods": [{"url": "mailto://u:p@example.org"}]}
        saved = client.save_contact(card)
        method_id = saved["methods"][0]["method_id"]
        made = client.set_loop_test(saved["contact_id"], method_id, every_s=120)
        assert made["messages_a_day"] == 720
        assert [one["method_id"] for one in client.loop_tests()] == [method_id]
        client.end_loop_test(method_id)
        assert client.loop_tests() == []

    with_client(station, work)
