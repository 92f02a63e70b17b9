"""The impact is read for what is shown, once at a time, and again as time goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.desk.incidents.impact_watch import EVERY_MS
from crisisdesk.desk.incidents.room import IncidentsRoom

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk
from tests.desk.incidents.test_impact_pane import KNOWN
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook


def test_it_appears_with_what_was_published_and_goes_with_the_incident(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
):
    assert room.page.impact.isHidden()
    log.catalogue = KNOWN
    room.tick(desk.now + 1)
    assert room.page.impact.isHidden()
    room.tick(desk.now + EVERY_MS)
    assert not room.page.impact.isHidden()
    room.go_to(OTHER)
    assert room.page.impact.isHidden()


def test_an_answer_for_another_incident_is_left_alone(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
):
    log.catalogue = KNOWN
    answers: list[Any] = []
    plain_ask = desk.ask
    desk.ask = lambda question, answer: answers.append(  # type: ignore[method-assign]
        lambda: plain_ask(question, answer)
    )
    room.impact.tick(desk.now + EVERY_MS)
    room.impact.tick(desk.now + EVERY_MS + 1)
    assert len(answers) == 1
    desk.ask = plain_ask  # type: ignore[method-assign]
    room.go_to(OTHER)
    answers[0]()
    assert room.page.impact.isHidden()


def test_no_window_has_to_stay_large_for_the_map(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook, settle: Callable[[], None]
):
    log.catalogue = KNOWN
    room.resize(1800, 950)
    room.tick(desk.now + EVERY_MS)
    settle()
    assert not room.page.impact.map.isHidden()
    # Of a window of 1280x800 the frame takes 126 px.
    assert room.minimumSizeHint().height() <= 674
    room.resize(1228, 674)
    settle()
    assert room.page.impact.map.isHidden()


def test_it_tells_of_now_alone(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    log.catalogue = KNOWN
    room.tick(desk.now + EVERY_MS)
    room.past.go(START + 10 * MINUTE)
    assert room.page.impact.isHidden()
    room.past.back()
    assert not room.page.impact.isHidden()
    assert room.current() == INCIDENT
