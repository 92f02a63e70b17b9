"""Who has an alert, in words: on its row, in its detail, who can be asked, and what is news."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.alerts import hand_words
from crisisdesk.desk.alerts.faces import live, spoken
from crisisdesk.desk.alerts.hand_words import Person, found_words, hand_line, matching, meant
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.station import Station

from tests.desk.alerts.rows import NOW, alert_row, taken
from tests.domain.events import JONAS, KLARA
from tests.domain.test_handoff import offered
from tests.domain.test_holding import any_order, run_out, until
from tests.domain.test_holding import taken as held

ANA, KIM = Person("Ana Lu", "paged by sms"), Person("Kim", "at the desk of BRNO-1")
MINUTE = 60_000
# 02:40 and 02:00 of the day of the rows.
UNTIL = NOW + 40 * MINUTE


def test_a_row_says_until_when_and_the_short_one_too() -> None:
    row = taken(alert_row("A-1"), KLARA, hold_until=UNTIL)
    assert live(row, NOW, short=False).owner == "K. Langová until 02:40"
    assert live(row, NOW, short=True).owner == "K.L. until 02:40"
    assert live(row, NOW, short=False).clock is None
    assert "acknowledged by Klára Langová until 02:40 UTC" in spoken(row, NOW)


def test_once_it_was_asked_a_clock_runs() -> None:
    row = taken(alert_row("A-1"), KLARA, hold_until=UNTIL, hold_asked_at=NOW)
    clock = live(row, UNTIL - 90_000, short=False).clock
    assert clock is not None
    assert clock.text == "01:30"
    assert "asked whether still on it" in spoken(row, NOW)


def test_an_offer_and_what_ran_out_show_on_the_row() -> None:
    row = taken(alert_row("A-1"), KLARA, hold_until=UNTIL, handed_to=JONAS)
    assert live(row, NOW, short=True).owner == "K.L. → J.W.?"
    assert f"offered to {JONAS}" in spoken(row, NOW)
    row = alert_row("A-1", lapsed_by=KLARA)
    assert live(row, NOW, short=True).owner == "nobody, was K.L."
    assert f"{KLARA} let it run out" in spoken(row, NOW)


def test_without_an_end_the_row_says_since_when() -> None:
    row = taken(alert_row("A-1", "low"), KLARA)
    assert live(row, NOW, short=False).owner == "K. Langová 1 min"


def test_the_detail_says_who_has_it_how_long_and_what_renews_it() -> None:
    log, _ack = held()
    alert = any_order(log)
    line = hand_line(alert, KLARA, until(10))
    assert line is not None
    assert line.words == f"{KLARA} has it until 02:35 UTC, 20:00 left"
    assert line.below.startswith("T or any work on it")
    assert not line.asks
    other = hand_line(alert, JONAS, until(10))
    assert other is not None
    assert "T " not in other.below


def test_the_one_who_was_asked_is_asked_here_too_and_others_see_it() -> None:
    log, _ack = held()
    alert = replace(any_order(log), hold_ask_at=None, hold_asked_at=until(25))
    line = hand_line(alert, KLARA, until(26))
    assert line is not None
    assert (line.asks, line.below.startswith("Still on it? T")) == (True, True)
    other = hand_line(alert, JONAS, until(26))
    assert other is not None
    assert (other.asks, "no answer yet" in other.below) == (False, True)
    late = hand_line(alert, KLARA, until(31))
    assert late is not None
    assert late.words.endswith(", running out")


def test_an_offer_asks_the_receiver_with_its_note() -> None:
    log, _offer = offered()
    alert = any_order(log)
    line = hand_line(alert, JONAS, until(3))
    assert line is not None
    assert line.words == f"{KLARA} asks you to take it over, until 02:17 UTC"
    assert (line.below, line.asks) == (f"{KLARA}: you know it", True)
    mine = hand_line(replace(alert, handoff_note=""), KLARA, until(3))
    assert mine is not None
    assert mine.words == f"{KLARA} offers it to {JONAS}, until 02:17 UTC"
    assert (mine.below, mine.asks) == (f"{KLARA} keeps it until then", False)


def test_what_ran_out_is_said_and_the_rest_has_no_line() -> None:
    log, ack = held()
    fired = any_order(log)
    assert hand_line(replace(fired, status="resolved"), KLARA, until(3)) is None
    assert hand_line(replace(fired, hold_until=None), KLARA, until(3)) is None
    run_out(log, log.events[0].origin, 1_800, ack, until(30))
    gone = any_order(log)
    line = hand_line(gone, KLARA, until(33))
    assert line is not None
    assert line.words == f"{KLARA} had it until 02:35 UTC; nobody has it now"
    assert hand_line(replace(gone, lapsed=[]), KLARA, until(33)) is None


def test_contacts_and_operators_can_be_asked_each_once() -> None:
    method = {"method_id": "m", "channel": "sms", "label": "", "masked": "+4***"}
    contacts = [
        Contact(contact_id="C-1", name="Ana Lu", methods=[method]),
        Contact(contact_id="C-2", name="Bo"),
    ]
    stations = [
        Station(station_id="S-1", name="BRNO-1", operator="Kim"),
        Station(station_id="S-2", name="", operator="ANA LU"),
        Station(station_id="S-3", name="x"),
    ]
    found = hand_words.people_of(contacts, stations)
    assert found == [ANA, Person("Bo", "cannot be paged"), KIM]


def test_a_part_of_a_name_is_enough_and_the_exact_one_wins() -> None:
    people = [Person("Sam", "x"), Person("Sam Okafor", "y"), ANA]
    assert [p.name for p in matching(people, "sam")] == ["Sam", "Sam Okafor"]
    assert meant(people, "sam") == "Sam"
    assert meant(people, "oka sa") == "Sam Okafor"
    assert meant(people, "m") == "m"
    assert meant(people, "C-123") == "C-123"
    assert meant(people, "  ") == ""


def test_what_was_typed_is_answered_in_words() -> None:
    people = [Person(f"Sam {n}", "paged by sms") for n in range(6)]
    assert found_words(people, "sam 3") == "Sam 3, paged by sms."
    assert found_words(people, "sam").endswith("Sam 3 and 2 more")
    assert found_words(people[:2], "sam") == "Sam 0, Sam 1"
    assert found_words(people, "zoe") == "Nobody here is called that."
    assert found_words([], "sam").startswith("No contact is known")


def test_only_what_concerns_this_operator_is_news() -> None:
    mine = taken(alert_row("A-1"), KLARA, hold_until=UNTIL)
    news = hand_words.news_of

    def title(before: object, after: object, who: str = KLARA) -> str:
        found = news(before, after, who)  # type: ignore[arg-type]
        return "" if found is None else found.title

    assert title(mine, mine._replace(hold_asked_at=NOW)) == "Still on it? T says so"
    assert title(mine, mine._replace(owner=JONAS)) == f"{JONAS} took it over"
    ran_out = alert_row("A-1", lapsed_by=KLARA)
    assert title(mine, ran_out) == "Your acknowledgement ran out"
    assert title(mine, alert_row("A-1")) == ""
    lent = mine._replace(handed_to=JONAS)
    assert title(mine, lent) == ""
    assert title(lent, mine) == f"{JONAS} has not taken it"
    assert title(None, lent, JONAS) == f"{KLARA} asks you to take it over"
    assert title(lent, lent, JONAS) == ""
    assert title(mine, mine._replace(owner=JONAS), JONAS) == ""
    assert title(lent, lent._replace(status="resolved")) == ""


def test_a_row_concerns_whoever_has_it_or_is_asked() -> None:
    row = taken(alert_row("A-1"), KLARA, handed_to=JONAS)
    assert hand_words.concerns(row, KLARA)
    assert hand_words.concerns(row, JONAS.upper())
    assert not hand_words.concerns(row, "Zoë")
    assert not hand_words.concerns(alert_row("A-1"), "")
