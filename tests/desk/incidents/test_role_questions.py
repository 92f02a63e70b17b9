"""What is asked before a role changes hands."""

from __future__ import annotations

import pytest

from crisisdesk.desk.incidents import role_questions as asking
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.handover_brief import Brief
from crisisdesk.domain.playbook.content import Role

from tests.domain.events import JONAS, KLARA
from tests.domain.test_seat_fold import ZOE, IncidentLog

BRIEF = Brief(known="two writers", next="stop one")


def test_the_operator_is_offered_what_others_have_and_the_plan_s_roles_stand_first():
    incident = IncidentLog().incident()
    question = asking.fill_question(incident, (Role(role="site_lead"),), "commander", ZOE)
    values = {asked.field: asked.value for asked in question.asked}
    assert (question.title, values["who"], values["role"]) == ("Take over", ZOE, "commander")
    keys = [option.key for option in question.asked[-1].options]
    assert keys.index("site_lead") < keys.index("deputy")
    assert asking.fill_question(incident, (), "commander", KLARA).asked[0].value == ""
    assert asking.fill_question(incident, (), "scribe", KLARA).title == "Put into a role"


def test_of_several_one_is_chosen_to_give_it_up():
    log = IncidentLog()
    for who in (JONAS, ZOE):
        log.add("incident.role_assumed", role="subject_expert", who=who)
    question = asking.leave_question(log.incident(), "subject_expert", ZOE.upper())
    assert question.asked[1].value == ZOE
    assert [o.key for o in question.asked[1].options] == [JONAS, ZOE]
    one = asking.leave_question(log.incident(), "commander", ZOE)
    assert [a.field for a in one.asked] == ["reason"]
    assert (one.title, one.asked[0].word) == (
        "Give up: incident commander",
        f"Reason; {KLARA} has it",
    )


def test_the_brief_is_drafted_and_a_standing_offer_comes_as_it_was_made():
    log = IncidentLog()
    question = asking.offer_question(log.incident(), "commander", BRIEF, [JONAS])
    values = {asked.field: asked.value for asked in question.asked}
    assert values == {
        "to": "", "within": "15m", "known": "two writers", "running": "", "decided": "",
        "next": "stop one",
    }  # fmt: skip
    assert question.asked[0].hint == JONAS
    log.offer(known="three writers")
    again = asking.offer_question(log.incident(), "commander", BRIEF, [])
    assert [a.value for a in again.asked][:3] == [JONAS, "15m", "three writers"]
    assert "takes that offer back" in again.lead
    assert question.field_of("within_s") == "within"


def test_the_receiver_reads_what_was_told():
    log = IncidentLog()
    with pytest.raises(Malformed):
        asking.answer_question(log.incident(), "commander")
    log.offer(next="stop one")
    question = asking.answer_question(log.incident(), "commander")
    assert question.told == (
        ("What is known", "two writers"),
        ("What comes next", "stop one"),
    )
    assert question.title == f"{KLARA} hands incident commander over to you"
    assert (question.field_of("read_back"), question.field_of("reason")) == ("said", "said")


def test_how_long_an_offer_stands():
    assert (asking.within_s(" "), asking.within_s("2h")) == (900, 7_200)
    with pytest.raises(Malformed) as error:
        asking.within_s("soon")
    assert error.value.field == "within"
