"""The page puts away what is typed and brings it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.decision_questions import log_question
from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.draft import Draft
from crisisdesk.desk.incidents.page import IncidentPage, Unsaved
from crisisdesk.desk.incidents.questions import reopen_question

from tests.domain.incident_log import MINUTE, START

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def page(dossier: Dossier, qtbot: QtBot) -> IncidentPage:
    made = IncidentPage()
    qtbot.addWidget(made)
    made.resize(1452, 800)
    made.show()
    made.fit(1452, 800)
    made.show_dossier(dossier, START + 35 * MINUTE)
    return made


def test_everything_typed_is_put_away_and_brought_back(
    page: IncidentPage, dossier: Dossier, qtbot: QtBot
):
    page.editors()["root_cause"].take_draft("half a cause")
    page.editors()["user_impact_count"].take_draft("19")
    page.timeline.composer.take_draft(Draft(text="half a note", is_public=True))
    page.ask(reopen_question(dossier.incident))
    page.ask_more(log_question("Ana"))
    qtbot.keyClicks(page.form._rows["title"].field, "Fail over")
    kept = page.unsaved()
    page.take_unsaved(None)
    assert page.unsaved() == Unsaved()
    page.take_unsaved(kept)
    assert page.unsaved() == kept
    assert kept.form_answers["title"] == "Fail over"
    assert kept.texts == {"root_cause": "half a cause", "user_impact_count": "19"}


def test_news_leaves_what_is_typed_alone(page: IncidentPage, dossier: Dossier):
    page.editors()["title"].take_draft("Other title")
    page.timeline.composer.take_draft(Draft(text="half a note"))
    incident = replace(dossier.incident, title="New title from elsewhere")
    page.show_dossier(replace(dossier, incident=incident), START)
    assert page.unsaved().texts == {"title": "Other title"}
    assert page.unsaved().composer == Draft(text="half a note")
    assert page.value_of("title") == "New title from elsewhere"


def test_the_head_of_the_alerts_counts_those_nobody_has(page: IncidentPage):
    assert page.alerts_head.accessibleName() == "Attached 3 alerts"


def test_the_head_of_the_team_counts_what_strains_it(page: IncidentPage):
    assert page.team_head.accessibleName() == "Team"
    page.tick(START + 6 * 60 * MINUTE)
    assert page.team_head.accessibleName() == "Team, 1 strain"


def test_the_side_has_the_width_of_the_window_class(page: IncidentPage):
    assert page.split.sizes()[1] == 560
    page.resize(964, 600)
    page.fit(964, 674)
    assert page.split.sizes()[1] == 372


def test_away_greys_orders_but_not_typing(page: IncidentPage):
    page.set_away(True, START)
    assert not page.ladder.isEnabled()
    assert not page.head.buttons["status"].isEnabled()
    assert page.timeline.composer.isEnabled()
    page.set_away(False, START)
    assert page.head.buttons["status"].isEnabled()


def test_clocks_of_tasks_stand_still_in_a_closed_incident(page: IncidentPage, dossier: Dossier):
    delegate = page.tasks.list.delegate
    page.tick(START + 40 * MINUTE)
    assert delegate.now_ms == START + 40 * MINUTE
    closed = replace(dossier.incident, closed_at=START + 41 * MINUTE)
    page.show_dossier(replace(dossier, incident=closed), START + 42 * MINUTE)
    assert delegate.now_ms == START + 41 * MINUTE
    page.tick(START + 43 * MINUTE)
    assert delegate.now_ms == START + 41 * MINUTE
