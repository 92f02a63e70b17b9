"""Answers to pages in the engine: the first counts, as the contact's own word, and only for now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.answering import CODE_REST_MS, Answered
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.event import unseal
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.answer_commands import AnswerByCode, AnswerPage, ListMethods

from tests.engine.handlers.test_bundles import TAKEN, claim, contact, settle
from tests.engine.handlers.test_bundles import fire as fire_many
from tests.engine.handlers.test_escalating import fire, person, publish, running
from tests.store.workload import AT_ONCE, Station, signal


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data", policy=AT_ONCE)
    yield made
    made.close()


def sent_to(station: Station, name: str) -> Delivery:
    """The page of this contact, handed over."""
    for message in claim(station):
        settle(station, message, TAKEN)
    states = station.bench._states.values()
    (found,) = [s for s in states if isinstance(s, Delivery) and s.contact_name == name]
    return found


def answer(station: Station, delivery: Delivery, action: str = "have", **more: Any) -> Answered:
    order = AnswerPage(delivery_id=delivery.delivery_id, action=action, way="link", **more)
    result = station.do(order, actor="engine")[0]
    if isinstance(result, Exception):
        raise result
    assert isinstance(result, Answered)
    return result


def alert_of(station: Station, delivery: Delivery) -> Alert:
    return station.bench.need(Alert, delivery.alert_id, "alert_id")


def kinds_since(station: Station, pos: int) -> list[tuple[str, str]]:
    sql = "SELECT raw, body FROM event WHERE pos>? ORDER BY pos"
    events = [unseal(raw, body) for raw, body in station.journal._rows(sql, (pos,))]
    return [(event.kind, event.actor) for event in events]


def test_whoever_was_paged_takes_it_and_the_response_is_measured(station: Station) -> None:
    person(station, "Priya Nair")
    fire(station)
    page = sent_to(station, "Priya Nair")
    pos = station.journal.head().pos
    station.now_ms += 90_000
    given = answer(station, page)
    assert (given.outcome, given.by, given.words) == ("counted", "Priya Nair", "You have it.")
    alert = alert_of(station, page)
    assert (alert.acknowledged_by, alert.owner) == ("Priya Nair", "Priya Nair")
    assert alert.response_ms is not None
    assert alert.response_ms >= 90_000
    assert kinds_since(station, pos) == [
        ("delivery.answered", "Priya Nair"),
        ("alert.acknowledged", "Priya Nair"),
    ]
    after = station.bench.need(Delivery, page.delivery_id, "delivery_id")
    assert (after.answer, after.answered_by, after.answered_way) == ("have", "Priya Nair", "link")


def test_of_two_uses_only_the_first_counts(station: Station) -> None:
    person(station, "A")
    fire(station)
    page = sent_to(station, "A")
    first = answer(station, page)
    pos = station.journal.head().pos
    second = answer(station, page, "next")
    assert (second.outcome, second.by, second.at) == ("already", "A", first.at)
    assert station.journal.head().pos == pos


def test_a_second_person_takes_it_too_and_hears_who_was_first(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"to": [{"contact": a}, {"contact": b}], "ack": "all"})
    fire(station)
    one, two = sent_to(station, "A"), sent_to(station, "B")
    answer(station, one)
    given = answer(station, two)
    assert given.words == "You have it. A had it before."
    alert = alert_of(station, one)
    assert (alert.acknowledged_by, alert.also_acknowledged_by) == ("A", ["B"])


def test_next_asks_the_next_at_once_and_says_so_in_the_history(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"to": [{"contact": a}], "wait_s": 600}, {"contact": b})
    alert_id = fire(station)
    page = sent_to(station, "A")
    given = answer(station, page, "next")
    assert given.words == "Passed on: whoever comes next is asked now."
    assert running(station, alert_id).number == 2
    assert sent_to(station, "B").reason == "step 2"
    assert alert_of(station, page).acknowledged_at is None
    assert ("alert.noted", "A") in kinds_since(station, 0)


def test_next_twice_for_one_step_asks_only_once(station: Station) -> None:
    a, b, third = (person(station, name) for name in "ABC")
    publish(
        station,
        {"to": [{"contact": a}, {"contact": b}], "wait_s": 600},
        {"to": [{"contact": third}], "wait_s": 600},
    )
    alert_id = fire(station)
    one, two = sent_to(station, "A"), sent_to(station, "B")
    answer(station, one, "next")
    given = answer(station, two, "next")
    assert given.words == "Noted. Others have been asked since."
    assert running(station, alert_id).number == 2


def test_next_when_somebody_has_it_says_who(station: Station) -> None:
    person(station, "A")
    alert_id = fire(station)
    page = sent_to(station, "A")
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), actor="Zoë")
    assert answer(station, page, "next").words == "Noted. Zoë has it."
    assert alert_of(station, page).acknowledged_by == "Zoë"


def test_a_page_whose_alert_has_ended_or_came_again_is_over(station: Station) -> None:
    person(station, "A")
    alert_id = fire(station)
    page = sent_to(station, "A")
    station.do(c.ResolveAlert(alert_id=alert_id))
    given = answer(station, page)
    assert (given.outcome, "resolved" in given.words) == ("over", True)
    station.do(c.ReopenAlert(alert_id=alert_id))
    assert answer(station, page).outcome == "over", "a page of an earlier life acknowledges nothing"
    assert alert_of(station, page).acknowledged_at is None


def test_a_page_of_an_older_epoch_never_acknowledges_the_newer_one(station: Station) -> None:
    person(station, "A")
    fire(station)
    page = sent_to(station, "A")
    for action in (SignalAction.RESOLVE, SignalAction.FIRE):
        station.now_ms += 60_000
        one = replace(signal(3, severity="critical"), action=action, starts_at=station.now_ms)
        station.do(c.TakeIn(signals=[one]), actor="source:test")
    assert alert_of(station, page).epoch != page.epoch
    assert answer(station, page).outcome == "over"
    assert alert_of(station, page).acknowledged_at is None


def test_who_was_taken_out_or_switched_off_answers_no_more(station: Station) -> None:
    contact_id = person(station, "A")
    fire(station)
    page = sent_to(station, "A")
    station.do(c.RemoveContact(contact_id=contact_id))
    given = answer(station, page)
    assert given.outcome == "refused"
    assert "taken out of the contact list" in given.words
    assert alert_of(station, page).acknowledged_at is None


def test_a_test_page_can_be_answered_and_changes_nothing_else(station: Station) -> None:
    contact_id = person(station, "A")
    station.do(c.SendTestPage(contact_id=contact_id, method_id="M-A"))
    page = sent_to(station, "A")
    pos = station.journal.head().pos
    assert answer(station, page).words == "The test was answered: this way works."
    assert kinds_since(station, pos) == [("delivery.answered", "A")]


def test_one_message_of_many_alerts_is_answered_for_all_that_nobody_has(station: Station) -> None:
    contact(station)
    names = fire_many(station, 5)
    (message,) = claim(station)
    settle(station, message, TAKEN)
    carrier = message.carrier
    other = next(n for n in names if n != carrier.alert_id)
    station.do(c.AcknowledgeAlerts(alert_ids=[other]), actor="Zoë")
    given = answer(station, carrier)
    assert given.words == "You have 4 alerts."
    have = {n: station.bench.need(Alert, n, "a").acknowledged_by for n in names}
    assert have == {n: "Zoë" if n == other else "Ann" for n in names}


def test_what_was_answered_is_not_sent_again(station: Station) -> None:
    a, b = person(station, "A"), person(station, "B")
    publish(station, {"to": [{"contact": a}], "wait_s": 600}, {"contact": b})
    fire(station)
    (message,) = claim(station)
    answer(station, message.carrier, "next")
    station.now_ms += station.bench.policy.retry.claim_ms() + 1
    again = [m.carrier.contact_name for m in claim(station)]
    assert again == ["B"], "its claim ran out, and A has answered meanwhile"


@pytest.mark.parametrize(
    ("action", "way", "field"), [("x", "link", "action"), ("have", "x", "way")]
)
def test_bad_answers_are_refused_by_name(
    station: Station, action: str, way: str, field: str
) -> None:
    order = AnswerPage(delivery_id="D-0000000000000000", action=action, way=way)
    (result,) = station.do(order)
    assert isinstance(result, Malformed)
    assert result.field == field
    (unknown,) = station.do(AnswerPage(delivery_id="D-0", action="have", way="link"))
    assert isinstance(unknown, NotFound)


# -- codes ---------------------------------------------------------------------------------------


def text_person(station: Station, name: str) -> str:
    method = {"method_id": f"M-{name}", "channel": "sms", "masked": "…", "min_severity": "low"}
    contact_id: str = station.do(c.SaveContact(name=name, methods=[method]))[0]
    return contact_id


def by_code(station: Station, methods: list[str], code: int, **more: Any) -> Answered:
    order = AnswerByCode(method_ids=methods, code=code, action="have", way="text message", **more)
    result = station.do(order, actor="engine")[0]
    assert isinstance(result, Answered)
    return result


def test_text_messages_have_a_code_of_their_own_and_others_none(station: Station) -> None:
    text_person(station, "A")
    text_person(station, "B")
    person(station, "C")
    fire(station)
    codes = {n: sent_to(station, n).code for n in "ABC"}
    assert codes["C"] == 0
    assert codes["A"] != codes["B"]
    assert min(codes["A"], codes["B"]) >= 100


def test_a_code_answers_the_page_of_that_number_only(station: Station) -> None:
    text_person(station, "A")
    text_person(station, "B")
    fire(station)
    page = sent_to(station, "A")
    wrong = by_code(station, ["M-B"], page.code)
    assert wrong == Answered(
        outcome="refused", words=f"No page to this number has the code {page.code}."
    )
    assert by_code(station, ["M-A"], page.code).by == "A"
    again = by_code(station, ["M-A"], page.code)
    assert (again.outcome, again.by) == ("already", "A")


def test_an_answer_older_than_its_page_means_another(station: Station) -> None:
    text_person(station, "A")
    fire(station)
    page = sent_to(station, "A")
    assert page.claimed_at is not None
    hour = 3_600_000
    old = by_code(station, ["M-A"], page.code, written_at=page.claimed_at - hour)
    assert old.outcome == "refused"
    fresh = by_code(station, ["M-A"], page.code, written_at=page.claimed_at + 1)
    assert fresh.outcome == "counted"


def test_codes_in_one_group_differ_and_rest_for_a_week(station: Station) -> None:
    for name in "ABCDEFGH":
        text_person(station, name)
    fire(station)
    pages = [m.carrier for m in claim(station)]
    codes = [page.code for page in pages]
    assert len(set(codes)) == len(codes) > 1
    station.now_ms += CODE_REST_MS + 60_000
    assert by_code(station, [p.method_id for p in pages], codes[0]).outcome == "refused"


def test_methods_in_use_are_listed_by_channel(station: Station) -> None:
    text_person(station, "A")
    person(station, "B")
    off = {"method_id": "M-off", "channel": "sms", "masked": "…", "enabled": False}
    station.do(c.SaveContact(name="Off", methods=[off]))
    assert station.do(ListMethods(channel="sms")) == [["M-A"]]
