"""Which offers concern whoever sits here, what is said of them, and that news are heard once."""

from __future__ import annotations

from types import SimpleNamespace

from crisisdesk.desk.incidents.offers import (
    OfferNews,
    band_of,
    offer_cells,
    offer_notice,
    offers_of,
    outcome_words,
    over,
    read_offers,
)

from tests.domain.events import JONAS, KLARA
from tests.domain.test_seat_fold import ZOE, IncidentLog


def test_both_sides_see_it_and_nobody_else():
    log = IncidentLog()
    log.offer()
    reader = SimpleNamespace(offering_incidents=lambda: [log.incident()])
    assert read_offers(reader, ZOE) == []  # type: ignore[arg-type]
    assert read_offers(reader, "") == []  # type: ignore[arg-type]
    [mine] = read_offers(reader, JONAS.lower())  # type: ignore[arg-type]
    assert (mine.by, mine.to, mine.role) == (KLARA, JONAS, "commander")
    assert offers_of(log.incident(), KLARA) == [mine]
    band = band_of(mine, JONAS, mine.until - 60_000)
    assert (band.words, band.press) == (
        f"{KLARA} hands incident commander over to you: 1 min left.",
        "hand",
    )
    assert band_of(mine, KLARA, mine.until).press == "withdraw"
    assert "has run out" in band_of(mine, KLARA, mine.until).words
    [cell] = offer_cells([mine], JONAS)
    assert (cell.label, cell.deadline_ms) == ("hand-over: incident commander", mine.until)
    assert offer_cells([mine], KLARA) == []
    assert offer_notice(mine).title == f"{KLARA} hands incident commander over to you"


def test_each_offer_is_heard_once_and_none_that_stood_before():
    log, news = IncidentLog(), OfferNews()
    log.offer()
    before = offers_of(log.incident(), JONAS)
    assert news.learn(before, JONAS) == []
    log.offer(role="scribe")
    after = offers_of(log.incident(), JONAS)
    assert [one.role for one in news.learn(after, JONAS)] == ["scribe"]
    assert news.learn(after, JONAS) == []


def test_one_clock_for_an_incident_the_soonest():
    log = IncidentLog()
    log.offer(role="scribe", until=9_000)
    log.offer(until=5_000)
    [cell] = offer_cells(offers_of(log.incident(), JONAS), JONAS)
    assert cell.deadline_ms == 5_000


def test_the_giver_hears_what_became_of_it():
    log = IncidentLog()
    offer = log.offer()
    before = offers_of(log.incident(), KLARA)
    assert over(before, before, KLARA) == []
    assert over(before, [], JONAS) == []
    [one] = over(before, [], KLARA)
    assert outcome_words(one, log.incident())[0] == "Not handed over: incident commander"
    log.accept(offer)
    assert outcome_words(one, log.incident())[0] == f"{JONAS} has it: incident commander"
