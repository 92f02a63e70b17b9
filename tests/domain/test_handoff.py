"""Handing over: the giver keeps it until the receiver accepts; what came first ends the offer."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.event import Event

from tests.domain.events import JONAS, KLARA, START
from tests.domain.test_holding import any_order, hold, run_out, taken, until
from tests.domain.test_merge import BERLIN, PRAGUE, Two

# Klára sits in Prague and has it, Jonas in Berlin is asked.


def offered() -> tuple[Two, Event]:
    log, _ack = taken()
    body = {"to": JONAS, "contact_id": "C-2", "until": until(12), "note": "you know it"}
    offer = log.add(PRAGUE, 120, "alert.handoff_offered", epoch="n1", life=1, **body, hold=hold(32))
    return log, offer


def say(log: Two, origin: str, at: int, what: str, offer: Event, **more: Any) -> Event:
    body = {"epoch": "n1", "life": 1, "offer": offer.id, **more}
    return log.add(origin, at, f"alert.handoff_{what}", **body)


def test_until_it_is_accepted_the_giver_keeps_it_and_has_given_a_sign_of_life() -> None:
    log, offer = offered()
    state = any_order(log)
    assert (state.owner, state.hold_until) == (KLARA, until(32))
    told = (state.handoff_id, state.handoff_by, state.handoff_to, state.handoff_note)
    assert told == (offer.id, KLARA, JONAS, "you know it")
    assert (state.handoff_at, state.handoff_contact) == (START + 120_000, "C-2")
    assert state.hold_due == until(12)


def test_accepted_it_changes_hands_and_the_first_response_stays_the_givers() -> None:
    log, offer = offered()
    say(log, BERLIN, 130, "accepted", offer, generation=1, hold=hold(33))
    state = any_order(log)
    assert (state.owner, state.acknowledged_by) == (JONAS, KLARA)
    assert state.also_acknowledged_by == [JONAS]
    assert (state.handoff_id, state.handoff_to, state.hold_until) == ("", "", until(33))
    assert state.response_ms == 60_000


@pytest.mark.parametrize("what", ["declined", "withdrawn", "expired"])
def test_ended_otherwise_it_stays_with_the_giver(what: str) -> None:
    log, offer = offered()
    say(log, BERLIN, 130, what, offer, reason="asleep")
    state = any_order(log)
    assert (state.owner, state.handoff_id, state.also_done) == (KLARA, "", [])


@pytest.mark.parametrize("what", ["declined", "withdrawn", "expired"])
def test_of_two_ends_the_first_counts_and_the_other_is_shown(what: str) -> None:
    log, offer = offered()
    say(log, BERLIN, 130, "accepted", offer, generation=1)
    say(log, PRAGUE, 131, what, offer)
    state = any_order(log)
    assert state.owner == JONAS
    words = {"expired": "unanswered"}.get(what, what)
    assert [(t["what"], t["by"]) for t in state.also_done] == [(f"handoff_{words}", KLARA)]


def test_accepted_after_it_was_taken_back_still_says_that_one_has_it() -> None:
    log, offer = offered()
    say(log, PRAGUE, 129, "withdrawn", offer)
    say(log, BERLIN, 130, "accepted", offer, generation=1)
    state = any_order(log)
    assert (state.owner, state.also_acknowledged_by) == (KLARA, [JONAS])
    assert [t["what"] for t in state.also_done] == ["handoff_accepted"]


def test_accepted_while_somebody_claims_it_both_are_shown() -> None:
    log, offer = offered()
    log.add("c" * 32, 129, "alert.investigating", epoch="n1", generation=1)
    log.events[-1] = claimed = _by(log.events[-1], "Zoë")
    say(log, BERLIN, 130, "accepted", offer, generation=1)
    state = any_order(log)
    assert (state.owner, state.rival_owners) == (claimed.actor, [JONAS])
    assert state.handoff_id == ""


def _by(event: Event, actor: str) -> Event:
    from dataclasses import replace

    return replace(event, actor=actor)


def test_an_offer_outlives_the_givers_own_acknowledgement() -> None:
    log, ack = taken()
    body = {"to": JONAS, "until": until(40)}
    offer = log.add(PRAGUE, 120, "alert.handoff_offered", epoch="n1", life=1, **body)
    run_out(log, PRAGUE, 1_800, ack, until(30))
    state = any_order(log)
    assert (state.owner, state.handoff_id, state.hold_due) == ("", offer.id, until(40))
    say(log, BERLIN, 1_900, "accepted", offer, generation=1, hold=hold(61))
    state = any_order(log)
    assert (state.owner, state.status, state.hold_until) == (JONAS, "acknowledged", until(61))


def test_taking_the_acknowledgement_back_takes_the_offer_back() -> None:
    log, ack = taken()
    log.add(PRAGUE, 120, "alert.handoff_offered", epoch="n1", life=1, to=JONAS, until=until(12))
    log.add(PRAGUE, 130, "alert.unacknowledged", ack_id=ack.id)
    state = any_order(log)
    assert (state.owner, state.handoff_id) == ("", "")


def test_of_two_offers_at_once_the_first_stands() -> None:
    log, offer = offered()
    other = {"epoch": "n1", "life": 1, "to": "Zoë", "until": until(13)}
    log.add(BERLIN, 121, "alert.handoff_offered", **other)
    state = any_order(log)
    assert (state.handoff_id, state.handoff_to) == (offer.id, JONAS)
    assert state.also_done[0]["to"] == "Zoë"


def test_an_offer_of_what_is_over_is_none() -> None:
    log, _offer = offered()
    log.add(PRAGUE, 140, "alert.resolved", epoch="n1", life=1)
    state = any_order(log)
    assert state.hold_due is None
    log.add(BERLIN, 141, "alert.handoff_accepted", epoch="n1", life=1, offer="x", generation=1)
    assert any_order(log).owner == KLARA
