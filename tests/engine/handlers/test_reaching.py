"""Pages go around what is out, say so, and still go when nothing else is left."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_story import Telling, story
from crisisdesk.engine import commands as c
from crisisdesk.engine.channels_at_hand import MEASURED_FOR_MS
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.outage_commands import AskReach, EndOutage, SetOutage
from crisisdesk.engine.ports import Outcome
from crisisdesk.store.queries import StationReader

from tests.engine.handlers.test_paging import REFUSED, claim, fire_high, page, settle
from tests.store.workload import Station

OWN_MODEM = {"kind": "channel_dependencies", "channels": {"sms": ["-internet", "-dns"]}}
TIMEOUT = Outcome(ok=False, words="no answer", retryable=False)


def method(number: int, channel: str, **more: Any) -> dict[str, Any]:
    return {
        "method_id": f"m{number}",
        "channel": channel,
        "label": "",
        "masked": f"{channel}://…",
        "min_severity": "high",
        **more,
    }


def ann(station: Station, *channels: str) -> str:
    """Ann, by these channels in this order; SMS goes by an own modem."""
    station.do(PublishPolicy(name="Ours", content=OWN_MODEM))
    methods = [method(n, channel) for n, channel in enumerate(channels, start=1)]
    contact_id: str = station.do(c.SaveContact(name="Ann", methods=methods))[0]
    return contact_id


def deliveries(station: Station) -> list[Delivery]:
    reader = StationReader(station.path)
    try:
        return sorted(reader.deliveries(), key=lambda d: (d.queued_at, d.method_id))
    finally:
        reader.close()


def told(station: Station, delivery: Delivery) -> list[str]:
    reader = StationReader(station.path)
    try:
        events = reader.history([delivery.delivery_id])
    finally:
        reader.close()
    return [p.words for p in story(events, Telling({}, station.now_ms))]


def test_a_way_that_needs_what_is_out_comes_last_and_the_story_says_why(station: Station) -> None:
    ann(station, "email", "sms")
    station.do(SetOutage(dependency="DNS", reason="resolver down"))
    page(station)
    [first] = claim(station)
    assert first.channel == "sms"
    why = "By SMS, because mail depends on dns, which Klára Langová has taken out"
    assert why in told(station, first)
    settle(station, first, REFUSED)
    [second] = claim(station)
    assert second.channel == "email"
    assert "although it depends on dns" in told(station, second)[1]
    assert "no way that works is left" in told(station, second)[1]


def test_while_nothing_is_out_nothing_is_said(station: Station) -> None:
    ann(station, "email", "sms")
    page(station)
    [first] = claim(station)
    assert (first.channel, first.routed) == ("email", {})


def test_when_it_is_over_pages_go_their_usual_way_again(station: Station) -> None:
    ann(station, "email", "sms")
    station.do(SetOutage(dependency="dns", reason="x", duration_ms=60_000))
    station.now_ms += 60_000
    page(station)
    [first] = claim(station)
    assert (first.channel, first.routed) == ("email", {})


def test_a_broken_way_is_used_when_no_other_is_left(station: Station) -> None:
    ann(station, "email", "slack")
    station.do(SetOutage(dependency="dns", reason="x"))
    assert station.do(AskReach())[0] == (
        "nobody can be reached by a working way (dns): dns is out, said by Klára Langová: x"
    )
    page(station)
    [first] = claim(station)
    assert first.channel == "email"
    assert first.routed["missing"]["needs"] == "dns"
    station.do(EndOutage(dependency="dns"))
    assert station.do(AskReach())[0] == ""


def test_no_way_is_left_out_when_the_order_changes_between_two(station: Station) -> None:
    ann(station, "email", "sms", "slack")
    page(station)
    [mail] = claim(station)
    station.do(SetOutage(dependency="dns", reason="x"))
    settle(station, mail, REFUSED)
    [sms] = claim(station)
    settle(station, sms, REFUSED)
    [slack] = claim(station)
    assert [d.channel for d in (mail, sms, slack)] == ["email", "sms", "slack"]
    settle(station, slack, REFUSED)
    assert claim(station) == []
    assert len(deliveries(station)) == 3


def test_the_order_changes_back_and_still_each_way_is_tried_once(station: Station) -> None:
    ann(station, "email", "sms")
    station.do(SetOutage(dependency="dns", reason="x"))
    page(station)
    [sms] = claim(station)
    station.do(EndOutage(dependency="dns"))
    settle(station, sms, REFUSED)
    [mail] = claim(station)
    assert (sms.channel, mail.channel) == ("sms", "email")
    settle(station, mail, REFUSED)
    assert claim(station) == []


def test_an_incident_that_names_it_takes_it_out_until_it_ends(station: Station) -> None:
    ann(station, "email", "sms")
    alert_id = _named(station, "dns")
    incident_id = station.do(c.EscalateAlert(alert_id=alert_id))[0]
    fire_high(station)
    [first] = [d for d in claim(station) if d.alert_id != alert_id]
    assert first.channel == "sms"
    assert f"which {incident_id} has taken out" in told(station, first)[1]
    station.do(c.ChangeIncidentStatus(incident_id=incident_id, status="resolved"))
    page(station, 8)
    assert "email" in {d.channel for d in claim(station)}


def _named(station: Station, service: str) -> str:
    from tests.store.workload import signal

    signals = [signal(4, severity="low", service=service)]
    ids: list[str] = station.do(c.TakeIn(signals=signals), actor="source:test")[0]
    return ids[0]


def test_what_an_incident_names_counts_after_a_restart_and_after_taking_back(
    station: Station,
) -> None:
    ann(station, "email", "sms")
    alert_id = _named(station, "dns")
    incident_id = station.do(c.EscalateAlert(alert_id=alert_id))[0]
    station.recover()
    assert list(station.bench.at_hand.channels.named()[0].names) == [
        "availability",
        "dns",
        "frankfurt",
    ]
    station.do(c.LinkAlert(incident_id=incident_id, alert_id=alert_id, linked=False))
    assert "dns" not in station.bench.at_hand.channels.named()[0].names
    station.do(c.LinkAlert(incident_id=incident_id, alert_id=alert_id, linked=True))
    station.do(c.ResolveAlert(alert_id=alert_id, reason="up"))
    assert "dns" not in station.bench.at_hand.channels.named()[0].names


def test_a_suspicion_sends_the_worst_pages_by_a_second_unrelated_way(station: Station) -> None:
    contact_id = ann(station, "email", "slack", "sms")
    for number in (1, 2):
        station.do(c.SendTestPage(contact_id=contact_id, method_id=f"m{number}"))
    for delivery in claim(station):
        settle(station, delivery, TIMEOUT)
    fire_high(station)
    assert [d.channel for d in claim(station)] == ["email"], "a high page goes by one way"
    page(station)
    found = {d.channel: d for d in claim(station)}
    assert set(found) == {"email", "sms"}
    words = told(station, found["sms"])[1]
    assert words == "By SMS as well as by mail, because that depends on internet, which may be out"
    settle(station, found["email"], REFUSED)
    settle(station, found["sms"], REFUSED)
    left = [d.channel for d in claim(station)]
    assert left == ["slack"], "what is left is tried once, not once for each of the two"


def test_what_is_suspected_is_measured_anew_after_a_while(station: Station) -> None:
    contact_id = ann(station, "email", "slack", "sms")
    page(station)
    settle(station, claim(station)[0], REFUSED)
    for number in (1, 2):
        station.do(c.SendTestPage(contact_id=contact_id, method_id=f"m{number}"))
    for delivery in claim(station):
        settle(station, delivery, TIMEOUT)
    page(station, 8)
    before = len([d for d in deliveries(station) if d.routed.get("beside")])
    station.now_ms += MEASURED_FOR_MS
    page(station, 13)
    after = len([d for d in deliveries(station) if d.routed.get("beside")])
    assert (before, after) == (0, 1)
