"""What the strip asks starts from what stands there."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.incidents import questions
from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.plan_words import PlanChoice
from crisisdesk.domain.incident import EDITABLE_INCIDENT_FIELDS


def test_each_question_starts_from_what_stands_there(dossier: Dossier):
    incident = dossier.incident
    for asked in questions.severity_question(incident).asked:
        if asked.field == "reason":
            assert (asked.value, asked.options) == ("", ())
            continue
        assert asked.field in EDITABLE_INCIDENT_FIELDS
        assert asked.value == getattr(incident, asked.field)
        assert asked.value in [option.key for option in asked.options]
    assert questions.resolve_question(incident).asked[0].value == ""
    assert questions.reopen_question(incident).verb == "Reopen"


def test_the_kind_is_chosen_with_the_plan_that_it_brings(dossier: Dossier):
    plans = [PlanChoice("outage", "Service outage", None), PlanChoice("fire", "Fire", None)]
    known = replace(dossier.incident, crisis_type="fire", category="physical")
    category, crisis = questions.category_question(known, plans).asked
    assert (category.value, crisis.value) == ("physical", "fire")
    assert [option.key for option in crisis.options] == ["", "outage", "fire"]
    # A plan that is not known here is not lost by saving.
    foreign = replace(known, crisis_type="flood")
    crisis = questions.category_question(foreign, plans).asked[1]
    assert (crisis.value, crisis.options[-1].word) == ("flood", "Flood")
