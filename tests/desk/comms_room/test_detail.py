"""The detail pane: facts without blanks, the rest of the message, buttons that rest and why."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.detail import DetailPane, facts_of, lines_together
from crisisdesk.desk.comms_room.reading import Told
from crisisdesk.desk.room import Action
from crisisdesk.domain.delivery_story import Passage

from tests.domain.deliveries import NOW, a_delivery

pytestmark = pytest.mark.usefixtures("look")


def told(**given: Any) -> Told:
    filled: dict[str, Any] = {
        "delivery": a_delivery(attempt=2, unknown=1, provider_id="q7"),
        "passages": (Passage(NOW, "check", "The provider took it", "ok"),),
        "station": "BRNO-1",
        "alert": None,
        "carries": 0,
        "carried": (),
        "carrier": None,
        "contact_has": True,
    }
    return Told(**(filled | given))


def test_facts_are_those_that_are_known() -> None:
    facts = {fact.label: fact.value for fact in facts_of(told().delivery, "BRNO-1")}
    assert facts["Attempts"] == "2, 1 of unknown end: it may have arrived twice"
    assert (facts["Station"], facts["Provider's id"], facts["By"]) == (
        "BRNO-1",
        "q7",
        "webhook webhook://hooks.example.org/…",
    )
    bare = {fact.label for fact in facts_of(a_delivery(text="", alert_id=""), "")}
    assert bare == {"To", "By", "Because", "Attempts"}


def test_the_same_message_lists_those_it_carried_or_its_carrier() -> None:
    lines = lines_together(told(carried=(a_delivery(2), a_delivery(3)), carries=9))
    assert [line.text for line in lines] == ["db-2: disk full", "db-3: disk full"]
    [line] = lines_together(told(carrier=a_delivery(4, status="sent")))
    assert (line.strong, line.text) == ("It went with", "db-4: disk full")
    assert lines_together(told()) == []


def test_the_pane_shows_a_delivery_and_lets_go_of_the_last_story(qtbot: QtBot) -> None:
    pane = DetailPane()
    qtbot.addWidget(pane)
    pane.resize(424, 600)
    pane.show()
    pane.show_told(told(), NOW)
    assert pane.story.shown() == ["The provider took it"]
    assert pane.head.accessibleName() == "db-1: disk full, waiting, maybe twice"
    pane.show_delivery(a_delivery(2), "BRNO-1", NOW)
    pane.forget_story()
    assert pane.story.shown() == []
    assert not pane.together.isVisible()
    assert not pane.grab().isNull()


def test_a_button_that_rests_says_why(qtbot: QtBot) -> None:
    pane, ran = DetailPane(), list[str]()
    qtbot.addWidget(pane)
    pane.resize(424, 600)
    pane.show()

    def actions(enabled: bool) -> list[Action]:
        run = ran.append
        return [
            Action(key="open", title="Open its alert", keys="Enter", run=lambda: run("open")),
            Action(key="test", title="Test", keys="T", run=lambda: run("test"), enabled=enabled),
        ]

    pane.show_told(told(), NOW)
    pane.show_actions(actions(True), "")
    button = pane.button("test")
    assert button is not None
    button.click()
    pane.show_actions(actions(False), "The engine is away.")
    button.click()
    assert ran == ["test"]
    assert pane.reason.isVisible()
    assert pane.button("none") is None
