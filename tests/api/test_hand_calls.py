"""The client's part about who has an alert, against a real door."""

from __future__ import annotations

import pytest

from crisisdesk.api.client import ApiRefused, Client
from crisisdesk.api.hand_calls import HandCalls

from tests.api.station import Station
from tests.api.test_client import with_client


def test_a_desk_keeps_claims_and_hands_over(station: Station) -> None:
    def work(client: Client) -> None:
        assert isinstance(client, HandCalls)
        alert = client.raise_alert("Disk full", "critical")
        key = alert["id"]
        client.acknowledge([key])
        assert client.still_on_it([key], epochs=[alert["epoch"]]) == [key]
        client.save_contact({"name": "Ana"})
        assert client.hand_off(key, "Ana", "yours")["handoff"]["note"] == "yours"
        assert client.withdraw_hand_off(key)["handoff"] is None
        client.hand_off(key, "Ana")
        client.operator = "Ana"
        assert client.decline(key, "asleep")["owner"] == "Zoë Ng"
        assert client.claim(key)["owner"] == "Ana"
        client.set_station(operator="Kim")
        client.hand_off(key, "Kim")
        client.operator = "Kim"
        assert client.accept(key)["owner"] == "Kim"
        with pytest.raises(ApiRefused, match="offered to nobody"):
            client.accept(key)

    with_client(station, work)
