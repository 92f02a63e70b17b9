"""All hands: whose own word is still awaited."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.ids import escalation_id_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.hands import is_awaited, missing_hands

from tests.engine.handlers.test_escalating import fire, person, publish
from tests.store.workload import Station


def missing(station: Station, alert_id: str) -> set[str]:
    alert = station.bench.need(Alert, alert_id, "alert_id")
    name = escalation_id_of(alert_id, alert.epoch, alert.life)
    state = station.bench.need(Escalation, name, "escalation_id")
    found = set(missing_hands(station.bench, state, alert))
    for contact in station.bench.contacts():
        awaited = is_awaited(station.bench, alert, contact.contact_id)
        assert awaited is (contact.contact_id in found)
    return found


def test_each_is_awaited_until_they_have_said_so(station: Station) -> None:
    a, b, other = person(station, "A"), person(station, "B"), person(station, "C")
    publish(station, {"to": [{"contact": a}, {"contact": b}], "ack": "all"})
    alert_id = fire(station)
    assert missing(station, alert_id) == {a, b}
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="C")
    assert missing(station, alert_id) == {a, b}, f"{other} was not asked"
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="A")
    assert missing(station, alert_id) == {b}
    station.do(c.RemoveContact(contact_id=b))
    assert missing(station, alert_id) == set(), "who is gone is waited for no longer"


def test_where_one_is_enough_nobody_is_awaited(station: Station) -> None:
    person(station, "A")
    person(station, "B")
    assert missing(station, fire(station)) == set()
