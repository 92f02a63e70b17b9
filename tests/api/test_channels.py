"""The routes of channels, and the page that tries one."""

from __future__ import annotations

from crisisdesk.api.channels import ChannelsOut

from tests.api.station import Station
from tests.api.test_people import saved


def test_a_test_page_is_sent_and_told_as_a_notification(station: Station) -> None:
    contact = saved(station)
    method = contact["methods"][0]["method_id"]
    order = {"contact_id": contact["contact_id"], "method_id": method}
    answer = station.ask("POST", "/crisis/notifications/send/", json=order)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["notification_type"], told["recipients"]) == ("test", ["Ana"])
    [listed] = station.ask("GET", "/crisis/notifications/").json()["results"]
    assert listed["id"] == told["id"]


def test_a_channel_tells_what_the_log_shows(station: Station) -> None:
    contact = saved(station)
    emergency = {"phones": ["+420 1"], "mails": []}
    saved(station, name="Bob", methods=[], emergency=emergency)
    before = station.ask("GET", "/crisis/channels/").json()
    [line] = before["results"]
    assert (line["verdict"], line["contacts"], line["only"]) == ("not used lately", 1, 1)
    assert before["untried_contacts"] == 1
    [alone] = before["without_working_channel"]
    assert (alone["name"], alone["emergency"]["phones"]) == ("Bob", ["+420 1"])
    order = {
        "contact_id": contact["contact_id"],
        "method_id": contact["methods"][0]["method_id"],
    }
    station.ask("POST", "/crisis/notifications/send/", json=order)
    for _ in range(500):
        told = station.ask("GET", "/crisis/channels/").json()
        if told["results"][0]["sent_last_hour"]:
            break
    after = ChannelsOut(**told).results[0]
    assert (after.verdict, after.sent_last_hour, after.failing_share) == ("works", 1, 0.0)
    assert after.methods[0].masked == contact["methods"][0]["masked"]
    assert "hunter22" not in str(told)


def test_an_order_that_names_nobody_is_refused(station: Station) -> None:
    contact = saved(station)
    head = station.head()
    for order, field, code in (
        ({"contact_id": "C-NONE", "method_id": "M"}, "contact_id", 404),
        ({"contact_id": contact["contact_id"], "method_id": "M"}, "method_id", 404),
        ({"contact_id": contact["contact_id"]}, "method_id", 400),
        ({"contact_id": "C", "method_id": "M", "text": "x"}, "text", 400),
    ):
        answer = station.ask("POST", "/crisis/notifications/send/", json=order)
        assert (answer.status_code, answer.json()["error"]["field"]) == (code, field)
    assert station.head() == head
