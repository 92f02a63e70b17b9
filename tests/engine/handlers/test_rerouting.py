"""What waits for a way that is out goes by another, once, however the outage came to be."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from crisisdesk.domain.delivery import DeliveryStatus
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.engine.handlers import rerouting
from crisisdesk.engine.outage_commands import EndOutage, RerouteWaiting, SetOutage

from tests.engine.handlers.test_paging import BUSY, REFUSED, TAKEN, claim, page, settle
from tests.engine.handlers.test_reaching import OWN_MODEM, _named, ann, deliveries, method, told
from tests.store.workload import Station


def look(station: Station) -> int:
    paged: int = station.do(RerouteWaiting(), actor="engine")[0]
    return paged


def waiting_mail(station: Station, *channels: str) -> None:
    """Ann's page by mail was put off by her server."""
    ann(station, *channels)
    page(station)
    settle(station, claim(station)[0], BUSY)


def test_an_incident_that_names_it_is_enough(station: Station) -> None:
    waiting_mail(station, "email", "sms")
    assert look(station) == 0
    incident_id = station.do(c.EscalateAlert(alert_id=_named(station, "dns")))[0]
    assert look(station) == 1
    [sms] = [d for d in deliveries(station) if d.channel == "sms" and "around" in d.routed]
    why = f"By SMS, because mail depends on dns, which {incident_id} has taken out"
    assert why in told(station, sms)


def test_it_goes_by_one_more_way_and_not_by_all_of_them(station: Station) -> None:
    waiting_mail(station, "email", "sms", "sms")
    station.do(SetOutage(dependency="dns", reason="x"))
    assert [d.channel for d in deliveries(station)] == ["email", "sms"]
    head = station.journal.head().seq
    assert [look(station) for _ in range(3)] == [0, 0, 0]
    station.do(EndOutage(dependency="dns"))
    station.do(SetOutage(dependency="dns", reason="again"))
    assert look(station) == 0
    assert station.journal.head().seq > head, "the words were kept"
    assert len(deliveries(station)) == 2
    [sms] = claim(station)
    settle(station, sms, TAKEN)
    assert look(station) == 0, "it has gone by a working way"


def test_where_the_other_way_failed_the_next_one_is_taken(station: Station) -> None:
    waiting_mail(station, "email", "sms", "sms")
    station.do(SetOutage(dependency="dns", reason="x"))
    settle(station, claim(station)[0], REFUSED)
    assert [d.method_id for d in deliveries(station)] == ["m1", "m2", "m3"]
    settle(station, claim(station)[0], REFUSED)
    assert look(station) == 0, "each way is gone by once"


def test_a_way_that_is_entered_meanwhile_is_found(station: Station) -> None:
    contact_id = ann(station, "email")
    page(station)
    settle(station, claim(station)[0], BUSY)
    station.do(SetOutage(dependency="dns", reason="x"))
    assert [look(station) for _ in range(2)] == [0, 0]
    both = [method(1, "email"), method(2, "sms")]
    station.do(c.SaveContact(contact_id=contact_id, name="Ann", methods=both))
    assert [look(station) for _ in range(2)] == [1, 0]
    less = {"sms": ["-internet", "-dns"], "email": ["-internet", "-dns"]}
    station.do(PublishPolicy(name="Ours", content=OWN_MODEM | {"channels": less}))
    assert look(station) == 0


def test_one_that_is_wanted_again_is_looked_at_again(station: Station) -> None:
    waiting_mail(station, "email", "sms")
    alert_id = deliveries(station)[0].alert_id
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    station.do(SetOutage(dependency="dns", reason="x"))
    assert look(station) == 0
    station.do(c.UnacknowledgeAlerts(alert_ids=[alert_id]))
    look(station)
    [first] = [d for d in deliveries(station) if (d.channel, d.reason) == ("sms", "fired")]
    assert first.status == DeliveryStatus.QUEUED


def test_one_that_is_with_the_provider_is_left_until_it_waits_again(station: Station) -> None:
    ann(station, "email", "sms")
    page(station)
    [mail] = claim(station)
    station.do(SetOutage(dependency="dns", reason="x"))
    assert len(deliveries(station)) == 1
    settle(station, mail, BUSY)
    assert look(station) == 1


def test_one_that_waits_in_the_message_of_another_is_looked_at_as_well(station: Station) -> None:
    ann(station, "email", "sms")
    page(station, 3)
    page(station, 8)
    claimed = claim(station, per_method=1)
    assert sorted(d.status for d in claimed) == ["bundled", "sending"]
    [carrier] = [d for d in claimed if d.status == DeliveryStatus.SENDING]
    station.do(SetOutage(dependency="dns", reason="x"))
    assert len(deliveries(station)) == 2
    settle(station, carrier, BUSY)
    assert look(station) == 2
    assert Counter(d.channel for d in deliveries(station)) == {"email": 2, "sms": 2}
    assert look(station) == 0


def test_of_many_so_many_go_at_a_look(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerouting, "REROUTED_AT_ONCE", 2)
    ann(station, "email", "sms")
    for number in range(5):
        page(station, number)
    station.do(SetOutage(dependency="dns", reason="x"))
    assert Counter(d.channel for d in deliveries(station)) == {"email": 5, "sms": 2}
    assert [look(station) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_each_way_is_gone_by_once(station: Station, seed: int) -> None:
    chance = random.Random(seed)
    ann(station, "email", "sms", "slack", "sms")
    alerts = [page(station, number) for number in range(3)]
    for _ in range(30):
        step = chance.randrange(6)
        if step == 0:
            station.do(SetOutage(dependency=chance.choice(("dns", "aws", "slack")), reason="x"))
        elif step == 1:
            station.do(EndOutage(dependency=chance.choice(("dns", "aws", "slack"))))
        elif step == 2:
            for delivery in claim(station):
                if delivery.status == DeliveryStatus.SENDING:
                    settle(station, delivery, chance.choice((BUSY, REFUSED, TAKEN)))
        elif step == 3:
            station.now_ms += chance.choice((1_000, 45_000, 400_000))
        elif step == 4:
            station.do(c.AcknowledgeAlerts(alert_ids=[chance.choice(alerts)]))
        else:
            station.do(c.UnacknowledgeAlerts(alert_ids=[chance.choice(alerts)]))
        look(station)
        assert look(station) == 0, "what was looked at is not paged again"
    gone = Counter((d.alert_id, d.reason, d.method_id) for d in deliveries(station))
    assert set(gone.values()) == {1}
