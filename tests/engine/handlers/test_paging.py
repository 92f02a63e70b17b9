"""Deliveries: one page per contact, claimed before sending, retried, given up, fallen back."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.escalation.planning import WAIT_MS
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import MindEscalations
from crisisdesk.engine.ports import Outcome

from tests.store.workload import Station, signal

REFUSED = Outcome(ok=False, words="550 no such user", retryable=False)
BUSY = Outcome(ok=False, words="503 later", retry_after_s=40.0)
TAKEN = Outcome(ok=True, words="250 OK", provider_id="77")


def method(number: int, severity: str = "high") -> dict[str, Any]:
    return {
        "method_id": f"m{number}",
        "channel": "webhook",
        "label": "",
        "masked": "webhook://***",
        "min_severity": severity,
    }


def page(station: Station, number: int = 3) -> str:
    """Fire a critical alert; returns its id."""
    signals = [signal(number, severity="critical")]
    ids: list[str] = station.do(c.TakeIn(signals=signals), actor="source:test")[0]
    return ids[0]


def fire_high(station: Station) -> None:
    """Fire a high alert and let its wait pass."""
    station.do(c.TakeIn(signals=[signal(2, severity="high")]))
    station.now_ms += WAIT_MS["high"]
    station.do(MindEscalations(), actor="engine")


def claim(station: Station, **given: Any) -> list[Delivery]:
    return [d for d, _alert in station.do(c.ClaimDeliveries(**given), actor="engine")[0]]


def settle(station: Station, delivery: Delivery, outcome: Outcome) -> Delivery:
    order = c.SettleDelivery(
        delivery_id=delivery.delivery_id, attempt=delivery.attempt, outcome=outcome
    )
    station.do(order, actor="engine")
    return state(station, delivery.delivery_id)


def state(station: Station, delivery_id: str) -> Delivery:
    found = station.bench.get(delivery_id)
    assert isinstance(found, Delivery)
    return found


def test_every_contact_gets_one_page_by_its_first_fitting_method(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1, "emergency"), method(2), method(3)]))
    station.do(c.SaveContact(name="B", methods=[method(4)]))
    station.do(c.SaveContact(name="C", methods=[method(5, "emergency")]))
    station.do(c.SaveContact(name="D", enabled=False, methods=[method(6)]))
    page(station)
    assert sorted(d.method_id for d in claim(station)) == ["m2", "m4"]


def test_quiet_hours_keep_pages_back_but_the_worst(station: Station) -> None:
    night = {"from": "22:00", "to": "06:00"}
    asleep = {"zone": "UTC", "quiet": [night]}
    elsewhere = {"zone": "Asia/Kolkata", "quiet": [night]}
    station.do(c.SaveContact(name="A", methods=[method(1), method(2)], more=asleep))
    station.do(c.SaveContact(name="B", methods=[method(3)], more=elsewhere))
    told = method(5) | {"emergency": True}
    station.do(c.SaveContact(name="C", methods=[method(4), told], more=asleep))
    fire_high(station)
    assert sorted(d.method_id for d in claim(station)) == ["m3", "m5"]
    worst = asleep | {"quiet": [night | {"min_severity": "emergency"}]}
    station.do(c.SaveContact(name="D", methods=[method(6)], more=worst))
    page(station)
    assert sorted(d.method_id for d in claim(station)) == ["m1", "m3", "m4", "m6"]


def test_a_method_that_fell_asleep_is_passed_over_when_another_failed(station: Station) -> None:
    later = {"from": "02:06", "to": "06:00"}
    methods = [method(1), method(2) | {"quiet": [later]}, method(3)]
    station.do(c.SaveContact(name="A", methods=methods, more={"zone": "UTC"}))
    fire_high(station)
    (claimed,) = claim(station)
    station.now_ms += 120_000
    settle(station, claimed, REFUSED)
    assert [d.method_id for d in claim(station)] == ["m3"]


def test_low_severities_page_nobody(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1, "low")]))
    station.do(c.TakeIn(signals=[signal(1, severity="medium")]))
    assert claim(station) == []


def test_a_claim_is_taken_once_and_counts_the_attempt(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    (claimed,) = claim(station)
    assert (claimed.status, claimed.attempt, claimed.unknown) == ("sending", 1, 0)
    assert claim(station) == []
    sent = settle(station, claimed, TAKEN)
    assert (sent.status, sent.words, sent.provider_id, sent.due_at) == (
        "sent",
        "250 OK",
        "77",
        None,
    )


def test_a_method_gets_no_more_than_its_places(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    for number in range(6):
        page(station, 10 + number)
    assert claim(station, per_method=4, busy={"m1": 4}) == []
    first, second, third, carrier, *others = claim(station, per_method=4)
    assert [d.status for d in (first, second, third, carrier)] == ["sending"] * 4
    assert [(d.status, d.into) for d in others] == [("bundled", carrier.delivery_id)] * 2
    assert claim(station, per_method=4) == []


def test_a_passing_failure_is_tried_again_after_the_providers_wish(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    (first,) = claim(station)
    waiting = settle(station, first, BUSY)
    assert (waiting.status, waiting.words) == ("queued", "503 later")
    assert waiting.due_at is not None
    assert waiting.due_at - station.now_ms == 40_000
    assert claim(station) == []
    station.now_ms = waiting.due_at
    (second,) = claim(station)
    assert (second.attempt, second.unknown) == (2, 0)


def test_the_last_attempt_ends_it_and_the_next_method_takes_over(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1), method(2)]))
    page(station)
    for _ in range(4):
        station.now_ms += 10 * 60_000
        (claimed,) = claim(station)
        assert claimed.method_id == "m1"
        ended = settle(station, claimed, BUSY)
    assert (ended.status, ended.attempt) == ("failed", 4)
    (other,) = claim(station)
    assert other.method_id == "m2"
    assert settle(station, other, REFUSED).status == "failed"
    assert claim(station) == []


def test_whoever_hears_of_the_end_has_heard_of_the_next_method(station: Station) -> None:
    """A station may die with the rest of what it wrote untold."""
    station.do(c.SaveContact(name="A", methods=[method(1), method(2)]))
    page(station)
    (claimed,) = claim(station)
    settle(station, claimed, REFUSED)
    kinds = [kind for (kind,) in station.journal._rows("SELECT kind FROM event ORDER BY pos")]
    assert kinds[-2:] == ["delivery.queued", "delivery.failed"]


def test_a_definite_refusal_is_not_tried_again(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    (claimed,) = claim(station)
    assert settle(station, claimed, REFUSED).status == "failed"


def test_an_attempt_nobody_knows_the_end_of_is_repeated_as_such(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    (claimed,) = claim(station)
    assert claimed.due_at is not None
    station.now_ms = claimed.due_at
    (again,) = claim(station)
    assert (again.attempt, again.unknown) == (2, 1)
    late = settle(station, claimed, BUSY)
    assert late.status == "sending"
    assert settle(station, claimed, TAKEN).status == "sent"
    assert settle(station, again, BUSY).status == "sent"


def test_unknown_ends_do_not_go_on_for_ever(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    seen = 0
    while claimed := claim(station):
        seen += 1
        assert claimed[0].due_at is not None
        station.now_ms = claimed[0].due_at
    assert seen == 4
    rows = station.journal._rows("SELECT status FROM delivery")
    assert rows == [("failed",)]


def test_an_acknowledgement_stops_a_waiting_page(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    alert_id = page(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    assert claim(station) == []
    words = station.journal._rows("SELECT state FROM delivery")[0][0].decode()
    assert "superseded" in words
    assert "Klára Langová has it" in words


def test_a_resolve_and_a_newer_epoch_stop_it_too(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    gone, again = page(station, 3), page(station, 4)
    station.do(c.ResolveAlert(alert_id=gone))
    station.do(c.ResolveAlert(alert_id=again))
    page(station, 4)
    assert [(d.alert_id, d.epoch) for d in claim(station)] == [(again, "n2")]


def test_a_test_page_goes_out_whatever_the_state(station: Station) -> None:
    contact_id = station.do(c.SaveContact(name="A", methods=[method(1, "emergency")]))[0]
    order = c.SendTestPage(contact_id=contact_id, method_id="m1")
    delivery_id = station.do(order)[0]
    assert [d.delivery_id for d in claim(station)] == [delivery_id]
    wrong = c.SendTestPage(contact_id=contact_id, method_id="m9")
    assert isinstance(station.do(wrong)[0], NotFound)


def test_the_end_of_an_attempt_that_was_never_made_is_nothing(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    (delivery_id,) = station.journal._rows("SELECT agg FROM delivery")[0]
    order = c.SettleDelivery(delivery_id=delivery_id, attempt=0, outcome=BUSY)
    assert station.do(order) == [[]]
    assert state(station, delivery_id).status == "queued"


# -- several stations ----------------------------------------------------------------------------

HERE, THERE = "a" * 32, "b" * 32


def paged(station: Station) -> str:
    """One contact, one page; its delivery id."""
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    page(station)
    rows: list[tuple[str]] = station.journal._rows("SELECT agg FROM delivery")
    return rows[0][0]


def test_what_is_due_is_named_and_then_claimed_as_granted(station: Station) -> None:
    key = paged(station)
    assert station.do(c.ChooseDeliveries()) == [[[key]]]
    assert state(station, key).status == "queued"
    assert station.do(c.ChooseDeliveries(apart=frozenset({key}))) == [[]]
    (claimed,) = claim(station, terms=c.ClaimTerms(holder=HERE, token=7, granted={key: 1}))
    assert (claimed.holder, claimed.token, claimed.attempt, claimed.unknown) == (HERE, 7, 1, 0)
    assert claim(station, terms=c.ClaimTerms(holder=HERE, token=7, granted={})) == []


def test_an_attempt_the_ledger_counts_and_the_log_does_not_may_be_a_repeat(
    station: Station,
) -> None:
    key = paged(station)
    (claimed,) = claim(station, terms=c.ClaimTerms(holder=HERE, token=7, granted={key: 3}))
    assert (claimed.attempt, claimed.unknown) == (3, 1)


def test_a_lease_that_a_newer_one_has_followed_claims_nothing(station: Station) -> None:
    key = paged(station)
    (newer,) = claim(station, terms=c.ClaimTerms(holder=THERE, token=8, granted={key: 1}))
    assert newer.due_at is not None
    station.now_ms = newer.due_at
    assert claim(station, terms=c.ClaimTerms(holder=HERE, token=7, granted={key: 2})) == []
    again = claim(station, terms=c.ClaimTerms(holder=HERE, token=9, granted={key: 2}))
    assert [(d.token, d.unknown) for d in again] == [(9, 1)]


def test_what_others_may_know_waits_and_what_is_known_here_alone_does_not(
    station: Station,
) -> None:
    key = paged(station)
    own, patience = station.bench.origin, 30_000
    shared = c.ClaimTerms(holder=HERE, patience_ms=patience, shared={own: 10_000})
    assert claim(station, terms=shared) == []
    station.now_ms += patience
    assert [d.delivery_id for d in claim(station, terms=shared)] == [key]
    page(station, 8)
    here_alone = c.ClaimTerms(holder=HERE, patience_ms=patience, shared={own: 1})
    assert len(claim(station, terms=here_alone)) == 1


def test_before_a_send_it_is_looked_at_once_more(station: Station) -> None:
    station.do(c.SaveContact(name="A", methods=[method(1)]))
    alert_id = page(station)
    (claimed,) = claim(station, terms=c.ClaimTerms(holder=HERE))
    about: dict[str, Any] = {"delivery_id": claimed.delivery_id, "attempt": 1, "holder": HERE}
    assert station.do(c.RecheckDelivery(**about)) == [""]
    foreign = station.do(c.RecheckDelivery(**(about | {"holder": THERE})))
    assert foreign == ["another station has claimed it since"]
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    assert station.do(c.RecheckDelivery(**about)) == ["Klára Langová has it"]
    assert state(station, claimed.delivery_id).status == "superseded"


def test_a_claim_given_back_is_due_at_once_and_is_no_try(station: Station) -> None:
    key = paged(station)
    terms = c.ClaimTerms(holder=HERE)
    for number in range(1, 8):
        (claimed,) = claim(station, terms=terms)
        assert (claimed.attempt, claimed.unknown) == (number, 0)
        release = c.ReleaseDelivery(delivery_id=key, attempt=number, holder=HERE)
        station.do(release, release)
    assert (state(station, key).tries, state(station, key).status) == (0, "queued")


def test_only_the_station_that_claimed_it_fails_it(station: Station) -> None:
    key = paged(station)
    (claimed,) = claim(station, terms=c.ClaimTerms(holder=HERE, token=7))
    assert settle(station, claimed, REFUSED).status == "sending"
    own = c.SettleDelivery(delivery_id=key, attempt=1, outcome=BUSY, holder=HERE)
    station.do(own, actor="engine")
    assert state(station, key).status == "queued"


def test_what_is_wanted_and_long_due_is_overdue(station: Station) -> None:
    key = paged(station)
    assert station.do(c.ListOverdue(late_ms=30_000)) == [[]]
    station.now_ms += 31_000
    assert station.do(c.ListOverdue(late_ms=30_000)) == [[key]]
    assert state(station, key).status == "queued"
    alert_id = state(station, key).alert_id
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    assert station.do(c.ListOverdue(late_ms=30_000)) == [[]]
