"""The routes of the channel map and of what is out."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.api.outages import ChannelMapOut, supposed
from crisisdesk.domain.errors import Malformed

from tests.api.station import Station
from tests.api.test_people import saved


def test_one_is_set_listed_and_ended(station: Station) -> None:
    order = {"dependency": "DNS", "reason": "resolver down", "duration_s": 3_600}
    answer = station.ask("POST", "/crisis/outages/", json=order)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["dependency"], made["said"], made["by"]) == ("dns", True, "Zoë Ng")
    assert made["because"] == "said by Zoë Ng: resolver down"
    assert made["until"] is not None
    assert station.ask("GET", "/crisis/outages/").json() == {"results": [made]}
    end = {"dependency": "dns"}
    assert station.ask("POST", "/crisis/outages/end/", json=end).status_code == 204
    assert station.ask("GET", "/crisis/outages/").json() == {"results": []}
    assert station.ask("POST", "/crisis/outages/end/", json=end).status_code == 404


def test_the_map_says_what_would_follow(station: Station) -> None:
    emergency = {"phones": ["+420 1"], "mails": []}
    saved(station, name="Bob", emergency=emergency)
    told = ChannelMapOut(**station.ask("GET", "/crisis/channels/map/").json())
    [row] = told.channels
    assert (row.arrives, row.contacts, row.saved) == (True, 1, 1)
    assert told.unreachable == []
    name = row.needs[0]
    asked = station.ask("GET", "/crisis/channels/map/", params={"without": f"{name},fax"}).json()
    supposed_out = ChannelMapOut(**asked)
    assert supposed_out.headline.endswith("The one contact cannot be reached.")
    assert supposed_out.unreachable[0].emergency.phones == ["+420 1"]
    assert [d.dependency for d in supposed_out.dependencies if d.supposed] == [name, "fax"]
    assert station.ask("GET", "/crisis/outages/").json() == {"results": []}


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"dependency": ""}, 400, "dependency"),
        ({"dependency": "a,b"}, 400, "dependency"),
        ({"reason": ""}, 400, "reason"),
        ({"incident_id": "INC-7K3QX2M9"}, 404, "incident_id"),
        ({"until": None}, 400, "until"),
        ({"until": "2026-01-01T00:00:00Z"}, 400, "until"),
        ({"duration_s": 0}, 400, "duration_s"),
        ({"more": 1}, 400, "more"),
    ],
)
def test_what_cannot_be_used_is_refused(
    station: Station, fields: dict[str, Any], status: int, field: str
) -> None:
    head = station.head()
    order = {"dependency": "dns", "reason": "x", **fields}
    answer = station.ask("POST", "/crisis/outages/", json=order)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert station.head() == head


def test_names_that_are_supposed() -> None:
    assert supposed(" DNS ,, isp:acme") == ["dns", "isp:acme"]
    for wrong in ("a/b", ",".join(f"n{i}" for i in range(31))):
        with pytest.raises(Malformed) as refused:
            supposed(wrong)
        assert refused.value.field == "without"
