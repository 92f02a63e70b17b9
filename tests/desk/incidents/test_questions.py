"""What the strip asks starts from what stands there."""

from __future__ import annotations

from crisisdesk.desk.incidents import questions
from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.domain.incident import EDITABLE_INCIDENT_FIELDS


def test_each_question_starts_from_what_stands_there(dossier: Dossier):
    incident = dossier.incident
    for ask in (questions.severity_question, questions.category_question):
        for asked in ask(incident).asked:
            if asked.field == "reason":
                assert (asked.value, asked.options) == ("", ())
                continue
            assert asked.field in EDITABLE_INCIDENT_FIELDS
            assert asked.value == getattr(incident, asked.field)
            assert asked.value in [option.key for option in asked.options]
    assert questions.resolve_question(incident).asked[0].value == ""
    assert questions.reopen_question(incident).verb == "Reopen"


def test_the_operator_is_offered_the_command_of_another(dossier: Dossier):
    offered = questions.commander_question(dossier.incident, "Klára Langová")
    assert (offered.title, offered.asked[0].value) == ("Mateo Ruiz hands over to", "Klára Langová")
    assert questions.commander_question(dossier.incident, "Mateo Ruiz").asked[0].value == ""
