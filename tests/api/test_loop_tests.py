"""Loop tests at the door."""

from __future__ import annotations

from tests.api.station import OPERATOR, Station

LOOPS = "/crisis/channels/loop-tests/"


def contact(station: Station) -> tuple[str, str]:
    card = {"name": "Loop", "enabled": False, "methods": [{"url": "mailto://u:p@example.org"}]}
    told = station.ask("POST", "/crisis/contacts/", json=card, headers=OPERATOR).json()
    return told["contact_id"], told["methods"][0]["method_id"]


def test_one_is_set_listed_and_ended(station: Station) -> None:
    assert station.ask("GET", LOOPS).json() == {"results": []}
    contact_id, method_id = contact(station)
    order = {"contact_id": contact_id, "method_id": method_id}
    made = station.ask("POST", LOOPS, json=order, headers=OPERATOR)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["every_s"], told["messages_a_day"], told["proof"]) == (900, 96, "not tested yet")
    assert (told["channel"], told["contact_name"]) == ("email", "Loop")
    assert station.ask("GET", LOOPS).json()["results"] == [told]
    assert station.ask("DELETE", f"{LOOPS}{method_id}/", headers=OPERATOR).status_code == 204
    assert station.ask("DELETE", f"{LOOPS}{method_id}/", headers=OPERATOR).status_code == 404
    assert station.ask("GET", LOOPS).json() == {"results": []}


def test_what_cannot_be_set_is_refused(station: Station) -> None:
    contact_id, method_id = contact(station)
    for order, status in (
        ({"contact_id": "C-NONE", "method_id": method_id}, 404),
        ({"contact_id": contact_id, "method_id": "M-NONE"}, 404),
        ({"contact_id": contact_id, "method_id": method_id, "every_s": 59}, 400),
        ({"contact_id": contact_id}, 400),
    ):
        assert station.ask("POST", LOOPS, json=order, headers=OPERATOR).status_code == status
