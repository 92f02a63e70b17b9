"""Offers in whatever incident: clocks of what waits here, and one word when it comes."""

from __future__ import annotations

from crisisdesk.desk.incidents.offer_watch import OfferWatch
from crisisdesk.desk.incidents.offers import Offered

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.desk.incidents.test_role_work import MATEO, ME, offer
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook


def test_it_tells_once_and_shows_a_clock(desk: StandInDesk, log: LogBook):
    told: list[Offered] = []
    changes: list[int] = []
    watch = OfferWatch(desk, lambda: changes.append(1), told.append)
    watch.take(change_of(log))
    assert (watch.cells(), told) == ([], [])
    event = offer(log, MATEO, ME)
    watch.take(change_of(log, [event]))
    assert [one.incident_id for one in told] == [INCIDENT]
    [cell] = watch.cells()
    assert (cell.key, cell.deadline_ms) == (INCIDENT, START + 44 * MINUTE)
    watch.take(change_of(log, [event]))
    watch.tick()
    assert (len(told), len(changes)) == (1, 1)


def test_the_giver_hears_that_it_was_declined(desk: StandInDesk, log: LogBook):
    watch = OfferWatch(desk, lambda: None, lambda _: None)
    made = offer(log, ME, MATEO, "scribe")
    watch.take(change_of(log))
    body = {"offer": made.id, "role": "scribe", "reason": "on a train"}
    event = log.write(INCIDENT, "incident.handover_declined", body, at=31 * MINUTE, actor=MATEO)
    watch.take(change_of(log, [event]))
    assert desk.said == [("Not handed over: scribe", f"It stays as it was in {INCIDENT}.")]


def test_an_answer_that_never_came_is_asked_for_again(desk: StandInDesk, log: LogBook):
    asked: list[object] = []
    desk.ask = lambda question, answer: asked.append(question)  # type: ignore[method-assign]
    watch = OfferWatch(desk, lambda: None, lambda _: None)
    watch.take(change_of(log))
    watch.tick()
    assert len(asked) == 1
    desk.now += 3_001
    watch.tick()
    assert len(asked) == 2
