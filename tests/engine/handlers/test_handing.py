"""Claiming and handing over: who has it after each word, and who is told."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import DomainError
from crisisdesk.engine import commands as c
from crisisdesk.engine.hold_commands import AcceptOffer, DeclineOffer, OfferAlert, WithdrawOffer

from tests.engine.handlers.test_escalating import MINUTE, fire, person
from tests.engine.handlers.test_holding import kinds, taken, titles
from tests.engine.handlers.test_leases import PRIYA, SAM, ack, alert_of, hold_left
from tests.store.workload import Station


def offered(station: Station, note: str = "") -> str:
    alert_id = taken(station)
    order = OfferAlert(alert_id=alert_id, to=PRIYA.upper(), note=note)
    assert station.do(order, actor=SAM) == [PRIYA]
    return alert_id


def refusal(station: Station, order: Any, who: str) -> str:
    refused = station.do(order, actor=who)[0]
    assert isinstance(refused, DomainError)
    return str(refused)


def test_claiming_names_whom_it_was_taken_from_and_tells_them(station: Station) -> None:
    alert_id = taken(station)
    station.do(c.InvestigateAlert(alert_id=alert_id), actor=PRIYA)
    alert = alert_of(station, alert_id)
    assert (alert.owner, alert.status, alert.acknowledged_by) == (PRIYA, "investigating", SAM)
    event = station.journal.story(alert_id)[1][-1]
    assert event.body["from"] == SAM
    assert titles(station) == [(SAM, "Taken")]
    assert hold_left(station, alert_id) == 30


def test_claiming_what_nobody_has_or_one_has_tells_nobody(station: Station) -> None:
    person(station, SAM)
    alert_id = fire(station, severity="high")
    for _ in range(2):
        station.do(c.InvestigateAlert(alert_id=alert_id), actor=SAM)
    assert kinds(station, alert_id) == ["fired", "investigating", "ack_renewed"]
    assert titles(station) == []


def test_the_receiver_is_paged_and_the_giver_keeps_it(station: Station) -> None:
    alert_id = offered(station, "you know this one")
    alert = alert_of(station, alert_id)
    assert (alert.owner, alert.handoff_to, alert.handoff_note) == (SAM, PRIYA, "you know this one")
    assert titles(station) == [(PRIYA, "Take")]
    assert hold_left(station, alert_id) == 30


@pytest.mark.parametrize("how", ["accept", "ack", "claim"])
def test_however_the_receiver_says_yes_it_is_theirs_and_the_giver_is_told(
    station: Station, how: str
) -> None:
    alert_id = offered(station)
    order = {
        "accept": AcceptOffer(alert_id=alert_id),
        "ack": c.AcknowledgeAlerts(alert_ids=[alert_id]),
        "claim": c.InvestigateAlert(alert_id=alert_id),
    }[how]
    station.do(order, actor=PRIYA)
    alert = alert_of(station, alert_id)
    assert (alert.owner, alert.handoff_id) == (PRIYA, "")
    assert kinds(station, alert_id)[-1] == "handoff_accepted"
    assert (SAM, "Taken") in titles(station)


def test_declining_needs_a_reason_and_tells_the_giver(station: Station) -> None:
    alert_id = offered(station)
    assert "reason: is empty" in refusal(
        station, DeclineOffer(alert_id=alert_id, reason=" "), PRIYA
    )
    station.do(DeclineOffer(alert_id=alert_id, reason="on a plane"), actor=PRIYA)
    alert = alert_of(station, alert_id)
    assert (alert.owner, alert.handoff_id) == (SAM, "")
    assert (SAM, "Hand-off") in titles(station)


def test_taking_the_offer_back_drops_its_page(station: Station) -> None:
    alert_id = offered(station)
    station.do(WithdrawOffer(alert_id=alert_id), actor=SAM)
    assert alert_of(station, alert_id).handoff_id == ""
    assert station.do(c.ClaimDeliveries(), actor="engine")[0] == []
    assert titles(station) == []


def test_a_second_offer_takes_the_first_back_and_the_same_one_is_one(station: Station) -> None:
    alert_id = offered(station)
    person(station, "Zoë")
    before = len(kinds(station, alert_id))
    assert station.do(OfferAlert(alert_id=alert_id, to=PRIYA), actor=SAM) == [PRIYA]
    assert len(kinds(station, alert_id)) == before
    assert station.do(OfferAlert(alert_id=alert_id, to="Zoë"), actor=SAM) == ["Zoë"]
    assert kinds(station, alert_id)[-2:] == ["handoff_withdrawn", "handoff_offered"]


def test_whoever_sits_at_a_desk_can_be_asked_without_a_card(station: Station) -> None:
    alert_id = taken(station)
    station.do(c.ChangeOperator(operator="Kim"), actor="Kim")
    assert station.do(OfferAlert(alert_id=alert_id, to="kim"), actor=SAM) == ["Kim"]
    assert titles(station) == []
    station.do(AcceptOffer(alert_id=alert_id), actor="Kim")
    assert alert_of(station, alert_id).owner == "Kim"


def test_a_contact_may_be_named_by_its_id(station: Station) -> None:
    alert_id = taken(station)
    contact = next(one for one in station.bench.contacts() if one.name == PRIYA)
    assert station.do(OfferAlert(alert_id=alert_id, to=contact.contact_id), actor=SAM) == [PRIYA]


@pytest.mark.parametrize(
    ("to", "who", "problem"),
    [
        ("Nobody Known", SAM, "nobody here is called 'Nobody Known'"),
        (SAM, SAM, "Sam has it already"),
        (PRIYA, PRIYA, "Sam has A-"),
        ("  ", SAM, "to: is empty"),
        ("Twin", SAM, "'Twin' are 2 contacts"),
    ],
)
def test_what_cannot_be_offered_is_refused_in_words(
    station: Station, to: str, who: str, problem: str
) -> None:
    alert_id = taken(station)
    person(station, "Twin")
    person(station, "Twin")
    before = kinds(station, alert_id)
    assert problem in refusal(station, OfferAlert(alert_id=alert_id, to=to), who)
    assert kinds(station, alert_id) == before


def test_what_nobody_has_cannot_be_handed_over(station: Station) -> None:
    person(station, PRIYA)
    alert_id = fire(station)
    order = OfferAlert(alert_id=alert_id, to=PRIYA)
    assert "nobody has" in refusal(station, order, SAM)
    ack(station, alert_id)
    station.do(c.ResolveAlert(alert_id=alert_id))
    assert "is resolved" in refusal(station, order, SAM)


def test_only_whom_it_was_offered_to_can_answer(station: Station) -> None:
    alert_id = offered(station)
    for order in (AcceptOffer(alert_id=alert_id), DeclineOffer(alert_id=alert_id, reason="x")):
        assert f"offered to {PRIYA}, not to Zoë" in refusal(station, order, "Zoë")
    assert f"{SAM} offered it, not Zoë" in refusal(station, WithdrawOffer(alert_id=alert_id), "Zoë")


def test_an_answer_after_the_end_says_who_has_it(station: Station) -> None:
    alert_id = offered(station)
    station.do(WithdrawOffer(alert_id=alert_id), actor=SAM)
    assert f"{SAM} has it" in refusal(station, AcceptOffer(alert_id=alert_id), PRIYA)
    assert "offered to nobody" in refusal(station, WithdrawOffer(alert_id=alert_id), SAM)


def test_the_giver_may_be_late_and_the_receiver_still_takes_it(station: Station) -> None:
    from crisisdesk.engine.hold_commands import MindHolds
    from crisisdesk.engine.policy import Policy

    long = Policy().hold
    object.__setattr__(long, "offer_ms", 60 * MINUTE)
    object.__setattr__(station.bench.policy, "hold", long)
    alert_id = offered(station)
    station.now_ms += 31 * MINUTE
    station.do(MindHolds(), actor="engine")
    alert = alert_of(station, alert_id)
    assert (alert.owner, bool(alert.handoff_id)) == ("", True)
    station.do(AcceptOffer(alert_id=alert_id), actor=PRIYA)
    alert = alert_of(station, alert_id)
    assert (alert.owner, alert.status) == (PRIYA, "acknowledged")
